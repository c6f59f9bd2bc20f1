import type { DerivativeForm } from "../calculus/index.ts";
import { deriveFunction } from "../calculus/index.ts";
import type { ScalarFunction } from "../equations/index.ts";
import {
  add,
  children,
  fold,
  isElementary,
  multiply,
  num,
  power,
  print,
  rational,
  some,
  substitute,
  sym,
  toNumber,
  view,
  type Elementary,
  type Expr,
  type Rational,
} from "../expression/index.ts";
import { problem } from "../problem.ts";
import { dual, type Arithmetic } from "./arithmetic.ts";
import { digits64, type Digits } from "./decimal.ts";
import { double } from "./double.ts";
import { applyDefinition } from "./evaluate.ts";
import { DivisionByZero, leaning, primeTower, type Residues } from "./prime-tower.ts";
import { seeded } from "./random.ts";

const highestDegree = 3;
/** Enough for a branch of a choice that is taken once in eight to be among them. */
const freshPoints = 24;

/**
 * f′ worked out for a function given by a formula. Where f′ is a polynomial in a = f(z), that polynomial is
 * found exactly: its coefficients solve a linear system in the field of {@link primeTower}, in which
 * exp(x+y) = exp(x)·exp(y) holds. For every other function the form is the derivative in z as it comes out of the rules. Either is
 * held against the dual-number derivative at points of another tower, with another exp, and against
 * differences at 64 digits.
 *
 * @throws Error where a derivative fails one of the comparisons
 */
export function derivativeForm(definition: ScalarFunction): DerivativeForm {
  const { name, layer } = definition;
  // A piece that no draw visits could have another polynomial: with pieces the form is the one that the rules give.
  const polynomial = hasPieces(definition.value) ? null : polynomialInValue(definition);
  if (polynomial !== null) {
    const form = { name, layer, in: "a", formula: polynomial } as const;
    if (holdsExactly(definition, form) && holdsAtDigits(definition, form)) return form;
  }
  const slope = deriveFunction(definition, null).result;
  const formula = substitute(slope, new Map([[definition.argument, sym("z")]]));
  const form = { name, layer, in: "z", formula } as const;
  if (holdsExactly(definition, form) && holdsAtDigits(definition, form)) return form;
  throw new Error(`the derivative ${print(form.formula)} of ${print(definition.value)} fails the check`);
}

function holdsExactly(definition: ScalarFunction, form: DerivativeForm): boolean {
  const leanings = hasPieces(definition.value) ? [leaning(0), leaning(1), leaning(2)] : [leaning(0)];
  return leanings
    .flatMap((eighths) => drawPoints(definition, freshPoints, 7, eighths))
    .every(({ z, a, slope, arithmetic, same }) =>
      same(applyDefinition(asFunction(form), form.in === "a" ? a : z, arithmetic), slope),
    );
}

const choosers: readonly string[] = ["abs", "sign", "max", "min"];

/** Is the function one of several formulas, by a comparison? */
const hasPieces = (formula: Expr): boolean =>
  some(formula, (node) => {
    const v = view(node);
    return v.kind === "choose" || (v.kind === "call" && choosers.includes(v.name));
  });

const asFunction = ({ name, layer, in: argument, formula }: DerivativeForm): ScalarFunction => ({
  name,
  layer,
  argument,
  value: formula,
});

/**
 * Central differences with step 10⁻¹⁶ agree to 10⁻²⁵ where the function has a value, at points in every piece of it;
 * outside its domain nothing is compared.
 */
function holdsAtDigits(definition: ScalarFunction, form: DerivativeForm): boolean {
  const step = digits64.from(1e-16);
  const at = (x: Digits): Digits => applyDefinition(definition, x, digits64);
  return pointsInPieces(definition).every((z) => {
    const x = digits64.from(z);
    const slope = at(x.add(step))
      .sub(at(x.sub(step)))
      .div(step.mul(2));
    const found = applyDefinition(asFunction(form), form.in === "a" ? at(x) : x, digits64);
    if (!slope.isFinite() || !found.isFinite()) return true;
    return found.sub(slope).abs().lte(slope.abs().add(1).mul(1e-25));
  });
}

const usualPoints = [-4.3, -0.7, 0.3, 1.1, 3.9];
const pointsPerPiece = 2;

/** A few points, and where the function has pieces, some in every piece that a fine grid and its own constants show. */
function pointsInPieces(definition: ScalarFunction): readonly number[] {
  if (!hasPieces(definition.value)) return usualPoints;
  const constants = numbersIn(definition.value).flatMap((c) => [c, -c]);
  const around = [...constants]
    .sort((a, b) => a - b)
    .flatMap((c, i, all) => [c - 0.0137, c + 0.0137, (c + (all[i + 1] ?? c)) / 2]);
  const grid = Array.from({ length: 640 }, (_, i) => (i - 320) / 32 + 0.0071);
  const taken = new Map<string, number>();
  return [...usualPoints, ...around, ...grid].filter((z) => {
    const { pieces, margin } = pieceAt(definition, z);
    const known = taken.get(pieces) ?? 0;
    if (margin < 1e-9 || known === pointsPerPiece) return false;
    taken.set(pieces, known + 1);
    return true;
  });
}

/** Which way each comparison goes at a point, and how far the closest of them is from a tie. */
function pieceAt(definition: ScalarFunction, z: number): { readonly pieces: string; readonly margin: number } {
  let [pieces, margin] = ["", Infinity];
  const compare = (a: number, b: number): boolean => {
    margin = Math.min(margin, Math.abs(a - b));
    pieces += a > b ? "+" : "-";
    return a > b;
  };
  applyDefinition(definition, z, {
    ...double,
    isGreater: compare,
    apply: (name, ...args) => {
      if (choosers.includes(name)) compare(args[0] as number, args[1] ?? 0);
      return double.apply(name, ...args);
    },
  });
  return { pieces, margin };
}

function numbersIn(formula: Expr): readonly number[] {
  const v = view(formula);
  return v.kind === "number" ? [toNumber(v.value)] : children(formula).flatMap(numbersIn);
}

interface SlopePoint {
  readonly z: Residues;
  readonly a: Residues;
  readonly slope: Residues;
  readonly arithmetic: Arithmetic<Residues>;
  readonly same: (a: Residues, b: Residues) => boolean;
}

function drawPoints(
  definition: ScalarFunction,
  count: number,
  seed: number,
  eighths = leaning(0),
): readonly SlopePoint[] {
  const tower = primeTower(expDepth(definition.value) + 1, seeded(seed), eighths);
  const one = tower.constant(rational(1));
  const points: SlopePoint[] = [];
  for (let attempt = 0; points.length < count; attempt++) {
    if (attempt === 4 * count) {
      throw problem(
        "formula",
        `the formula ${print(definition.value)} divides by zero wherever it is evaluated`,
        "write a formula that has values",
      );
    }
    const z = tower.draw();
    try {
      const { value, derivative } = applyDefinition(definition, { value: z, derivative: one }, dual(tower));
      points.push({ z, a: value, slope: derivative, arithmetic: tower, same: tower.same });
    } catch (error) {
      if (!(error instanceof DivisionByZero)) throw error;
    }
  }
  return points;
}

/** How deep functions made of exp are nested, conditions of choices included: each level needs a field of its own. */
export function expDepth(formula: Expr): number {
  const inner = Math.max(0, ...children(formula).map(expDepth));
  const v = view(formula);
  return v.kind === "call" && (!isElementary(v.name) || isMadeOfExp[v.name]) ? inner + 1 : inner;
}

/** Does a function, or its derivative, go through exp? */
const isMadeOfExp: Readonly<Record<Elementary, boolean>> = {
  exp: true,
  expm1: true,
  log: false,
  log1p: false,
  sqrt: false,
  tanh: true,
  sinh: true,
  cosh: true,
  sech: true,
  sin: false,
  cos: false,
  atan: false,
  erf: true,
  erfc: true,
  abs: false,
  sign: false,
  max: false,
  min: false,
  logistic: true,
  softplus: true,
  xlogx: false,
};

function polynomialInValue(definition: ScalarFunction): Expr | null {
  const points = drawPoints(definition, highestDegree + 1 + freshPoints, 1);
  const [{ arithmetic, same }] = points as [SlopePoint];
  const powers = (a: Residues): Residues[] => {
    const list = [arithmetic.constant(rational(1))];
    while (list.length <= highestDegree) list.push(arithmetic.multiply(list.at(-1) as Residues, a));
    return list;
  };
  const isAmbiguous = new Set(points.map((p) => p.a.at(-1))).size < points.length;
  if (isAmbiguous) return null;
  const solution = solve(
    points.slice(0, highestDegree + 1).map((p) => [...powers(p.a), p.slope]),
    arithmetic,
  );
  if (solution === null) return null;
  const coefficients = solution.map((c) => smallRational(c, arithmetic, same));
  if (coefficients.some((c) => c === null)) return null;
  const known = coefficients as Rational[];
  const agrees = points.every((p) => {
    const value = powers(p.a)
      .map((power, i) => arithmetic.multiply(arithmetic.constant(known[i] as Rational), power))
      .reduce(arithmetic.add);
    return same(value, p.slope);
  });
  return agrees ? factored(known) : null;
}

/** Gauss–Jordan elimination on rows of [coefficients…, right side]. */
function solve(rows: Residues[][], { divide, subtract, multiply: times }: Arithmetic<Residues>): Residues[] | null {
  const matrix = rows.map((row) => [...row]);
  const isZero = (x: Residues): boolean => x.at(-1) === 0n;
  for (let column = 0; column < matrix.length; column++) {
    const pivotRow = matrix.findIndex((row, i) => i >= column && !isZero(row[column] as Residues));
    if (pivotRow < 0) return null;
    [matrix[column], matrix[pivotRow]] = [matrix[pivotRow] as Residues[], matrix[column] as Residues[]];
    const pivot = matrix[column] as Residues[];
    const scaled = pivot.map((x) => divide(x, pivot[column] as Residues));
    matrix[column] = scaled;
    matrix.forEach((row, i) => {
      if (i !== column)
        matrix[i] = row.map((x, j) => subtract(x, times(row[column] as Residues, scaled[j] as Residues)));
    });
  }
  return matrix.map((row) => row.at(-1) as Residues);
}

/** The fraction with parts up to a million that has this residue, or null: rational reconstruction by halves of Euclid. */
function smallRational(x: Residues, arithmetic: Arithmetic<Residues>, same: SlopePoint["same"]): Rational | null {
  const modulus = (arithmetic.constant(rational(-1)).at(-1) as bigint) + 1n;
  let [r, s, t, u] = [modulus, x.at(-1) as bigint, 0n, 1n];
  while (s > 1_000_000n) [r, s, t, u] = [s, r % s, u, t - (r / s) * u];
  if (u === 0n || u > 1_000_000n || u < -1_000_000n) return null;
  const found = rational(s, u);
  return same(arithmetic.constant(found), x) ? found : null;
}

/** c₀ + c₁a + … with the lowest power of a taken out: a(1 − a) rather than a − a². */
function factored(coefficients: readonly Rational[]): Expr {
  const a = sym("a");
  const lowest = coefficients.findIndex((c) => c.numerator !== 0n);
  if (lowest < 0) return num(0);
  const rest = coefficients.slice(lowest).map((c, i) => multiply(num(c), power(a, num(i))));
  return fold(multiply(power(a, num(lowest)), fold(add(...rest))));
}
