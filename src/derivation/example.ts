import { leftSide, networkFunctions, variableKey, type Equation, type Model } from "../equations/index.ts";
import {
  bounded,
  digits64,
  drawTensors,
  evaluate,
  forward,
  seeded,
  tuples,
  wholeNumber,
  type Bounded,
  type Digits,
  type Valuation,
  type Values,
} from "../exact/index.ts";
import {
  atom,
  decimal,
  multiply,
  num,
  partial,
  print,
  shown,
  spellOut,
  substitute,
  subtract,
  sym,
  toNumber,
  transform,
  view,
  type Expr,
} from "../expression/index.ts";
import { countParameters, type Network } from "../network/index.ts";
import { problem } from "../problem.ts";
import { RefusedStep } from "./certify.ts";
import type { Derivation, Instance } from "./derivation.ts";
import type { EquationId } from "./reasons.ts";

/** A network with numbers for its parameters, input and target. */
export interface ExampleData {
  readonly source: { readonly kind: "mazur" } | { readonly kind: "seed"; readonly seed: number };
  /** Decimal literals of every tensor, row-major. */
  readonly literals: ReadonlyMap<string, readonly string[]>;
  readonly learningRate: string;
  readonly updatesBiases: boolean;
  /** How results are rounded for print. */
  readonly rounding: Rounding;
}

export type Rounding = { readonly decimals: number } | { readonly significant: number };

/** symbol = formula = formula with numbers ≈ value */
export interface ExampleLine {
  readonly goal: Expr;
  readonly formula: Expr;
  readonly substituted: Expr;
  readonly value: Expr;
  /** Are the substituted numbers, is the value, printed to the last digit? */
  readonly isExact: { readonly substituted: boolean; readonly value: boolean };
}

export interface ExampleStage {
  /** The equation that the lines evaluate; null for the forward equations. */
  readonly equation: EquationId | null;
  readonly layer: number;
  /** null for entries left out */
  readonly lines: readonly (ExampleLine | null)[];
}

export interface WorkedExample {
  readonly data: ExampleData;
  readonly forward: readonly ExampleStage[];
  readonly loss: ExampleLine;
  readonly backward: readonly ExampleStage[];
  /** One step of gradient descent, and the loss after it; null for networks too wide to go through whole. */
  readonly update: { readonly lines: readonly (ExampleLine | null)[]; readonly lossAfter: Expr } | null;
}

/** Mazur's network ("A Step by Step Backpropagation Example", 2015), which many implementations are tested against. */
const mazur: ExampleData = {
  source: { kind: "mazur" },
  literals: new Map([
    ["x", ["0.05", "0.1"]],
    ["W2", ["0.15", "0.2", "0.25", "0.3"]],
    ["b2", ["0.35", "0.35"]],
    ["W3", ["0.4", "0.45", "0.5", "0.55"]],
    ["b3", ["0.6", "0.6"]],
    ["y", ["0.01", "0.99"]],
  ]),
  learningRate: "0.5",
  updatesBiases: false,
  rounding: { decimals: 9 },
};

export const mazurNetwork: Network = { sizes: [2, 2, 2], activations: ["sigmoid", "sigmoid"], loss: "half-squared" };

/** The published numbers, for the network that they belong to. */
export function mazurExample(network: Network): ExampleData {
  const { sizes, activations, loss } = mazurNetwork;
  const fits =
    network.sizes.join() === sizes.join() && network.activations.join() === activations.join() && network.loss === loss;
  if (!fits)
    throw problem(
      "example-mazur",
      "Mazur's example is the network 2-2-2 with sigmoid activations and the loss half-squared",
      "write deltarule derive 2-2-2 --example mazur, or --seed N for numbers of your own network",
    );
  return mazur;
}

/** Short random decimals for every tensor of a network; wide layers get small weights, so that nothing saturates. */
export function seededExample({ model }: Derivation, seed: number): ExampleData {
  const random = seeded(seed);
  const fanIn = new Map(model.tensors.map(({ variable, sizes }) => [variableKey(variable), sizes[1]]));
  const roleOf = new Map(model.tensors.map(({ variable, role }) => [variableKey(variable), role]));
  const literal = (key: string): string => {
    const columns = fanIn.get(key);
    const size = columns === undefined ? 1 : Math.min(1, 2 / Math.sqrt(wholeNumber(columns)));
    // Two digits, none of them zero: a zero hides a factor.
    const digits = random.whole(11, 99);
    const places = size > 0.3 ? 2 : 3;
    const scaled = Math.max(1, Math.round(digits * size * 10 ** (places - 2)));
    const sign = roleOf.get(key) === "parameter" && random.whole(0, 1) === 0 ? "-" : "";
    return `${sign}${String(scaled / 10 ** places)}`;
  };
  return {
    source: { kind: "seed", seed },
    literals: drawTensors(model, literal),
    learningRate: "0.5",
    updatesBiases: true,
    rounding: { significant: 6 },
  };
}

const mostParametersUpdated = 2_000;
/** How many entries of one equation are gone through one by one: every one where the network is small. */
const linesShown = (network: Network, most: number): number => (countParameters(network) <= 40 ? Infinity : most);

/**
 * Every intermediate value of one forward and one backward pass, in the order in which they are computed. The
 * values come from the equations at 64 digits; each line as printed, with its rounded numbers, is evaluated
 * again in doubles with error bounds and must come to the value printed.
 *
 * @param most how many terms of a sum are written before dots take their place
 * @throws RefusedStep where a printed line does not hold
 */
export function workedExample(derivation: Derivation, data: ExampleData, most: number): WorkedExample {
  const { model, layers } = derivation;
  const run = runExample(derivation, data.literals);
  const lines = (equation: Equation, goal: Expr): (ExampleLine | null)[] =>
    shownTuples(equation, linesShown(derivation.network, most)).map((tuple) =>
      tuple === null ? null : exampleLine(goal, equation, tuple, run, data, most),
    );
  const objective = model.equations.at(-1) as Equation;
  const forwardStages = model.equations.slice(0, -1).map((equation): ExampleStage => ({
    equation: null,
    layer: Number(/\d+$/.exec(equation.variable.family)?.[0]),
    lines: lines(equation, leftSide(equation)),
  }));
  const backward = layers.flatMap(({ layer, delta, bias, weight }) =>
    [delta, bias, weight].map((instance): ExampleStage => ({
      equation: instance.equation,
      layer,
      lines: lines(equationOf(instance), instance.goal),
    })),
  );
  const [loss] = lines(objective, leftSide(objective)) as [ExampleLine];
  return { data, forward: forwardStages, loss, backward, update: updateOf(derivation, data, run, most) };
}

/** The equation of an adjoint, under the name of its variable: delta3, or W3 for the gradient of W3. */
const equationOf = ({ target, ranges, value, goal }: Instance): Equation => {
  const v = view(goal);
  return { variable: v.kind === "atom" ? v.variable : { family: `d${target.family}`, layer: null }, ranges, value };
};

export interface Run {
  readonly valuation: Valuation<Digits>;
}

/** All values of the forward pass and the errors δ, at 64 digits. */
export function runExample({ network, model, layers }: Derivation, literals: Values<string>): Run {
  const deltas = layers.map(({ delta }) => equationOf(delta));
  const full: Model = { ...model, equations: [...model.equations, ...deltas] };
  const given = new Map([...literals].map(([key, list]) => [key, list.map(digits64.from)]));
  const partial = {
    arithmetic: digits64,
    model: full,
    functions: networkFunctions(network),
    layers: { l: 0, L: network.sizes.length },
    adjoints: new Map(),
  };
  return { valuation: { ...partial, values: forward(partial, given) } };
}

/** Which entries of an equation are shown: all of a few, else the first two and the last. */
function shownTuples({ ranges }: Equation, most: number): readonly (readonly number[] | null)[] {
  const sizes = ranges.map(({ size }) => wholeNumber(size));
  const count = sizes.reduce((a, b) => a * b, 1);
  const columns = sizes[1] ?? 1;
  const tupleOf = (n: number): readonly number[] =>
    sizes.length < 2 ? [n].slice(0, sizes.length) : [Math.ceil(n / columns), ((n - 1) % columns) + 1];
  return shown(count, most).map((n) => (n === null ? null : tupleOf(n)));
}

function exampleLine(
  goal: Expr,
  equation: Equation,
  tuple: readonly number[],
  { valuation }: Run,
  { rounding }: ExampleData,
  most: number,
): ExampleLine {
  const at = new Map(equation.ranges.map(({ index }, i) => [index, num(tuple[i] as number)]));
  const numbered = numberedValue(equation, tuple);
  const exact = evaluate(numbered, valuation, new Map());
  const inexact: Expr[] = [];
  const literalOf = (entry: Expr): Expr => {
    const value = evaluate(entry, valuation, new Map());
    const literal = rounded(value, rounding);
    if (!digits64.from(literal).eq(value)) inexact.push(entry);
    return decimal(literal);
  };
  // What dots leave out takes part in the value: all terms are put in before some are left out.
  const whole = withFunctions(spellOut(numbered, Infinity), valuation, literalOf);
  const literal = rounded(exact, rounding);
  const isExact = inexact.length === 0;
  const formula = spellOut(numbered, most);
  confirm(substitute(goal, at), whole, decimal(literal), rounding);
  return {
    goal: substitute(goal, at),
    formula,
    substituted: withFunctions(formula, valuation, literalOf),
    value: decimal(literal),
    isExact: { substituted: isExact, value: isExact && digits64.from(literal).eq(exact) },
  };
}

/** The formula with activation functions put in and each entry replaced by its number. */
function withFunctions(formula: Expr, { functions }: Valuation<Digits>, numberOf: (entry: Expr) => Expr): Expr {
  return transform(formula, (node) => {
    const v = view(node);
    if (v.kind === "atom") return numberOf(node);
    const layer = v.kind === "call" && v.layer !== null ? Number(print(v.layer)) : null;
    const definition = v.kind === "call" ? functions.find((f) => f.name === v.name && f.layer === layer) : undefined;
    return definition === undefined || v.kind !== "call"
      ? node
      : substitute(definition.value, new Map([[definition.argument, v.args[0] as Expr]]));
  });
}

function rounded(value: Digits, rounding: Rounding): string {
  const short =
    "decimals" in rounding ? value.toDecimalPlaces(rounding.decimals) : value.toSignificantDigits(rounding.significant);
  return String(short.toNumber());
}

/** Half a unit in the last place that a printed number keeps. */
const printedError = (value: number, rounding: Rounding): number =>
  "decimals" in rounding
    ? 0.5 * 10 ** -rounding.decimals
    : 0.5 * 10 ** (1 - rounding.significant + Math.floor(Math.log10(Math.abs(value) || 1)));

/** Evaluates what is printed, rounded numbers and all, and holds it against the value printed. */
function confirm(goal: Expr, substituted: Expr, value: Expr, rounding: Rounding): void {
  const printed = {
    ...bounded,
    constant: (c: Parameters<typeof bounded.constant>[0]): Bounded => {
      const known = bounded.constant(c);
      // A fraction of the formula itself is exact; a number with as many digits as are printed may be rounded.
      const isRounded = c.denominator > 1000n;
      return isRounded ? { ...known, error: known.error + printedError(known.value, rounding) } : known;
    },
  };
  const again = evaluate(
    substituted,
    {
      arithmetic: printed,
      model: { tensors: [], equations: [], objective: { family: "J", layer: null } },
      functions: [],
      layers: { l: 0, L: 0 },
      adjoints: new Map(),
      values: new Map(),
    },
    new Map(),
  );
  const shownValue = numberOf(value);
  const allowed = 2 * again.error + 2 * printedError(shownValue, rounding);
  if (!(Math.abs(again.value - shownValue) <= allowed))
    throw new RefusedStep(
      "example",
      `the example is refused: ${print(goal)} = ${print(substituted)} is ${again.value}, not ${shownValue}`,
    );
}

/** One step of gradient descent from the example's gradient, and where it takes the loss. */
function updateOf(derivation: Derivation, data: ExampleData, run: Run, most: number): WorkedExample["update"] {
  const { network, layers } = derivation;
  if (countParameters(network) > mostParametersUpdated) return null;
  const rate = digits64.from(data.learningRate);
  const after = new Map(data.literals);
  const updates = [...layers].reverse().flatMap(({ weight, bias }) => (data.updatesBiases ? [weight, bias] : [weight]));
  const lines = updates.flatMap((instance) => {
    const equation = equationOf(instance);
    const value = (tuple: readonly number[]): Digits =>
      evaluate(numberedValue(equation, tuple), run.valuation, new Map());
    const key = variableKey(instance.target);
    const before = data.literals.get(key) as readonly string[];
    const all = tuples(equation.ranges.map(({ size }) => wholeNumber(size)));
    const next = all.map((tuple, i) =>
      digits64.subtract(digits64.from(before[i] as string), digits64.multiply(rate, value(tuple))),
    );
    after.set(key, next.map(String));
    const shownLines = shownTuples(equation, linesShown(derivation.network, most));
    return shownLines.map((tuple) => {
      if (tuple === null) return null;
      const at = all.findIndex((other) => other.join() === tuple.join());
      const [entry, slope] = [atom(instance.target, tuple.map(num)), rounded(value(tuple), data.rounding)];
      return updateLine(entry, before[at] as string, slope, next[at] as Digits, data);
    });
  });
  const lossAfter = runExample(derivation, after).valuation.values.get(variableKey(derivation.model.objective))?.[0];
  return { lines, lossAfter: decimal(rounded(lossAfter as Digits, data.rounding)) };
}

function updateLine(entry: Expr, before: string, slope: string, next: Digits, data: ExampleData): ExampleLine {
  const [eta, gradient] = [sym("eta"), partial(sym("J"), entry)];
  const line: ExampleLine = {
    goal: entry,
    formula: subtract(entry, multiply(eta, gradient)),
    substituted: subtract(decimal(before), multiply(decimal(data.learningRate), decimal(slope))),
    value: decimal(rounded(next, data.rounding)),
    isExact: { substituted: false, value: false },
  };
  confirm(line.goal, line.substituted, line.value, data.rounding);
  return line;
}

const numberedValue = ({ ranges, value }: Equation, tuple: readonly number[]): Expr =>
  substitute(value, new Map(ranges.map(({ index }, i) => [index, num(tuple[i] as number)])));

function numberOf(expr: Expr): number {
  const v = view(expr);
  if (v.kind === "negate") return -numberOf(v.of);
  if (v.kind !== "number") throw new Error(`not a number: ${print(expr)}`);
  return toNumber(v.value);
}
