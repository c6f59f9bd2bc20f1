import { describe, expect, test } from "vitest";
import { seeded, type Residues } from "../../src/exact/index.ts";
import { diagnose, type LocatedFinding, type Trial } from "../../src/mistakes/index.ts";
import { handMistakes, HandWritten, type HandMistake, type Options } from "./hand-written.ts";
import { doubles, given, residues, setting, trialOf, type Kind, type Setting } from "./trials.ts";

const settings: Readonly<Record<Options["output"], Setting>> = {
  sigmoid: setting("2-4-3", { loss: "half-squared" }, { samples: 5, isStep: true }),
  softmax: setting("2-4-3", { activation: "tanh,softmax", loss: "cross-entropy" }, { samples: 5, isStep: true }),
};

function trial<T>(own: Setting, kind: Kind<T>, options: Options): Trial<T> {
  const instances: HandWritten<T>[] = [];
  return trialOf(kind, given(own, kind), (call, i) => {
    const instance =
      call.before === null ? new HandWritten(kind.arithmetic, options) : (instances[call.before] as HandWritten<T>);
    instances[i] = instance;
    return { gradient: instance.gradient(call) };
  });
}

function diagnosed(options: Options): readonly LocatedFinding<Residues>[] | null {
  const own = settings[options.output];
  return diagnose(
    own.shape.network,
    trial(own, doubles(seeded(3)), options),
    [trial(own, residues(seeded(4)), options)],
    { reduction: "mean", isStep: true },
  );
}

const ofSoftmax: readonly HandMistake[] = ["softmax-diagonal", "softmax-applied-twice"];
/** The error of softmax with cross-entropy is a − y: nothing can be left out of it, or put in its place. */
const ofSigmoid: readonly HandMistake[] = [
  "hidden-missing-output-derivative",
  "cross-entropy-delta",
  "constant-factor",
];
const rows = (["sigmoid", "softmax"] as const).flatMap((output) =>
  handMistakes
    .filter((mistake) => !(output === "sigmoid" ? ofSoftmax : ofSigmoid).includes(mistake))
    .map((mistake) => [mistake, output] as const),
);

const names: Partial<Record<HandMistake, string>> = { none: "" };

describe("hand-written code", () => {
  test.each(rows)("with the mistake %s, for %s outputs, is told what it does", (mistake, output) => {
    const found = diagnosed({ output, mistake });
    expect(found?.map(({ id }) => id).join(" + "), JSON.stringify(found?.map((f) => f.message))).toBe(
      names[mistake] ?? mistake,
    );
  });
});
