import { describe, expect, test } from "vitest";
import { rules, type Step } from "../../src/calculus/index.ts";
import { derive, languages, reasons } from "../../src/derivation/index.ts";
import { activations, losses } from "../../src/equations/index.ts";
import { print, type Expr } from "../../src/expression/index.ts";
import { parseNetwork } from "../../src/network/index.ts";

/** Documents, translations and tests refer to these ids: a rule is added at the end, and none is taken away or renamed. */
const golden = [
  "adjoint-definition",
  "chain-rule",
  "adjoint-name",
  "forward-equation",
  "objective-equation",
  "linearity",
  "constant",
  "scalar-derivative",
  "independent-entries",
  "collapse",
  "hoist",
  "fold",
  "function-derivative",
  "objective-derivative",
  "derivative-definition",
  "variable-itself",
  "product-rule",
  "quotient-rule",
  "power-rule",
  "outer-function",
  "same-function",
  "function-value",
  "piecewise",
  "distribute",
  "common-factor",
  "cancel",
  "jacobian",
  "entry-value",
  "added-term",
  "layer-term",
  "adjoint-sum",
  "adjoint-value",
  "targets-sum",
];

test("the ids of the rules are frozen", () => {
  expect(Object.keys(rules)).toEqual(expect.arrayContaining(golden));
});

/** Every chain of steps in a derivation, wherever it stands. */
function chainsOf(value: unknown): readonly (readonly Step[])[] {
  if (Array.isArray(value)) return value.some(isStep) ? [value as readonly Step[]] : value.flatMap(chainsOf);
  // Trees have a class of their own and hold no steps.
  const isRecord = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isRecord ? Object.values(value).flatMap(chainsOf) : [];
}
const isStep = (value: unknown): boolean => typeof value === "object" && value !== null && "rule" in value;

const slotsOf = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, slot]) => slot as string))].sort();

/** No activation that has a name is a product or a power of what depends on z. */
const formulas = ["z * exp(z)", "z ^ 3 + z"];

const cases = [
  ...["2-1", "2-3-2", "3-4-5-2"].flatMap((sizes) =>
    Object.keys(activations).flatMap((activation) => Object.keys(losses).map((loss) => ({ sizes, activation, loss }))),
  ),
  ...formulas.map((activation) => ({ sizes: "2-1", activation, loss: "mse" })),
];
const derivations = cases.map(({ sizes, activation, loss }) => ({
  name: `${sizes} with ${activation} and ${loss}`,
  derivation: derive(parseNetwork(sizes, { activation, loss })),
}));

describe.each(derivations)("$name", ({ derivation }) => {
  const chains = chainsOf(derivation);

  test("every step has a reason in every language, and a formula for each of its slots", () => {
    for (const { rule, slots } of chains.flat()) {
      const { name, reason } = reasons[rule];
      for (const language of languages) {
        expect(name[language], rule).not.toBe("");
        expect(reason[language], rule).not.toBe("");
        expect(slotsOf(reason[language]), `${rule} in ${language}`).toEqual(slotsOf(reason.en));
        expect(Object.keys(slots), rule).toEqual(expect.arrayContaining([...slotsOf(reason[language])]));
        expect(reason[language].replaceAll(/\{\w+\}/g, ""), rule).not.toMatch(/[{}]/);
      }
    }
  });

  test("every step starts where the one before ended", () => {
    expect(chains.length).toBeGreaterThan(4);
    for (const chain of chains)
      expect(chain.slice(1).map(({ before }) => print(before))).toEqual(
        chain.slice(0, -1).map(({ after }) => print(after)),
      );
  });

  test("the steps lead from each goal to its result, and on to the form that is evaluated", () => {
    const { functions, lossDerivative, equations } = derivation;
    for (const { goal, steps, derivative } of functions)
      expect(ends(goal, steps)).toEqual([goal, derivative].map(print));
    expect(ends(lossDerivative.goal, lossDerivative.steps)).toEqual(
      [lossDerivative.goal, lossDerivative.value].map(print),
    );
    for (const { goal, steps, statement, evaluation, evaluated } of equations) {
      expect(ends(goal, steps)).toEqual([goal, statement].map(print));
      expect(ends(statement, evaluation)).toEqual([statement, evaluated].map(print));
    }
  });
});

/** Where a chain starts and ends; one without steps stays where it is. */
const ends = (start: Expr, chain: readonly Step[]): readonly [string, string] => [
  print(chain[0]?.before ?? start),
  print(chain.at(-1)?.after ?? start),
];

test("every rule occurs in one of these derivations", () => {
  const used = new Set(derivations.flatMap(({ derivation }) => chainsOf(derivation).flat()).map(({ rule }) => rule));
  expect(Object.keys(rules).filter((id) => !(used as ReadonlySet<string>).has(id))).toEqual([]);
});
