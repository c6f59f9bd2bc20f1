import { variableKey, type Range } from "../equations/index.ts";
import {
  checkIdentity,
  digits64,
  drawPoints,
  drawTensors,
  evaluate,
  freePoint,
  seeded,
  tuples,
  wholeNumber,
  type Digits,
} from "../exact/index.ts";
import {
  atom,
  children,
  freeSymbols,
  isBinder,
  print,
  sym,
  transform,
  view,
  type Expr,
  type Variable,
} from "../expression/index.ts";

/** The sizes of the indices in scope, by name, and of the variables, by key. */
export interface Scope {
  readonly indices: ReadonlyMap<string, Expr>;
  readonly sizes: ReadonlyMap<string, readonly Expr[]>;
}

/** Exactly in a prime field, or to 50 of 64 digits where the identity is one of logarithms, which a field has not. */
export type Method = "tower" | "digits";

const draws = 2;
const seed = 6161;
const tolerance = 1e-50;
const mostTuples = 24;

/** Do the two sides agree at random values of every variable? */
export function agree(before: Expr, after: Expr, method: Method, scope: Scope): boolean {
  const [left, right, sizes] = withFreeMaxima(before, after, scope);
  const ranges = [...scope.indices]
    .filter(([index]) => freeSymbols(left).has(index) || freeSymbols(right).has(index))
    .map(([index, size]) => ({ index, size }));
  const variables = variablesOf([left, right], scope);
  return method === "tower"
    ? agreeExactly(left, right, ranges, variables, sizes)
    : agreeAtDigits(left, right, ranges, variables, sizes);
}

type Sizes = ReadonlyMap<string, readonly Expr[]>;
type Variables = ReadonlyMap<string, Variable>;

const sizesIn =
  (sizes: Sizes) =>
  (variable: Variable): readonly Expr[] =>
    sizes.get(variableKey(variable)) ?? [];

function agreeExactly(left: Expr, right: Expr, ranges: readonly Range[], variables: Variables, sizes: Sizes): boolean {
  const points = drawPoints(draws, seed, (random) => freePoint(variables, sizesIn(sizes), random));
  return checkIdentity(left, right, ranges, points, mostTuples).holds;
}

/** At values between 0.1 and 0.9, where logarithms of them and of what is left to 1 have values. */
function agreeAtDigits(left: Expr, right: Expr, ranges: readonly Range[], variables: Variables, sizes: Sizes): boolean {
  const model = {
    tensors: [...variables.values()].map(
      (variable) => ({ variable, role: "input", sizes: sizesIn(sizes)(variable) }) as const,
    ),
    equations: [],
    objective: { family: "J", layer: null },
  };
  const random = seeded(seed);
  const at = tuples(ranges.map(({ size }) => Math.min(2, wholeNumber(size))));
  return Array.from({ length: draws }).every(() => {
    const values = drawTensors(model, () => digits64.from(random.real(0.1, 0.9)));
    const valuation = {
      arithmetic: digits64,
      model,
      values,
      functions: [],
      layers: { l: 0, L: 0 },
      adjoints: new Map(),
    };
    const valueAt = (side: Expr, tuple: readonly number[]): Digits =>
      evaluate(side, valuation, new Map(ranges.map(({ index }, i) => [index, tuple[i] as number])));
    return at.every((tuple) => {
      const [a, b] = [valueAt(left, tuple), valueAt(right, tuple)];
      return a.sub(b).abs().lte(a.abs().add(1).mul(tolerance));
    });
  });
}

function variablesOf(sides: readonly Expr[], { indices }: Scope): Variables {
  const found = new Map<string, Variable>();
  const visit = (node: Expr, bound: ReadonlySet<string>): void => {
    const v = view(node);
    if (v.kind === "atom") found.set(variableKey(v.variable), v.variable);
    if (v.kind === "symbol" && !bound.has(v.name)) found.set(v.name, { family: v.name, layer: null });
    const inner = isBinder(v) ? new Set([...bound, v.index]) : bound;
    children(node).forEach((child) => visit(child, inner));
  };
  sides.forEach((side) => visit(side, new Set(indices.keys())));
  return found;
}

/** Both sides with a variable of its own for each maximum: what is shifted by m is the same whatever m is. */
function withFreeMaxima(before: Expr, after: Expr, { indices, sizes }: Scope): readonly [Expr, Expr, Sizes] {
  const names = new Map<string, string>();
  const all = new Map(sizes);
  const change = (node: Expr): Expr => {
    const v = view(node);
    if (v.kind !== "maximum") return node;
    const key = print(node);
    const family = names.get(key) ?? `maximum${names.size + 1}`;
    names.set(key, family);
    const free = [...indices].filter(([index]) => freeSymbols(node).has(index));
    all.set(
      family,
      free.map(([, size]) => size),
    );
    return atom(
      { family, layer: null },
      free.map(([index]) => sym(index)),
    );
  };
  return [transform(before, change), transform(after, change), all];
}
