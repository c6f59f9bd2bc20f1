import {
  children,
  divide,
  fold,
  multiply,
  num,
  print,
  readFormula,
  some,
  view,
  type Expr,
} from "../expression/index.ts";
import { problem } from "../problem.ts";

/** The activations that have a name, as formulas in z. */
export const activations: Readonly<Record<string, string>> = {
  identity: "z",
  sigmoid: "1 / (1 + exp(-z))",
  tanh: "tanh(z)",
  softplus: "log(1 + exp(z))",
  silu: "z / (1 + exp(-z))",
  sin: "sin(z)",
  exp: "exp(z)",
};

/** The losses that have a name, as formulas in a and y. `mean` is the sum divided by the number of outputs. */
export const losses: Readonly<Record<string, string>> = {
  mse: "mean((a - y)^2) / 2",
  "half-squared": "sum((a - y)^2) / 2",
  "mean-squared": "mean((a - y)^2)",
};

/**
 * The formula of an activation, in z.
 *
 * @throws Problem where `text` is neither a name nor a formula in z
 */
export function activationFormula(text: string): Expr {
  refuseUnknownName("activation", text, activations, ["z"]);
  const formula = readFormula(named(activations, text), ["z"]);
  refuseZeroDivisor(formula, text);
  if (!some(formula, (node) => isSymbol(node, "z"))) {
    throw problem(
      "activation-constant",
      `the activation "${text}" does not depend on z`,
      "write a formula in z, such as z/(1+exp(-z))",
    );
  }
  return formula;
}

/**
 * A loss as coefficient · Σ summand, the summand in a and y of one output.
 *
 * @throws Problem where `text` is neither a name nor one `sum(…)` or `mean(…)` with a constant factor
 */
export function lossFormula(text: string): {
  readonly coefficient: Expr;
  readonly isMean: boolean;
  readonly summand: Expr;
} {
  refuseUnknownName("loss", text, losses, ["a", "y"]);
  const formula = readFormula(named(losses, text), ["a", "y"], ["sum", "mean"]);
  refuseZeroDivisor(formula, text);
  const found = split(formula);
  if (
    found === null ||
    some(found.summand, isReduction) ||
    some(found.coefficient, (node) => isReduction(node) || isSymbol(node, "a") || isSymbol(node, "y"))
  ) {
    throw problem(
      "loss-shape",
      `the loss "${text}" is not one sum(…) or mean(…) over the outputs with a constant factor`,
      "write for example sum((a-y)^2)/2 or mean((a-y)^2)",
    );
  }
  const [summand, coefficient] = [fold(found.summand), fold(found.coefficient)];
  for (const [name, meaning] of [
    ["a", "the network's output"],
    ["y", "the target"],
  ] as const) {
    const isUsed = some(fold(multiply(coefficient, summand)), (node) => isSymbol(node, name));
    if (!isUsed)
      throw problem(
        "loss-constant",
        `the loss "${text}" does not depend on ${name}, ${meaning}`,
        "write a formula in a and y",
      );
  }
  return { ...found, coefficient };
}

const named = (known: Readonly<Record<string, string>>, text: string): string =>
  Object.hasOwn(known, text) ? (known[text] as string) : text;

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

type Loss = ReturnType<typeof lossFormula>;

function split(formula: Expr): Loss | null {
  const v = view(formula);
  if (v.kind === "call" && isReduction(formula))
    return { coefficient: num(1), isMean: v.name === "mean", summand: v.args[0] as Expr };
  if (v.kind === "negate") return scaledBy(split(v.of), num(-1));
  if (v.kind === "divide") return scaledBy(split(v.over), divide(num(1), v.under));
  if (v.kind === "multiply") {
    const at = v.factors.findIndex((f) => some(f, isReduction));
    return at < 0 ? null : scaledBy(split(v.factors[at] as Expr), multiply(...v.factors.filter((_, i) => i !== at)));
  }
  return null;
}

const scaledBy = (loss: Loss | null, factor: Expr): Loss | null =>
  loss === null ? null : { ...loss, coefficient: multiply(loss.coefficient, factor) };

function refuseUnknownName(
  what: string,
  text: string,
  known: Readonly<Record<string, string>>,
  variables: readonly string[],
): void {
  // a-y has the look of a name, but is a formula.
  const isFormula = text.split("-").every((part) => variables.includes(part));
  if (Object.hasOwn(known, text) || isFormula || !/^[a-z][a-z-]*$/i.test(text)) return;
  throw problem(
    `${what}-unknown`,
    `there is no ${what} called "${text}"`,
    `known: ${Object.keys(known).join(", ")}; or write a formula in ${variables.join(" and ")}`,
  );
}
