import { double, doubleDouble, doubleWithFastExp, seeded, type Arithmetic } from "../exact/index.ts";
import { Problem } from "../problem.ts";
import { drawPoint, gradientAt, type GradientPoint } from "./point.ts";
import { isLarge, valuesOf, visitStatements, visitValue, type Exponential, type Program } from "./program.ts";

/** The arithmetic of doubles in which a module computes what its program says, to the last bit. */
export const arithmeticOf = ({ exp }: Pick<Program, "exp">): Arithmetic<number> =>
  exp === "fast" ? doubleWithFastExp : double;

/** Units in the last place that the results may move by when the fast exp takes the place of Math.exp. */
export const mostUlps = 4;
/** A large gradient has as many entries at one point as small ones at several. */
const pointsOf = (program: Program): number => (isLarge(program) ? 1 : 3);
const seed = 71;

/** The functions of a program that are built on exp. */
export const onExp: readonly string[] = ["exp", "logistic", "softplus"];

/** Does the program compute an exponential at all? */
export function usesExp({ procedures }: Pick<Program, "procedures">): boolean {
  let uses = false;
  for (const { statements } of procedures)
    visitStatements(statements, (s) =>
      valuesOf(s).forEach((root) => visitValue(root, (v) => (uses ||= v.kind === "call" && onExp.includes(v.name)))),
    );
  return uses;
}

/** The program with the given exp. */
export const withExp = (program: Program, exp: Exponential): Program => ({
  ...program,
  exp,
  plain: program.plain === null ? null : withExp(program.plain, exp),
});

/** How far results are apart, in units in the last place of the largest entry of each tensor. */
export interface ExpEffect {
  /** Those with the fast exp from those with Math.exp. */
  readonly moved: number;
  /** Both from results at 31 digits: looked at only where they are far apart. */
  readonly errors: { readonly fast: number; readonly exact: number } | null;
}

/**
 * What the fast exp does to loss and gradient, at some random points. Entries that are smaller than a tensor's
 * largest are differences of larger terms, and no more exact than those with either exp.
 */
export function effectOfFastExp(program: Program): ExpEffect {
  const known = effects.get(program.procedures);
  if (known !== undefined) return known;
  const effect = measure(program);
  effects.set(program.procedures, effect);
  return effect;
}

/** Are results with the fast exp as near as can be told, or at least as near as those with Math.exp? */
export function allowsFastExp(program: Program): boolean {
  const { moved, errors } = effectOfFastExp(program);
  return moved <= mostUlps || (errors !== null && errors.fast <= Math.max(mostUlps, errors.exact));
}

const effects = new WeakMap<Program["procedures"], ExpEffect>();

/** Without a point at which results are finite nothing can be said: what verifies the module refuses it then. */
function measure(program: Program): ExpEffect {
  try {
    return measureAt(
      program,
      Array.from({ length: pointsOf(program) }, (_, nth) => drawPoint(program, seeded(seed + nth))),
    );
  } catch (error) {
    if (error instanceof Problem) return { moved: Infinity, errors: null };
    throw error;
  }
}

function measureAt(program: Program, drawn: readonly GradientPoint[]): ExpEffect {
  const most = (distance: (point: GradientPoint) => number): number => Math.max(...drawn.map(distance));
  const inDoubles = (point: GradientPoint, arithmetic: Arithmetic<number>): Results =>
    resultsOf(
      program,
      gradientAt(program, point, arithmetic, (value) => value),
    );
  const moved = most((point) => apart(inDoubles(point, double), inDoubles(point, doubleWithFastExp)));
  if (moved <= mostUlps) return { moved, errors: null };
  const truth = new Map(
    drawn.map((point) => {
      const { loss, gradient } = gradientAt(program, point, doubleDouble, doubleDouble.from);
      return [point, resultsOf(program, { loss: loss.high, gradient: gradient.map(({ high }) => high) })];
    }),
  );
  const errorOf = (arithmetic: Arithmetic<number>): number =>
    most((point) => apart(truth.get(point) as Results, inDoubles(point, arithmetic)));
  return { moved, errors: { fast: errorOf(doubleWithFastExp), exact: errorOf(double) } };
}

/** The loss, then the gradient tensor by tensor. */
type Results = readonly (readonly number[])[];

const resultsOf = (
  { layout }: Program,
  { loss, gradient }: { readonly loss: number; readonly gradient: readonly number[] },
): Results => [[loss], ...layout.map(({ offset, rows, columns }) => gradient.slice(offset, offset + rows * columns))];

const apart = (expected: Results, found: Results): number =>
  Math.max(...expected.map((tensor, i) => tensorsApart(tensor, found[i] as readonly number[])));

function tensorsApart(expected: readonly number[], found: readonly number[]): number {
  const size = expected.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
  const ulp = Math.max(2 ** (Math.floor(Math.log2(size)) - 52), Number.MIN_VALUE);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (found[i] as number)) / ulp), 0);
}
