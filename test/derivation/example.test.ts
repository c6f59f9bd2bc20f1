import { afterEach, describe, expect, test, vi } from "vitest";
import {
  compareWithDifferences,
  confirmedAgreement,
  derive,
  mazurExample,
  mazurNetwork,
  RefusedStep,
  seededExample,
  workedExample,
  type Derivation,
  type ExampleLine,
  type ExampleStage,
} from "../../src/derivation/index.ts";
import { runExample } from "../../src/derivation/run-example.ts";
import { add, negate, print, view, type Expr } from "../../src/expression/index.ts";
import { parseNetwork } from "../../src/network/index.ts";
import { Problem } from "../../src/problem.ts";
import { derivationOf, networks } from "../document/documents.ts";

/** What writes sums out, so that it can be made to write another. */
const writer = vi.hoisted(() => ({ spellOut: null as ((spelled: unknown) => unknown) | null }));

vi.mock("../../src/expression/index.ts", async (original) => {
  const real = await original<typeof import("../../src/expression/index.ts")>();
  const spellOut: typeof real.spellOut = (...args) => {
    const spelled = real.spellOut(...args);
    return writer.spellOut === null ? spelled : (writer.spellOut(spelled) as Expr);
  };
  return { ...real, spellOut };
});

afterEach(() => {
  writer.spellOut = null;
});

const mazur = derive(mazurNetwork);
const linesOf = (stages: readonly ExampleStage[]): ExampleLine[] =>
  stages.flatMap(({ lines }) => lines.filter((line) => line !== null));
const valueOf = (expr: Expr): number => Number(print(expr));

describe("Mazur's example has the figures that he published", () => {
  const { forward, loss, backward, update } = workedExample(mazur, mazurExample(mazurNetwork), 6);
  const values = new Map<string, number>([
    ...[...linesOf(forward), loss, ...linesOf(backward)].map(
      ({ goal, value }) => [print(goal), valueOf(value)] as const,
    ),
    ...(update?.lines ?? []).flatMap((line) =>
      line === null ? [] : [[`new ${print(line.goal)}`, valueOf(line.value)] as const],
    ),
  ]);

  test.each([
    ["z2[1]", "0.3775"],
    ["a2[1]", "0.593269992"],
    ["a2[2]", "0.596884378"],
    ["z3[1]", "1.105905967"],
    ["z3[2]", "1.224921404"],
    ["a3[1]", "0.75136507"],
    ["a3[2]", "0.772928465"],
    ["J", "0.298371109"],
    ["delta3[1]", "0.138498562"],
    ["delta3[2]", "-0.038098237"],
    ["partial(J, W3[1, 1])", "0.082167041"],
    ["partial(J, W2[1, 1])", "0.000438568"],
    ["new W3[1, 1]", "0.35891648"],
    ["new W3[1, 2]", "0.408666186"],
    ["new W3[2, 1]", "0.511301270"],
    ["new W3[2, 2]", "0.561370121"],
    ["new W2[1, 1]", "0.149780716"],
    ["new W2[1, 2]", "0.19956143"],
    ["new W2[2, 1]", "0.24975114"],
    ["new W2[2, 2]", "0.29950229"],
  ])("%s is %s", (name, published) => {
    const digits = published.split(".")[1]?.length ?? 0;
    expect(values.get(name)?.toFixed(digits)).toBe(published);
  });

  test("the biases stay, and the loss falls", () => {
    expect([...values.keys()].filter((name) => name.startsWith("new b"))).toEqual([]);
    expect(update === null ? null : valueOf(update.lossAfter).toFixed(9)).toBe("0.291027774");
  });

  test.each([
    ["2-3-1", {}],
    ["2-2-2", {}],
    ["2-2-2", { loss: "half-squared", activation: "tanh" }],
    ["2-2-2-2", { loss: "half-squared" }],
  ])("it is refused for %s with %j", (sizes, options) => {
    const refusal = (): unknown => mazurExample(parseNetwork(sizes, options));
    expect(refusal).toThrow(Problem);
    expect(refusal).toThrow(/2-2-2 with sigmoid/);
  });
});

describe.each(networks)("seeded numbers for %s", (sizes) => {
  const derivation = derivationOf(sizes);
  const seeds = [1, 2, 3];
  const drawn = seeds.map((seed) => seededExample(derivation, seed));

  test("are the same for the same seed and others for another", () => {
    const texts = drawn.map(({ literals }) => JSON.stringify([...literals]));
    expect(new Set(texts).size).toBe(seeds.length);
    expect(seeds.map((seed) => JSON.stringify([...seededExample(derivation, seed).literals]))).toEqual(texts);
  });

  test("are short decimals, one for each entry, none of them zero", () => {
    for (const { literals } of drawn) {
      for (const { variable, sizes: own } of derivation.model.tensors)
        expect(literals.get(variable.family)).toHaveLength(own.reduce((n, size) => n * valueOf(size), 1));
      const wrong = [...literals.values()].flat().filter((text) => !/^-?0\.\d{1,3}$/.test(text) || Number(text) === 0);
      expect(wrong).toEqual([]);
    }
  });

  test("saturate no neuron", () => {
    for (const { literals } of drawn) {
      const { values } = runExample(derivation, literals);
      const weighted = [...values].flatMap(([name, list]) => (/^z\d/.test(name) ? list.map(Number) : []));
      expect(weighted.length).toBeGreaterThan(0);
      expect(Math.max(...weighted.map(Math.abs))).toBeLessThan(8);
    }
  });

  test("come with a step of descent that lowers the loss, where the network is small enough for one", () => {
    const { loss, update } = workedExample(derivation, drawn[0] as (typeof drawn)[0], 6);
    expect(update === null).toBe(sizes.startsWith("784"));
    if (update !== null) expect(valueOf(update.lossAfter)).toBeLessThan(valueOf(loss.value));
  });

  test("give a gradient that agrees with differences in thirty digits", () => {
    const { tensors } = compareWithDifferences(derivation, drawn[0] as (typeof drawn)[0]);
    expect(tensors).toHaveLength(2 * (sizes.split("-").length - 1));
    for (const { tensor, digits } of tensors) expect(digits, tensor).toBeGreaterThanOrEqual(30);
  });
});

describe("what is wrong is found out", () => {
  const derivation = derive(parseNetwork("2-3-1"));
  const data = seededExample(derivation, 1);
  /** The same with one equation of one layer changed. */
  const changed = (layer: number, part: "delta" | "bias" | "weight", change: (value: Expr) => Expr): Derivation => ({
    ...derivation,
    layers: derivation.layers.map((own) =>
      own.layer === layer ? { ...own, [part]: { ...own[part], value: change(own[part].value) } } : own,
    ),
  });
  const digitsOf = (of: Derivation): Readonly<Record<string, number>> =>
    Object.fromEntries(compareWithDifferences(of, data).tensors.map(({ tensor, digits }) => [tensor, digits]));

  test.each<[string, Parameters<typeof changed>, readonly string[]]>([
    ["an error of the output layer of the other sign", [3, "delta", negate], ["W2", "b2", "W3", "b3"]],
    ["an error of the hidden layer of the other sign", [2, "delta", negate], ["W2", "b2"]],
    ["a gradient of the biases of the other sign", [3, "bias", negate], ["b3"]],
    ["a gradient of the weights taken twice", [2, "weight", (value) => add(value, value)], ["W2"]],
  ])("differences do not agree with %s", (_, [layer, part, change], wrong) => {
    const digits = digitsOf(changed(layer, part, change));
    for (const tensor of ["W2", "b2", "W3", "b3"]) {
      if (wrong.includes(tensor)) expect(digits[tensor], tensor).toBeLessThan(5);
      else expect(digits[tensor], tensor).toBeGreaterThanOrEqual(30);
    }
  });

  test("a gradient that does not agree with differences is refused", () => {
    expect(() =>
      confirmedAgreement(
        changed(2, "weight", (value) => add(value, value)),
        data,
      ),
    ).toThrow(/W2 is refused/);
    expect(confirmedAgreement(derivation, data).tensors).toHaveLength(4);
  });

  test.each<[string, (spelled: Expr) => Expr]>([
    ["a term is left out", (e) => withTerms(e, (terms) => terms.slice(1))],
    ["a term stands twice", (e) => withTerms(e, ([first, ...rest]) => [first as Expr, first as Expr, ...rest])],
    ["the sign is another", negate],
  ])("a line of the example is refused where %s", (_, change) => {
    expect(workedExample(derivation, data, 6).forward).toHaveLength(4);
    writer.spellOut = (spelled) => change(spelled as Expr);
    expect(() => workedExample(derivation, data, 6)).toThrow(RefusedStep);
  });
});

function withTerms(expr: Expr, change: (terms: readonly Expr[]) => readonly Expr[]): Expr {
  const v = view(expr);
  return v.kind === "add" ? add(...change(v.terms)) : expr;
}
