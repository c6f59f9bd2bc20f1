import { derive, languages, type CheckedStep, type Derivation, type Language } from "../../src/derivation/index.ts";
import { arrange, brief, full, type Block, type Document, type EmittedCode } from "../../src/document/index.ts";
import { locateEquations } from "../../src/emit/index.ts";
import { freeSymbols, print, type Expr } from "../../src/expression/index.ts";
import { optionsText, parseNetwork, sizesText } from "../../src/network/index.ts";
import type { Formula, Vocabulary } from "../../src/notation/index.ts";
import { buildProgram } from "../../src/program/index.ts";
import { scalars } from "../notation/round-trip.ts";

/** Networks that between them have every shape of a document: narrow, wide, deep, with one layer, of own formulas. */
export const networks = [
  ["2-3-1", {}],
  ["1-1", {}],
  ["4-2", { loss: "half-squared" }],
  ["3-4-2", { activation: "tanh,z/(1+exp(-z))", loss: "mean(exp(a-y))*3" }],
  ["784-30-10", {}],
  ["2-3-4-5-6-7-8-1", { activation: "softplus" }],
  ["784-128-64-10", {}],
  ["8-9-7", {}],
] as const;
type Sizes = (typeof networks)[number][0];

/** What is written out in full is another document only where something is left out otherwise. */
const written = networks.flatMap(([sizes]) => [
  ...(sizes === "8-9-7" ? [] : [{ sizes, elision: brief, extent: "" }]),
  ...(sizes === "8-9-7" || sizes === "2-3-1" ? [{ sizes, elision: full, extent: " in full" }] : []),
]);

export interface Case {
  readonly title: string;
  readonly sizes: Sizes;
  readonly language: Language;
  readonly derivation: () => Derivation;
  readonly document: () => Promise<Document>;
}

export const cases: readonly Case[] = written.flatMap(({ sizes, elision, extent }) =>
  languages.map((language): Case => {
    const document = async (): Promise<Document> =>
      arrange(derivationOf(sizes), language, { elision, code: await codeOf(sizes) });
    return {
      title: `${sizes}${extent} in ${language}`,
      sizes,
      language,
      derivation: () => derivationOf(sizes),
      document: once(document),
    };
  }),
);

const derivations = new Map<string, Derivation>();

export function derivationOf(sizes: Sizes): Derivation {
  const known = derivations.get(sizes);
  if (known !== undefined) return known;
  const options = networks.find(([name]) => name === sizes)?.[1];
  const derived = derive(parseNetwork(sizes, options));
  derivations.set(sizes, derived);
  return derived;
}

export async function codeOf(sizes: Sizes): Promise<EmittedCode> {
  const { network } = derivationOf(sizes);
  const references = await locateEquations(buildProgram(network), "0.0.0");
  return { command: `deltarule emit ${sizesText(network)}${optionsText(network)}`, references };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** All steps of a derivation, in the order in which a document has them. */
export const traceOf = ({ functions, lossDerivative, equations }: Derivation): readonly CheckedStep[] => [
  ...functions.flatMap(({ steps }) => steps),
  ...lossDerivative.steps,
  ...equations.flatMap(({ steps, evaluation }) => [...steps, ...evaluation]),
];

const formulaKinds = ["expression", "equality", "chain", "shape", "bounds", "countdown", "update"];
const isExpr = (value: object): value is Expr => "isNode" in value;
const isFormula = (value: object): value is Formula =>
  "kind" in value && typeof value.kind === "string" && formulaKinds.includes(value.kind);

/** Every formula in some part of a document, wherever it stands; bare trees count as expressions. */
export function formulasIn(value: unknown): Formula[] {
  if (typeof value !== "object" || value === null) return [];
  if (isExpr(value)) return [{ kind: "expression", expr: value }];
  return isFormula(value) ? [value] : Object.values(value).flatMap(formulasIn);
}

/** The formulas of a block that stand on lines of their own, chains of steps as chains; null for rows left out. */
export function displayedIn(block: Block): readonly (Formula | null)[] {
  switch (block.kind) {
    case "display":
      return [block.formula];
    case "equations":
      return block.rows;
    case "steps":
      return [
        { kind: "chain", first: block.left, links: block.lines.map(({ right }) => ({ relation: "=", expr: right })) },
      ];
    default:
      return [];
  }
}

/** All trees of a formula. */
export function treesOf(formula: Formula): readonly Expr[] {
  switch (formula.kind) {
    case "expression":
      return [formula.expr];
    case "equality": {
      const { left, right, where = [], with: abbreviation } = formula;
      const beside = abbreviation === undefined ? [] : [abbreviation.left, abbreviation.right];
      return [left, right, ...beside, ...where.flatMap(({ least, index, most }) => [least, index, most])];
    }
    case "chain":
      return [formula.first, ...formula.links.map(({ expr }) => expr)];
    case "shape":
      return formula.sizes;
    case "bounds":
      return [formula.bounds.least, formula.bounds.index, formula.bounds.most];
    case "countdown":
      return [formula.index, formula.from, formula.to];
    case "update":
      return [formula.left, formula.right];
  }
}

/** The letters of a derivation: those of its own variables, and u and v, which stand for any two vectors. */
export function vocabularyOf({ model, functions }: Derivation): Vocabulary {
  const variables = [
    ...model.tensors.map(({ variable, sizes }) => [variable.family, sizes.length] as const),
    ...model.equations.map(({ variable, ranges }) => [variable.family, ranges.length] as const),
  ];
  const numbered = variables.filter(([family]) => /\d$/.test(family)).map(([family]) => family.replace(/\d+$/, ""));
  const ranks = variables.map(([family, rank]) => [family.replace(/\d+$/, ""), rank] as const);
  return {
    ranks: new Map([...ranks, ["delta", 1], ["u", 1], ["v", 1]]),
    layered: new Set([...numbered, "delta"]),
    functions: new Set(functions.map(({ definition }) => definition.name)),
  };
}

/** In the formula of a function z and a are numbers, everywhere else they have indices. */
export function vocabularyFor(formula: Formula, derivation: Derivation): Vocabulary {
  const isScalar = treesOf(formula).some((tree) => ["z", "a"].some((letter) => freeSymbols(tree).has(letter)));
  return isScalar ? scalars : vocabularyOf(derivation);
}

/** A formula as it looks: two kinds that are printed alike are read as the simpler one. */
export function asSeen(formula: Formula): Formula {
  switch (formula.kind) {
    case "chain": {
      const [link, ...others] = formula.links;
      if (link === undefined || others.length > 0 || link.relation === "≈") return formula;
      const kind = link.relation === "=" ? "equality" : "update";
      return { kind, left: formula.first, right: link.expr };
    }
    case "countdown":
      return print(formula.from) === print(formula.to)
        ? { kind: "equality", left: formula.index, right: formula.from }
        : formula;
    case "bounds": {
      const { least, index, most } = formula.bounds;
      return print(least) === print(most) ? { kind: "equality", left: index, right: least } : formula;
    }
    case "shape": {
      const [size, ...others] = formula.sizes;
      return size !== undefined && others.length === 0 ? { kind: "expression", expr: size } : formula;
    }
    default:
      return formula;
  }
}
