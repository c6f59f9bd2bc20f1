import { variableKey, type Equation } from "../equations/index.ts";
import { digits64, evaluate, tuples, wholeNumber, type Digits, type Valuation, type Values } from "../exact/index.ts";
import { atom, decimal, multiply, num, partial, subtract, sym, type Expr } from "../expression/index.ts";
import { countParameters } from "../network/index.ts";
import type { Derivation, Instance } from "./derivation.ts";
import type { ExampleData, Rounding } from "./example-data.ts";
import { confirm, linesShown, rounded, shownTuples, type ExampleLine } from "./example-line.ts";
import { equationOf, numberedValue, runExample } from "./run-example.ts";

export interface ExampleUpdate {
  readonly learningRate: string;
  readonly lines: readonly (ExampleLine | null)[];
  readonly lossAfter: Expr;
}

const mostParametersUpdated = 2_000;

/** One step of gradient descent from the example's gradient, and where it takes the loss. */
export function descentStep(
  derivation: Derivation,
  data: ExampleData,
  valuation: Valuation<Digits>,
  most: number,
): ExampleUpdate | null {
  if (countParameters(derivation.network) > mostParametersUpdated) return null;
  const updates = [...derivation.layers]
    .reverse()
    .flatMap(({ weight, bias }) => (data.updatesBiases ? [weight, bias] : [weight]))
    .map((instance) => updatedEntries(instance, data, valuation));
  const lossOf = (literals: Values<string>): Digits =>
    runExample(derivation, literals).values.get(variableKey(derivation.model.objective))?.[0] as Digits;
  const before = lossOf(data.literals);
  for (const learningRate of data.learningRates) {
    const moved = updates.map(({ key, entries }) => [key, entries.map((e) => String(next(e, learningRate)))] as const);
    const after = lossOf(new Map([...data.literals, ...moved]));
    if (!(Number(rounded(after, data.rounding)) < Number(rounded(before, data.rounding)))) continue;
    const lines = updates.flatMap(({ equation, entries }) =>
      shownTuples(equation, linesShown(derivation.network, most)).map((tuple) =>
        tuple === null ? null : updateLine(entries, tuple, learningRate, data.rounding),
      ),
    );
    return { learningRate, lines, lossAfter: decimal(rounded(after, data.rounding)) };
  }
  return null;
}

/** An entry of a parameter with its gradient. */
interface UpdatedEntry {
  readonly tuple: readonly number[];
  readonly entry: Expr;
  readonly before: string;
  readonly slope: Digits;
}

function updatedEntries(
  instance: Instance,
  { literals }: ExampleData,
  valuation: Valuation<Digits>,
): { readonly key: string; readonly equation: Equation; readonly entries: readonly UpdatedEntry[] } {
  const equation = equationOf(instance);
  const key = variableKey(instance.target);
  const entries = tuples(equation.ranges.map(({ size }) => wholeNumber(size))).map((tuple, i) => ({
    tuple,
    entry: atom(instance.target, tuple.map(num)),
    before: literals.get(key)?.[i] as string,
    slope: evaluate(numberedValue(equation, tuple), valuation, new Map()),
  }));
  return { key, equation, entries };
}

const next = ({ before, slope }: UpdatedEntry, learningRate: string): Digits =>
  digits64.subtract(digits64.from(before), digits64.multiply(digits64.from(learningRate), slope));

function updateLine(
  entries: readonly UpdatedEntry[],
  tuple: readonly number[],
  learningRate: string,
  rounding: Rounding,
): ExampleLine {
  const updated = entries.find((e) => e.tuple.join() === tuple.join()) as UpdatedEntry;
  const { entry, before } = updated;
  const slope = rounded(updated.slope, rounding);
  const isExact = digits64.from(slope).eq(updated.slope);
  const exact = next(updated, learningRate);
  const literal = rounded(exact, rounding);
  const line: ExampleLine = {
    goal: entry,
    formula: subtract(entry, multiply(sym("eta"), partial(sym("J"), entry))),
    substituted: subtract(decimal(before), multiply(decimal(learningRate), decimal(slope))),
    value: decimal(literal),
    isExact: { substituted: isExact, value: isExact && digits64.from(literal).eq(exact) },
  };
  confirm(line.goal, line.substituted, line.value, rounding, new Set(isExact ? [] : [slope]));
  return line;
}
