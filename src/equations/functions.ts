import {
  children,
  decimal,
  divide,
  fold,
  isElementary,
  multiply,
  nearest,
  num,
  print,
  readFormula,
  renameApart,
  some,
  substitute,
  sum,
  sym,
  transform,
  view,
  type Expr,
} from "../expression/index.ts";
import { problem } from "../problem.ts";

/** A function that has a name: its formula, and the constants in it that a user may set, `leaky-relu(0.2)`. */
export interface NamedFunction {
  readonly formula: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * The activations that have a name, as formulas in z. `sum` and `mean` go over the neurons of the layer: the
 * activation of a neuron then depends on all pre-activations of its layer.
 */
export const activations: Readonly<Record<string, NamedFunction>> = {
  identity: { formula: "z" },
  sigmoid: { formula: "1 / (1 + exp(-z))" },
  tanh: { formula: "tanh(z)" },
  relu: { formula: "z > 0 ? z : 0" },
  "leaky-relu": { formula: "z > 0 ? z : slope * z", parameters: { slope: "0.01" } },
  elu: { formula: "z > 0 ? z : alpha * (exp(z) - 1)", parameters: { alpha: "1" } },
  // The two published constants, 1.0507009873554805 and its product with 1.6732632423543772.
  selu: { formula: "z > 0 ? 1.0507009873554805 * z : 1.7580993408473768 * (exp(z) - 1)" },
  softplus: { formula: "log(1 + exp(z))" },
  gelu: { formula: "z * (1 + erf(z / sqrt(2))) / 2" },
  "gelu-tanh": { formula: "z * (1 + tanh(sqrt(2 / pi) * (z + 0.044715 * z^3))) / 2" },
  silu: { formula: "z / (1 + exp(-z))" },
  swish: { formula: "z / (1 + exp(-z))" },
  mish: { formula: "z * tanh(log(1 + exp(z)))" },
  softsign: { formula: "z / (1 + abs(z))" },
  "hard-sigmoid": { formula: "z >= 3 ? 1 : (z <= -3 ? 0 : z / 6 + 1 / 2)" },
  "hard-tanh": { formula: "z > 1 ? 1 : (z < -1 ? -1 : z)" },
  sin: { formula: "sin(z)" },
  exp: { formula: "exp(z)" },
  softmax: { formula: "exp(z) / sum(exp(z))" },
  "log-softmax": { formula: "z - log(sum(exp(z)))" },
};

/** The losses that have a name, as formulas in a and y; `sum` and `mean` go over the outputs. */
export const losses: Readonly<Record<string, NamedFunction>> = {
  mse: { formula: "mean((a - y)^2) / 2" },
  "half-squared": { formula: "sum((a - y)^2) / 2" },
  "mean-squared": { formula: "mean((a - y)^2)" },
  absolute: { formula: "mean(abs(a - y))" },
  huber: {
    formula: "mean(abs(a - y) <= delta ? (a - y)^2 / 2 : delta * (abs(a - y) - delta / 2))",
    parameters: { delta: "1" },
  },
  "binary-cross-entropy": { formula: "-sum(y * log(a) + (1 - y) * log(1 - a))" },
  "cross-entropy": { formula: "-sum(y * log(a))" },
  kl: { formula: "sum(y * (log(y) - log(a)))" },
  hinge: { formula: "mean(max(0, 1 - y * a))" },
};

/** Named constants of the user's, by name. */
export type Constants = Readonly<Record<string, string>>;

/**
 * The formula of an activation, in z; with `sum` and `mean` as calls where it is one of a whole layer.
 *
 * @throws Problem where `text` is neither a name nor a formula in z
 */
export function activationFormula(text: string, constants: Constants = {}): Expr {
  const formula = readNamed("activation", text, activations, ["z"], constants);
  if (!some(formula, (node) => isSymbol(node, "z"))) {
    throw problem(
      "activation-constant",
      `the activation "${text}" does not depend on z`,
      "write a formula in z, such as z/(1+exp(-z))",
    );
  }
  return formula;
}

/** Does the activation of a neuron depend on the whole layer, as softmax does? */
export const isOfLayer = (formula: Expr): boolean => some(formula, isReduction);

/**
 * A loss as a formula in a and y, which stand under `sum` and `mean` only.
 *
 * @throws Problem where `text` is neither a name nor such a formula
 */
export function lossFormula(text: string, constants: Constants = {}): Expr {
  const formula = readNamed("loss", text, losses, ["a", "y"], constants);
  const isOpen = (node: Expr): boolean =>
    !isReduction(node) && (isSymbol(node, "a") || isSymbol(node, "y") || children(node).some(isOpen));
  if (isOpen(formula) || !some(formula, isReduction)) {
    throw problem(
      "loss-shape",
      `the loss "${text}" is not a number: a and y have an entry for each output, to be added by sum(…) or mean(…)`,
      "write for example sum((a-y)^2)/2 or mean((a-y)^2)",
    );
  }
  const folded = fold(formula);
  for (const [name, meaning] of [
    ["a", "the network's output"],
    ["y", "the target"],
  ] as const) {
    if (!some(folded, (node) => isSymbol(node, name)))
      throw problem(
        "loss-constant",
        `the loss "${text}" does not depend on ${name}, ${meaning}`,
        "write a formula in a and y",
      );
  }
  return formula;
}

/**
 * A formula of a layer or of the outputs in index notation: the symbols in `entries` become entries at an index,
 * `sum` and `mean` sums over it.
 *
 * @param at the index at which the symbols stand outside of every sum; null where none does
 */
export function overLayer(
  formula: Expr,
  at: string | null,
  size: Expr,
  entries: Readonly<Record<string, (index: Expr) => Expr>>,
): Expr {
  const inside = (expr: Expr, index: string): Expr =>
    substitute(expr, new Map(Object.entries(entries).map(([name, entry]) => [name, entry(sym(index))])));
  const letter = at === "j" ? "k" : "j";
  const reduced = transform(formula, (node) => {
    const v = view(node);
    if (v.kind !== "call" || !isReduction(node)) return node;
    const body = inside(v.args[0] as Expr, letter);
    return v.name === "sum" ? sum(letter, size, body) : multiply(divide(num(1), size), sum(letter, size, body));
  });
  return at === null ? renameApart(reduced, new Set()) : renameApart(inside(reduced, at), new Set([at]));
}

/** `leaky-relu(0.2)` and `leaky-relu` by the table, any other text as a formula. */
function readNamed(
  what: "activation" | "loss",
  text: string,
  known: Readonly<Record<string, NamedFunction>>,
  variables: readonly string[],
  constants: Constants,
): Expr {
  const key = `${what} ${text} ${JSON.stringify(constants)}`;
  const before = readings.get(key);
  if (before !== undefined) return before;
  const [, name = text, values] = /^([a-z-]+)\((.*)\)$/.exec(text) ?? [];
  const row = Object.hasOwn(known, name) ? known[name] : undefined;
  const parameters = Object.entries(row?.parameters ?? {});
  const isNamed = row !== undefined && (values === undefined || parameters.length > 0);
  if (!isNamed) refuseUnknownName(what, text, known, variables);
  const clash = Object.keys(constants).find(isElementary);
  if (clash !== undefined)
    throw problem("constant-reserved", `${clash} is a function that every formula has`, "choose another name");
  const own = isNamed ? Object.fromEntries(parametersOf(what, name, parameters, values)) : constants;
  const given = new Map(Object.entries(own).map(([constant, literal]) => [constant, decimal(literal)]));
  const formula = readFormula(isNamed ? row.formula : text, variables, ["sum", "mean"], given);
  refuseZeroDivisor(formula, text);
  readings.set(key, formula);
  return formula;
}

/** A network asks for its formulas at every turn, and reading one takes as long as checking a step. */
const readings = new Map<string, Expr>();

function parametersOf(
  what: string,
  name: string,
  parameters: readonly (readonly [string, string])[],
  values: string | undefined,
): readonly (readonly [string, string])[] {
  if (values === undefined) return parameters;
  const given = values.split(",").map((value) => value.trim());
  const isNumber = given.every((value) => /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/i.test(value));
  if (given.length !== parameters.length || !isNumber)
    throw problem(
      `${what}-parameter`,
      `${name}(${values}) does not give ${name} its ${parameters.map(([key]) => key).join(", ")}`,
      `write ${name}(${parameters.map(([, fallback]) => fallback).join(", ")})`,
    );
  return parameters.map(([key], i) => [key, given[i] as string]);
}

/** A constant divisor of zero is a slip of the pen; a variable one is found when it is evaluated. */
function refuseZeroDivisor(formula: Expr, text: string): void {
  const v = view(formula);
  if (v.kind === "divide" && print(fold(v.under)) === "0") {
    throw problem("formula", `the formula "${text}" divides by zero`, "write a formula that has values");
  }
  children(formula).forEach((child) => refuseZeroDivisor(child, text));
}

const isSymbol = (node: Expr, name: string): boolean => {
  const v = view(node);
  return v.kind === "symbol" && v.name === name;
};

const isReduction = (node: Expr): boolean => {
  const v = view(node);
  return v.kind === "call" && (v.name === "sum" || v.name === "mean");
};

function refuseUnknownName(
  what: string,
  text: string,
  known: Readonly<Record<string, NamedFunction>>,
  variables: readonly string[],
): void {
  // a-y has the look of a name, but is a formula.
  const isFormula = text.split("-").every((part) => variables.includes(part));
  if (isFormula || !/^[a-z][a-z-]*$/i.test(text)) return;
  const near = nearest(text, Object.keys(known));
  throw problem(
    `${what}-unknown`,
    `there is no ${what} called "${text}"${near === null ? "" : `: did you mean ${near}?`}`,
    `known: ${Object.keys(known).join(", ")}; or write a formula in ${variables.join(" and ")}`,
  );
}
