import type { DerivativeForm } from "../calculus/index.ts";
import type { ScalarFunction } from "../equations/index.ts";
import { applyDefinition, digits64, double, dual, type Digits } from "../exact/index.ts";
import { decimal, num, print, some, subtract, view, type Expr } from "../expression/index.ts";
import { problem } from "../problem.ts";

/** A place at which a function has no derivative. */
export interface Kink {
  /** Where, as a number. */
  readonly at: Expr;
  /** Is `at` the place itself, and not a rounded one? */
  readonly isExact: boolean;
  /** The slopes on either side, and the one that the derivative takes at the place itself: a subgradient. */
  readonly left: Expr;
  readonly right: Expr;
  readonly chosen: Expr;
}

/** Where kinks are looked for; activations bend near 0. */
const reach = 64;
const samples = 4_096;
/** A root is known to the precision of a double: it is looked at from this far. */
const beside = digits64.from("1e-12");
/** Values and slopes on two sides that differ by less are the same. */
const tolerance = 1e-9;

/**
 * The kinks of a function: where a comparison in its formula is a tie and the slopes on both sides differ.
 *
 * @throws Problem where the values on both sides differ: a jump has no derivative, and a gradient that passes over it
 *   is wrong
 */
export function kinksOf(definition: ScalarFunction, form: DerivativeForm, what: string): readonly Kink[] {
  return tiesOf(definition.value)
    .flatMap((tie) => rootsOf({ ...definition, value: tie }))
    .sort((a, b) => a - b)
    .filter((at, i, all) => i === 0 || at - (all[i - 1] as number) > tolerance)
    .flatMap((at) => kinkAt(definition, form, at, what));
}

/** What is compared with 0 in a formula. */
function tiesOf(formula: Expr): readonly Expr[] {
  const found: Expr[] = [];
  some(formula, (node) => {
    const v = view(node);
    if (v.kind === "choose") found.push(subtract(v.left, v.right));
    if (v.kind === "call" && ["abs", "sign"].includes(v.name)) found.push(v.args[0] as Expr);
    if (v.kind === "call" && ["max", "min"].includes(v.name))
      found.push(subtract(v.args[0] as Expr, v.args[1] as Expr));
    return false;
  });
  return found;
}

/** Zeros at which a function of one number changes its sign, or that it meets exactly. */
function rootsOf(definition: ScalarFunction): readonly number[] {
  const value = (x: number): number => applyDefinition(definition, x, double);
  const at = (i: number): number => (2 * reach * i) / samples - reach;
  const roots: number[] = [];
  let here = value(at(0));
  for (let i = 0; i <= samples; i++) {
    const next = value(at(i + 1));
    if (here === 0) roots.push(at(i));
    else if (here * next < 0) roots.push(short(bisect(value, at(i), at(i + 1)), value));
    here = next;
  }
  return roots;
}

function bisect(value: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (value(low) * value(middle) <= 0) high = middle;
    else low = middle;
  }
  return high;
}

/** The root with fewer digits where that is a root as well: 0.3 rather than 0.30000000000000004. */
function short(root: number, value: (x: number) => number): number {
  const rounded = Number(root.toPrecision(12));
  return Math.abs(value(rounded)) <= Math.abs(value(root)) + Number.EPSILON ? rounded : root;
}

function kinkAt(definition: ScalarFunction, form: DerivativeForm, at: number, what: string): readonly Kink[] {
  const place = digits64.from(at);
  const one = digits64.from(1);
  const both = (x: Digits): { value: Digits; derivative: Digits } =>
    applyDefinition(definition, { value: x, derivative: one }, dual(digits64));
  const [left, right] = [both(place.sub(beside)), both(place.add(beside))];
  const rise = (step: Digits): Digits =>
    both(place.add(step))
      .value.sub(both(place.sub(step)).value)
      .abs();
  const differ = (a: Digits, b: Digits): boolean =>
    !a
      .sub(b)
      .abs()
      .lte(tolerance * Math.max(1, Math.abs(a.toNumber())));
  // Across a jump the rise stays, however small the step; across a steep kink it goes with the step.
  if (
    differ(left.value, right.value) &&
    rise(beside)
      .mul(2)
      .gt(rise(beside.mul(1000)))
  )
    throw problem(
      `${what}-jump`,
      `the ${what} ${print(definition.value)} jumps at ${definition.argument} = ${at}, from ${left.value.toPrecision(6)} to ${right.value.toPrecision(6)}`,
      "a jump has no derivative; write a formula whose pieces meet",
    );
  if (!differ(left.derivative, right.derivative)) return [];
  const argument = form.in === "a" ? both(place).value : place;
  const chosen = applyDefinition({ ...definition, argument: form.in, value: form.formula }, argument, digits64);
  return [
    {
      at: literal(place),
      isExact: tiesOf(definition.value).some((tie) =>
        applyDefinition({ ...definition, value: tie }, place, digits64).isZero(),
      ),
      left: literal(left.derivative),
      right: literal(right.derivative),
      chosen: literal(chosen),
    },
  ];
}

const literal = (value: Digits): Expr => {
  const rounded = Number(value.toPrecision(10));
  return Number.isInteger(rounded) ? num(rounded) : decimal(String(rounded));
};
