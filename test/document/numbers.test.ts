import { evaluate } from "mathjs/number";
import { beforeAll, describe, expect, test } from "vitest";
import { derive, mazurExample, type Derivation } from "../../src/derivation/index.ts";
import { toJson } from "../../src/document/index.ts";
import { print, printEquality, read, readEquality } from "../../src/expression/index.ts";
import { readLatex, type Formula } from "../../src/notation/index.ts";
import { parseNetwork } from "../../src/network/index.ts";
import { costOf } from "../../src/program/index.ts";
import { describeFormula } from "../notation/round-trip.ts";
import { codeOf, derivationOf, networks, traceOf, vocabularyFor } from "./documents.ts";
import { renderKatex } from "./latex-engines.ts";

interface JsonFormula {
  readonly math: string;
  readonly latex: string;
}
interface JsonStep {
  readonly rule: string;
  readonly reason: Readonly<Record<string, string>>;
  readonly before: JsonFormula;
  readonly after: JsonFormula;
  readonly check: { readonly draws: number; readonly seed: number };
}
type Line = JsonFormula & { readonly substituted: JsonFormula; readonly value: JsonFormula };
interface Stage {
  readonly equation: string | null;
  readonly layer: number;
  readonly lines: readonly (Line | null)[];
}
interface Json {
  readonly deltarule: string;
  readonly network: {
    readonly sizes: readonly number[];
    readonly activations: readonly string[];
    readonly loss: string;
  };
  readonly forward: readonly JsonFormula[];
  readonly functions: readonly {
    readonly name: string;
    readonly layer: number | null;
    readonly value: JsonFormula;
    readonly derivative: JsonFormula & { readonly in: string };
    readonly derived: JsonFormula;
    readonly steps: readonly JsonStep[];
  }[];
  readonly lossDerivative: JsonFormula & { readonly steps: readonly JsonStep[] };
  readonly equations: readonly {
    readonly id: string;
    readonly title: Readonly<Record<string, string>>;
    readonly statement: JsonFormula;
    readonly evaluated: JsonFormula;
    readonly matrix: (JsonFormula & { readonly shape: readonly string[] }) | null;
    readonly steps: readonly JsonStep[];
    readonly evaluation: readonly JsonStep[];
  }[];
  readonly layers: readonly Readonly<Record<"delta" | "bias" | "weight", { readonly equation: string }>>[];
  readonly gradients: Readonly<Record<string, JsonFormula>>;
  readonly cost: Readonly<Record<"parameters" | "loss" | "gradient" | "differences", number>>;
  readonly example: {
    readonly given: Readonly<Record<string, readonly number[]>>;
    readonly forward: readonly Stage[];
    readonly backward: readonly Stage[];
    readonly loss: Line;
    readonly update: { readonly lines: readonly (Line | null)[]; readonly lossAfter: JsonFormula } | null;
  };
  readonly agreement: { readonly sizes: readonly number[]; readonly tensors: readonly { readonly tensor: string }[] };
  readonly code: {
    readonly command: string;
    readonly places: readonly { readonly equations: readonly (JsonFormula & { readonly tag: string })[] }[];
  };
}

/** Everything in the JSON that has a formula in it. */
function formulasIn(value: unknown): JsonFormula[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap(formulasIn);
  return "math" in value && "latex" in value ? [value as JsonFormula, ...inside] : inside;
}

const stepsOf = ({ functions, lossDerivative, equations }: Json): JsonStep[] => [
  ...functions.flatMap(({ steps }) => steps),
  ...lossDerivative.steps,
  ...equations.flatMap(({ steps, evaluation }) => [...steps, ...evaluation]),
];

const parameters = (count: number): string[] =>
  Array.from({ length: count - 1 }, (_, i) => count - i).flatMap((layer) => [`W${layer}`, `b${layer}`]);

describe.each(networks)("JSON of %s", (sizes) => {
  let json: Json;
  let derivation: Derivation;
  beforeAll(async () => {
    derivation = derivationOf(sizes);
    json = JSON.parse(toJson(derivation, "0.0.0", { code: await codeOf(sizes) })) as Json;
  });

  test("has the keys of the contract", () => {
    const count = sizes.split("-").length;
    expect(json.deltarule).toBe("0.0.0");
    expect(json.network).toEqual(derivation.network);
    expect(json.equations.map(({ id }) => id)).toEqual(["BP1", "BP2", "BP3", "BP4"]);
    expect(Object.keys(json.gradients)).toEqual(parameters(count));
    expect(json.layers.map((l) => [l.delta.equation, l.bias.equation, l.weight.equation])).toEqual(
      Array.from({ length: count - 1 }, (_, i) => [i === 0 ? "BP1" : "BP2", "BP3", "BP4"]),
    );
    expect(json.functions.map(({ name, layer }) => [name, layer])).toEqual(
      derivation.functions.map(({ definition }) => [definition.name, definition.layer]),
    );
    expect(json.agreement.tensors.map(({ tensor }) => tensor).sort()).toEqual(parameters(count).sort());
    expect(Object.keys(json.example.given).sort()).toEqual([...parameters(count), "x", "y"].sort());
    expect(json.code.places.flatMap(({ equations }) => equations.map(({ tag }) => tag)).sort()).toEqual(
      [...Array<string>(2 * count - 1).fill(""), ...json.layers.flatMap((l) => Object.values(tagsOf(l)))].sort(),
    );
    for (const { title } of json.equations) expect(Object.keys(title)).toEqual(["en", "zh"]);
  });

  test("every step has its rule, a reason in both languages and its check, and goes on from the one before", () => {
    const chains = [
      ...json.functions.map(({ steps }) => steps),
      json.lossDerivative.steps,
      ...json.equations.flatMap(({ steps, evaluation }) => [steps, evaluation]),
    ];
    expect(stepsOf(json).map(({ rule }) => rule)).toEqual(traceOf(derivation).map(({ rule }) => rule));
    for (const { rule, reason, check } of stepsOf(json)) {
      expect(rule).toMatch(/^[a-z-]+$/);
      expect(reason.en).toMatch(/^\S[^{}]*.*\.$/s);
      expect(reason.zh).toMatch(/[\u4e00-\u9fff].*。$/s);
      expect(check).toEqual({ draws: 3, seed: expect.any(Number) as number });
    }
    for (const steps of chains)
      for (const [i, step] of steps.slice(1).entries()) expect(step.before).toEqual(steps[i]?.after);
    expect(chains.filter((steps) => steps.length > 0).length).toBeGreaterThanOrEqual(6);
  });

  test("every math reads back to the identical tree, and every latex says the same", () => {
    const formulas = formulasIn(json);
    expect(formulas.length).toBeGreaterThan(150);
    for (const { math, latex } of formulas) {
      const isEquality = math.includes("==");
      const formula: Formula = isEquality
        ? { kind: "equality", ...readEquality(math) }
        : { kind: "expression", expr: read(math) };
      expect(isEquality ? printEquality(...sides(math)) : print(read(math))).toBe(math);
      expect(describeFormula(readLatex(latex, vocabularyFor(formula, derivation))), latex).toBe(
        describeFormula(formula),
      );
    }
    renderKatex([...new Set(formulas.map(({ latex }) => latex))].map((latex) => ({ latex, display: true })));
  });

  test("the cost is counted in the network: one multiplication for each weight in a forward pass, and so on", () => {
    const { sizes: widths, activations } = derivation.network;
    const pairs = widths.slice(1).map((size, i) => [size, widths[i] as number] as const);
    const weights = pairs.reduce((total, [to, from]) => total + to * from, 0);
    const biases = pairs.reduce((total, [to]) => total + to, 0);
    const { cost } = json;
    expect(cost).toEqual(costOf(derivation.network));
    expect(cost.parameters).toBe(weights + biases);
    // The loss squares each output and takes the mean; a formula of one's own may multiply as well, a few times for each neuron.
    const outputs = widths.at(-1) as number;
    if (activations.every((name) => name === "sigmoid")) expect(cost.loss).toBe(weights + outputs + 1);
    expect(cost.loss).toBeGreaterThanOrEqual(weights);
    expect(cost.gradient).toBeGreaterThanOrEqual(cost.loss + weights);
    expect(cost.gradient).toBeLessThan(3 * weights + 12 * biases);
    expect(cost.differences).toBe(2 * cost.parameters * cost.loss);
  });

  test("each line of the example comes to its value when its printed numbers are put in", () => {
    const { forward, loss, backward, update } = json.example;
    const lines = [...[...forward, ...backward].flatMap((stage) => stage.lines), loss, ...(update?.lines ?? [])];
    const whole = lines.filter((line) => line !== null && !line.substituted.math.includes("dots"));
    expect(whole.length).toBeGreaterThanOrEqual(7);
    for (const line of whole) {
      const { substituted, value } = line as Line;
      const [again, told] = [substituted, value].map(({ math }) => evaluate(math) as number);
      expect(Math.abs((again as number) - (told as number)), `${substituted.math} is ${value.math}`).toBeLessThan(2e-5);
    }
  });
});

const sides = (math: string): [ReturnType<typeof read>, ReturnType<typeof read>] => {
  const { left, right } = readEquality(math);
  return [left, right];
};
const tagsOf = (layer: Json["layers"][number]): string[] =>
  [layer.delta, layer.bias, layer.weight].map(({ equation }) => equation);

test("what sections are left out are left out of the JSON", async () => {
  const derivation = derivationOf("2-3-1");
  const keys = (options: Parameters<typeof toJson>[2]): string[] =>
    Object.keys(JSON.parse(toJson(derivation, "0.0.0", options)) as object);
  const always = [
    "deltarule",
    "network",
    "forward",
    "functions",
    "jacobians",
    "lossDerivative",
    "equations",
    "layers",
    "gradients",
    "model",
  ];
  expect(keys({ sections: [] })).toEqual(always);
  expect(keys({ sections: ["cost", "check"] })).toEqual([...always, "cost", "agreement"]);
  expect(keys({ sections: ["example"] })).toEqual([...always, "example"]);
  expect(keys({ sections: ["code"], code: await codeOf("2-3-1") })).toEqual([...always, "code"]);
  expect(keys({})).toEqual([...always, "cost", "example", "agreement"]);
});

test("the example of the JSON is the one asked for", () => {
  const network = parseNetwork("2-2-2", { loss: "half-squared" });
  const options = { example: mazurExample(network), sections: ["example"] } as const;
  const { example } = JSON.parse(toJson(derive(network), "0.0.0", options)) as Json;
  expect(example.given.W3).toEqual([0.4, 0.45, 0.5, 0.55]);
  expect(example.loss.value.math).toBe("0.298371109");
  expect(example.update?.lines).toHaveLength(8);
});
