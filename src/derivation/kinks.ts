import type { DerivativeForm } from "../calculus/index.ts";
import type { ScalarFunction } from "../equations/index.ts";
import { applyDefinition, digits64, type Digits, type Dual } from "../exact/index.ts";
import { decimal, num, print, type Expr } from "../expression/index.ts";
import { problem } from "../problem.ts";
import { lineOf, rootsOf, scanPoints, slopes, tiesOf, type Line } from "./ties.ts";

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

/** A root is known to the precision of a double: it is looked at from this far, in units of its own size. */
const beside = 1e-12;
/** Values and slopes on two sides that differ by less are the same. */
const tolerance = 1e-9;

/**
 * The kinks of a function: where a comparison in its formula is a tie and the slopes on both sides differ.
 *
 * @throws Problem as {@link refuseJump}
 */
export function kinksOf(definition: ScalarFunction, form: DerivativeForm, what: string): readonly Kink[] {
  const places = placesOf(definition);
  places.forEach((at) => refuseJumpAt(definition, at, what));
  return places.flatMap((at) => kinkAt(definition, form, at));
}

/**
 * Looks for jumps where a comparison in the formula of a function is a tie. Not found are ties further out than 10⁹,
 * several in one cell of the scan beyond a pair ({@link rootsOf}), two within 10⁻⁹, and jumps by less than 10⁻⁹ of the value.
 *
 * @throws Problem `what`-jump where the values on both sides differ: a jump has no derivative, and a gradient that
 *   passes over it is wrong
 */
export function refuseJump(definition: ScalarFunction, what: string): void {
  placesOf(definition).forEach((at) => refuseJumpAt(definition, at, what));
}

/** Ties of the formula, each place once, in order. */
function placesOf({ argument, value }: ScalarFunction): readonly number[] {
  const ties = tiesOf(value);
  if (ties.length === 0) return [];
  const scan = scanPoints(value);
  return ties
    .flatMap((tie) => rootsOf(tie, lineOf(argument), scan))
    .sort((a, b) => a - b)
    .filter((at, i, all) => i === 0 || at - (all[i - 1] as number) > tolerance * Math.max(1, Math.abs(at)));
}

/** Both sides of a place on a line. */
export interface Sides {
  readonly left: Dual<Digits>;
  readonly right: Dual<Digits>;
  readonly isJump: boolean;
  readonly isKink: boolean;
}

/**
 * Looks at a formula from both sides of a place: across a jump the rise stays, however small the step; across a
 * steep kink it goes with the step. So does the change of the slope where the formula is bent and has no kink.
 *
 * @param step how far beside the place
 */
export function sidesOf(formula: Expr, line: Line, at: number, step: number): Sides {
  const place = digits64.from(at);
  const [left, right, farLeft, farRight] = slopes(
    formula,
    line,
    [-1, 1, -1000, 1000].map((n) => place.add(digits64.from(step).mul(n))),
  ) as [Dual<Digits>, Dual<Digits>, Dual<Digits>, Dual<Digits>];
  const stays = (near: readonly [Digits, Digits], far: readonly [Digits, Digits]): boolean =>
    differ(...near) && near[1].sub(near[0]).abs().mul(2).gt(far[1].sub(far[0]).abs());
  return {
    left,
    right,
    isJump: stays([left.value, right.value], [farLeft.value, farRight.value]),
    isKink: stays([left.derivative, right.derivative], [farLeft.derivative, farRight.derivative]),
  };
}

const differ = (a: Digits, b: Digits): boolean =>
  !a
    .sub(b)
    .abs()
    .lte(tolerance * Math.max(1, Math.abs(a.toNumber())));

const sidesAt = ({ argument, value }: ScalarFunction, at: number): Sides =>
  sidesOf(value, lineOf(argument), at, beside * Math.max(1, Math.abs(at)));

function refuseJumpAt(definition: ScalarFunction, at: number, what: string): void {
  const { left, right, isJump } = sidesAt(definition, at);
  const here = applyDefinition(definition, digits64.from(at), digits64);
  // A value of its own at the tie alone, as that of abs(sign(z)), is a jump from both sides.
  const isAlone =
    isExact(definition, at) && here.isFinite() && left.value.isFinite() && awayFromBoth(here, left, right);
  if (!isJump && !isAlone) return;
  const to = isJump ? right.value : here;
  throw problem(
    `${what}-jump`,
    `the ${what} ${print(definition.value)} jumps at ${definition.argument} = ${at}, from ${left.value.toPrecision(6)} to ${to.toPrecision(6)}`,
    "a jump has no derivative; write a formula whose pieces meet",
  );
}

/** As far from the values beside it as no slope explains. */
const awayFromBoth = (here: Digits, left: Dual<Digits>, right: Dual<Digits>): boolean =>
  [left, right].every(({ value }) =>
    here
      .sub(value)
      .abs()
      .gt(1e-4 * Math.max(1, Math.abs(here.toNumber()))),
  );

const isExact = ({ argument, value }: ScalarFunction, at: number): boolean =>
  tiesOf(value).some((tie) =>
    applyDefinition({ name: "", layer: null, argument, value: tie }, digits64.from(at), digits64).isZero(),
  );

function kinkAt(definition: ScalarFunction, form: DerivativeForm, at: number): readonly Kink[] {
  const { left, right, isKink } = sidesAt(definition, at);
  if (!isKink) return [];
  const place = digits64.from(at);
  const argument = form.in === "a" ? applyDefinition(definition, place, digits64) : place;
  const chosen = applyDefinition({ ...definition, argument: form.in, value: form.formula }, argument, digits64);
  return [
    {
      at: literal(place),
      isExact: isExact(definition, at),
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
