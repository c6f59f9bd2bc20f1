import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rules, type Step } from "../../src/calculus/index.ts";
import {
  derive,
  deriveModel,
  languages,
  reasons,
  type Derivation,
  type DerivedAdjoint,
  type DerivedFunction,
  type ModelDerivation,
} from "../../src/derivation/index.ts";
import { activations, losses, readEquations } from "../../src/equations/index.ts";
import { print, type Expr } from "../../src/expression/index.ts";
import { parseNetwork, type NetworkOptions } from "../../src/network/index.ts";

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
  "chain-rule-several",
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

const options: readonly NetworkOptions[] = [
  ...Object.keys(activations).map((activation) => ({ activation })),
  // No activation that has a name is a product or a power of what depends on z.
  ...["z * exp(z)", "z ^ 3 + z"].map((activation) => ({ activation })),
  ...Object.keys(losses).map((loss) => ({ activation: "sigmoid", loss })),
  { activation: "sigmoid,softmax", loss: "cross-entropy" },
  { l1: "0.1", l2: "0.01" },
];
const samples = new URL("../samples/models/", import.meta.url);

/** Where a chain of steps leads. */
interface Lead {
  readonly goal: Expr;
  readonly steps: readonly Step[];
  readonly result: Expr;
}
interface Derived {
  readonly name: string;
  readonly derivation: Derivation | ModelDerivation;
  readonly leads: readonly Lead[];
}

function ofNetwork(given: NetworkOptions): Derived {
  const derivation = derive(parseNetwork("2-3-2", given));
  const { functions, jacobians, lossDerivative, equations } = derivation;
  const values = [...jacobians, lossDerivative].map(({ goal, steps, value }) => ({ goal, steps, result: value }));
  const leads = [...leadsOf(functions), ...values, ...equations.flatMap(bothLeads)];
  return { name: Object.values(given).join(" with "), derivation, leads };
}

/** The adjoint of a is −y/a, which is put in where it is read. */
const crossEntropy = `
  index j in 1..n, p in 1..k, q in 1..k
  parameter W[p,j]
  input x[j], y[p]
  z[p] = sum(W[p,j]*x[j], j)
  a[p] = exp(z[p]) / sum(exp(z[q]), q)
  J = -sum(y[p]*log(a[p]), p)
  with n=3, k=2`;

function ofModel(name: string, text = readFileSync(new URL(name, samples), "utf8")): Derived {
  const { model, sizes } = readEquations(text, name);
  const derivation = deriveModel(name, model, sizes);
  return { name, derivation, leads: [...leadsOf(derivation.functions), ...derivation.adjoints.flatMap(bothLeads)] };
}

const leadsOf = (functions: readonly DerivedFunction[]): readonly Lead[] =>
  functions.map(({ goal, steps, derivative }) => ({ goal, steps, result: derivative }));

const bothLeads = (of: Omit<DerivedAdjoint, "target" | "isParameter" | "ranges" | "matrix">): readonly Lead[] => [
  { goal: of.goal, steps: of.steps, result: of.statement },
  { goal: of.statement, steps: of.evaluation, result: of.evaluated },
];

const derivations = [
  ...options.map(ofNetwork),
  ...readdirSync(samples)
    .filter((name) => name.endsWith(".eq"))
    .map((name) => ofModel(name)),
  ofModel("cross-entropy.eq", crossEntropy),
];

describe.each(derivations)("$name", ({ derivation, leads }) => {
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
    expect(chains.length).toBeGreaterThan(3);
    for (const chain of chains)
      expect(chain.slice(1).map(({ before }) => print(before))).toEqual(
        chain.slice(0, -1).map(({ after }) => print(after)),
      );
  });

  test("the steps lead from each goal to its result, and on to the form that is evaluated", () => {
    for (const { goal, steps, result } of leads) expect(ends(goal, steps)).toEqual([goal, result].map(print));
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
