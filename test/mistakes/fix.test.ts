import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { double, seeded, wholeNumber } from "../../src/exact/index.ts";
import { causeIds, diagnose, type LocatedFinding } from "../../src/mistakes/index.ts";
import { mutationsOf } from "../../src/mistakes/catalogue.ts";
import { mutated, type Mutation } from "../../src/mistakes/mutation.ts";
import { Signed, World } from "../../src/mistakes/world.ts";
import type { NetworkOptions } from "../../src/network/index.ts";
import { bothTrials, doubles, rightParts, setting, synthesised, type Setting } from "./trials.ts";

const networks: readonly (readonly [string, NetworkOptions])[] = [
  ["2-4-3", { activation: "sigmoid" }],
  ["2-3-4", { activation: "elu,softmax", loss: "cross-entropy", l2: "0.1" }],
  ["3-2-4", { activation: "softmax,tanh", loss: "huber" }],
];

const found = (own: Setting, row: Mutation): readonly LocatedFinding<unknown>[] => {
  const [numeric, exact] = bothTrials(own, mutated(rightParts(own), row) ?? rightParts(own));
  return diagnose(own.shape.network, numeric, [exact], { reduction: "mean", isStep: own.isStep }) ?? [];
};

/** One mutation of each kind that a network has. */
const firstRows = (own: Setting): readonly Mutation[] => {
  const facts = { loss: "unknown", hasRate: own.isStep, isStep: own.isStep } as const;
  const all = mutationsOf(own.shape, facts, rightParts(own));
  return causeIds.flatMap((id) => all.filter((row) => row.id === id).slice(0, 1));
};

const nested = (entries: readonly number[], [rows = 1, columns]: readonly number[]): unknown =>
  columns === undefined
    ? [...entries]
    : Array.from({ length: rows }, (_, j) => entries.slice(j * columns, (j + 1) * columns));

/** Every quantity of a right backward pass under its own name, with doubles in it, and what a name is worth. */
function quantities(own: Setting) {
  const trial = synthesised(own, doubles(seeded(9)), rightParts(own));
  const world = new World(trial, own.task);
  const right = new Signed(rightParts(own));
  const sizes = (key: string): readonly number[] =>
    own.task.layout.find(({ name }) => name === key.replace(/^d/, ""))?.sizes ??
    own.task.inputs.find((place) => place.key === key)?.sizes ??
    right.parts.get(key)?.ranges.map(({ size }) => wholeNumber(size)) ??
    [];
  const keys = [
    ...own.task.layout.map(({ name }) => name),
    ...own.task.inputs.map(({ key }) => key),
    ...[...right.parts.keys()].filter((key) => !/_new$|^[CJR]$/.test(key)),
  ];
  return Object.fromEntries(keys.map((key) => [inCode(key), nested(world.entries(right, key, 0, 0), sizes(key))]));
}

/** The error that is passed back is ∂J/∂a. */
const inCode = (key: string): string => key.replace(/^s(\d+)$/, "da$1");

describe("the mending line of a mistake", () => {
  for (const [sizes, options] of networks) {
    const own = setting(sizes, options, { isStep: true });
    test.each(firstRows(own).map((row) => [row.id, row] as const))(
      `computes what is right in ${sizes}: %s`,
      (_, row) => {
        const [finding] = found(own, row);
        // relu′ and its like may come out right all the same.
        if (finding === undefined) return;
        const right = quantities(own);
        const key = /^[Wb]\d+$/.test(finding.wrong) ? `d${finding.wrong}` : inCode(finding.wrong);
        const blank = JSON.parse(JSON.stringify(right[key]).replace(/-?\d[\d.e+-]*/g, "0")) as unknown;
        const context = { ...right, [key]: blank, erf: (x: number) => double.apply("erf", x) };
        runInNewContext(finding.fix, context);
        const flat = (values: unknown): number[] => (values as number[]).flat(2);
        flat(context[key]).forEach((value, i) => expect(value).toBeCloseTo(flat(right[key])[i] ?? NaN, 10));
        expect(finding.formula.found).not.toBe(finding.formula.right);
        // What is left out is 0, as are the δ of a softmax and what is passed back without weights when summed.
        if (finding.values.length === 0)
          expect(["bias-missing", "bias-summed-over-units", "missing-weight"]).toContain(finding.id);
      },
    );
  }
});

describe("a finding", () => {
  const own = setting("2-3-1", {}, { isStep: true });
  const rows = firstRows(own);
  const shown = (id: string): string => {
    const [finding] = found(own, rows.find((row) => row.id === id) as Mutation);
    return [finding?.message, finding?.formula.found, finding?.formula.right, finding?.wrong].join("\n");
  };
  test.each([
    [
      "updated-weights",
      [
        "the error is passed back to layer 2 through weights that have been updated already",
        "∂J/∂a^2_j = Σ_{k=1..1} δ^3_k · (w^3_{kj} − η · ∂J/∂w^3_{kj})",
        "∂J/∂a^2_j = Σ_{k=1..1} δ^3_k · w^3_{kj}",
        "s2",
      ],
    ],
    [
      "missing-activation-derivative",
      [
        "the δ of layer 2 lacks the derivative of the activation",
        "δ^2_j = Σ_{k=1..1} δ^3_k · w^3_{kj}",
        "δ^2_j = (Σ_{k=1..1} δ^3_k · w^3_{kj}) · a^2_j · (1 − a^2_j)",
        "delta2",
      ],
    ],
    [
      "activation-of-wrong-layer",
      [
        "the gradient of the weights of layer 2 takes the layer's own activations in place of the activations of the layer before",
        "∂J/∂w^2_{jk} = δ^2_j · a^2_k",
        "∂J/∂w^2_{jk} = δ^2_j · x_k",
        "W2",
      ],
    ],
  ])("of %s shows the wrong formula and the right one", (id, lines) => {
    expect(shown(id)).toBe(lines.join("\n"));
  });
});
