import { describe, expect, test } from "vitest";
import { evaluate, forward, seeded, type Residues } from "../../src/exact/index.ts";
import { networkModel, variableKey } from "../../src/equations/index.ts";
import { atom, partial, sym } from "../../src/expression/index.ts";
import { causeIds, diagnose, type CauseId, type Trial } from "../../src/mistakes/index.ts";
import { mutationsOf } from "../../src/mistakes/catalogue.ts";
import { mutated, type Facts, type Mutation } from "../../src/mistakes/mutation.ts";
import { clippings } from "../../src/mistakes/rows-bounds.ts";
import type { NetworkOptions } from "../../src/network/index.ts";
import { bothTrials, residues, rightParts, setting, synthesised, type Setting } from "./trials.ts";

const contextOf = ({ shape, isStep }: Setting) => ({ reduction: shape.reduction, isStep });

const named = (own: Setting, [numeric, exact]: readonly [Trial<number>, Trial<Residues>]): string => {
  const found = diagnose(own.shape.network, numeric, [exact], contextOf(own));
  return found === null ? "unexplained" : found.length === 0 ? "right" : found.map(({ id }) => id).join(" + ");
};

type More = { samples?: number; reduction?: "mean" | "sum"; isStep?: boolean };
type Case = readonly [sizes: string, options: NetworkOptions, more: More];

const networks: readonly Case[] = [
  ["2-3", {}, {}],
  ["3-2-4", { activation: "tanh" }, { samples: 2 }],
  ["2-3-4", { activation: "relu,softmax", loss: "cross-entropy" }, {}],
  ["2-4-3", { activation: "softmax,sigmoid", loss: "binary-cross-entropy", l2: "0.1" }, { samples: 3 }],
  [
    "3-4-2-3",
    { activation: "gelu,leaky-relu(0.2),identity", loss: "huber", l1: "0.01" },
    { samples: 2, reduction: "sum" },
  ],
  ["2-3-2-4-3", { activation: "softplus,tanh,mish,log-softmax", loss: "kl" }, {}],
];

describe("the parts of the backward pass", () => {
  test.each(networks)("of %s with %o make the gradient that dual numbers give", (sizes, options, more) => {
    const own = setting(sizes, options, { ...more, reduction: "mean" });
    const kind = residues(seeded(5));
    const trial = synthesised(own, kind, rightParts(own));
    const call = trial.calls[1];
    if (call === undefined) throw new Error("no call");
    const { arithmetic: a } = kind;
    const model = networkModel(own.shape.network);
    for (const { name, offset, rows, columns } of own.task.layout)
      for (const at of new Set([0, rows * columns - 1])) {
        const indices = name.startsWith("W") ? [Math.floor(at / columns) + 1, (at % columns) + 1] : [at + 1];
        const slopes = call.samples.map((sample) => {
          const valuation = {
            arithmetic: a,
            model,
            functions: model.functions,
            layers: { l: 0, L: 0 },
            adjoints: new Map(),
          };
          const values = forward(
            valuation,
            new Map<string, readonly Residues[]>([
              ...own.task.layout.map(
                (p) => [p.name, call.theta.slice(p.offset, p.offset + p.rows * p.columns)] as const,
              ),
              ...own.task.inputs.map(({ key }, i) => [key, sample[i] ?? []] as const),
            ]),
          );
          const letters = ["q", "r"].slice(0, indices.length);
          const goal = partial(
            sym(variableKey(model.objective)),
            atom({ family: name, layer: null }, letters.map(sym)),
          );
          return evaluate(
            goal,
            { ...valuation, values },
            new Map(letters.map((letter, i) => [letter, indices[i] ?? 0])),
          );
        });
        const mean = a.divide(slopes.reduce(a.add), a.constant({ numerator: BigInt(slopes.length), denominator: 1n }));
        expect(kind.same(mean, call.gradient[offset + at] as Residues), `${name}[${at}]`).toBe(true);
      }
    expect(named(own, bothTrials(own, rightParts(own)))).toBe("right");
  });
});

const settings: readonly Case[] = [
  ["2-3-4", {}, {}],
  ["2-3-4", { activation: "tanh", loss: "half-squared" }, { isStep: true }],
  ["2-4-3", { activation: "tanh,softmax", loss: "cross-entropy", l2: "0.1" }, { samples: 5, isStep: true }],
  ["3-4-2-3", { activation: "relu,sigmoid,identity", loss: "half-squared" }, { samples: 5, reduction: "sum" }],
  ["4-4-4", { activation: "sigmoid", loss: "binary-cross-entropy" }, { samples: 3 }],
];

/** Mistakes that give the same numbers: the catalogue's name of the first is the other. */
const synonyms: Partial<Record<CauseId, readonly string[]>> = {
  "constant-factor": ["other-loss", "bias-per-weight", "batch-sum", "squared-loss-delta"],
  "missing-activation-derivative": ["cross-entropy-delta", "derivative-of-error"],
  "wrong-activation-derivative": [
    "missing-activation-derivative",
    "cross-entropy-delta",
    "derivative-at-activation",
    "softmax-diagonal",
    // relu′ of 0 and 1 twice is relu′.
    "right",
  ],
  "other-loss": ["cross-entropy-delta", "squared-loss-delta", "softmax-applied-twice", "sign"],
  "squared-loss-delta": ["softmax-applied-twice"],
  "cross-entropy-delta": ["right"],
  "accumulator-not-cleared": ["bias-not-summed-over-batch"],
  // The errors of softmax with cross-entropy add up to zero.
  "bias-summed-over-units": ["bias-missing"],
  // relu′ at a is relu′ at z.
  "derivative-at-activation": ["right"],
  "other-forward": ["right"],
  "hidden-missing-output-derivative": ["right"],
  "bias-from-pre-activation": ["right"],
};

/** Some of each kind of mistake, from all of its scopes. */
function sampled(mutations: readonly Mutation[], most: number): readonly Mutation[] {
  return causeIds.flatMap((id) => {
    const own = mutations.filter((row) => row.id === id);
    return own.filter((_, i) => i % Math.ceil(own.length / most) === 0);
  });
}

describe("a gradient with one mistake", () => {
  const covered = new Set<string>();
  for (const [sizes, options, more] of settings) {
    const own = setting(sizes, options, more);
    const parts = rightParts(own);
    const facts: Facts = { loss: "unknown", hasRate: own.isStep, isStep: own.isStep };
    const rows = [
      ...sampled(mutationsOf(own.shape, facts, parts), 2),
      ...sampled(clippings([0.001])(own.shape, facts, parts), 1),
    ];
    test.each(rows.map((row) => [row.id, row.message, row] as const))(
      `${sizes} ${JSON.stringify(options)}: %s: %s`,
      (id, _, row) => {
        const wrong = mutated(parts, row);
        expect(wrong).not.toBeNull();
        covered.add(id);
        const found = named(own, bothTrials(own, wrong ?? parts));
        expect([id, ...(synonyms[id] ?? [])]).toContain(found);
      },
    );
  }
  test("is of every kind that has a name", () => {
    expect(causeIds.filter((id) => !covered.has(id))).toEqual(["kink-convention"]);
  });
});
