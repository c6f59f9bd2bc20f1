import { variableKey, withSizes, type ForwardModel, type Model } from "../equations/index.ts";
import {
  drawPoints,
  evaluate,
  leaning,
  randomPoint,
  tuples,
  wholeNumber,
  type Point,
  type Points,
  type Random,
  type Residues,
  type Valuation,
} from "../exact/index.ts";
import { atom, num, partial, some, sym, view, type Expr, type Variable } from "../expression/index.ts";
import { adjointVariable } from "./adjoint-variable.ts";
import { stepDraws, stepSeed } from "./points.ts";

/** Sizes of a random draw: small, since every adjoint in it is a forward pass in dual numbers. */
const [leastSize, mostSize] = [2, 4] as const;

/**
 * Points at which the steps of local derivatives are checked: every variable has the value that the forward pass
 * gives it and every adjoint that of the total derivative of J by dual numbers, but no variable follows another,
 * so that ∂f/∂v holds all variables but v fixed.
 */
export function localPoints(model: ForwardModel, sizes: ReadonlyMap<string, number>): Points {
  const needed = neededSizes(model);
  return drawPoints(stepDraws, stepSeed, (random, nth) => {
    const drawn = new Map(
      [...sizes.keys()].map((name) => {
        const least = Math.max(leastSize, needed.get(name) ?? 0);
        return [name, random.whole(least, Math.max(mostSize, least))];
      }),
    );
    return localPoint(withSizes(model, drawn), drawn, random, leaning(nth));
  });
}

/** The least that each named size can be, since an equation names an entry by its number, as in x[3,i]. */
export function neededSizes({ tensors, equations }: Model): ReadonlyMap<string, number> {
  const axes = new Map<string, readonly Expr[]>([
    ...tensors.map((t) => [variableKey(t.variable), t.sizes] as const),
    ...equations.map((e) => [variableKey(e.variable), e.ranges.map(({ size }) => size)] as const),
  ]);
  const needed = new Map<string, number>();
  const visit = (variable: Variable, indices: readonly Expr[]): void =>
    indices.forEach((index, axis) => {
      const [number, size] = [view(index), view(axes.get(variableKey(variable))?.[axis] ?? num(0))];
      const name = size.kind === "size" ? view(size.layer) : null;
      if (number.kind === "number" && name?.kind === "symbol")
        needed.set(name.name, Math.max(needed.get(name.name) ?? 0, wholeNumber(index)));
    });
  for (const { value } of equations)
    some(value, (node) => {
      const v = view(node);
      if (v.kind === "atom") visit(v.variable, v.indices);
      return false;
    });
  return needed;
}

function localPoint(model: ForwardModel, sizes: ReadonlyMap<string, number>, random: Random, eighths: number): Point {
  const { valuation: total, same } = randomPoint(model, { l: 0, L: 0 }, random, [], model.functions, eighths);
  const variables = [
    ...model.tensors.map(({ variable, sizes: own }) => ({ variable, sizes: own })),
    ...model.equations.map(({ variable, ranges }) => ({ variable, sizes: ranges.map(({ size }) => size) })),
  ];
  const bars = variables.map((v) => ({ ...v, variable: adjointVariable(v.variable) }));
  const local: Model = {
    tensors: [...variables, ...bars].map((v) => ({ ...v, role: "input" })),
    equations: [],
    objective: model.objective,
  };
  const adjoints = variables.map(({ variable, sizes: own }) => {
    const places = tuples(own.map(wholeNumber));
    const adjointAt = (at: number): Residues => {
      const entry = atom(
        variable,
        (places[at] as readonly number[]).map((n) => num(n)),
      );
      return evaluate(partial(sym(model.objective.family), entry), total, new Map());
    };
    return [variableKey(adjointVariable(variable)), computedWhenAsked(places.length, adjointAt)] as const;
  });
  const valuation: Valuation<Residues> = {
    ...total,
    model: local,
    values: new Map([...total.values, ...adjoints]),
    sizes,
  };
  return { valuation, same };
}

/** A list whose entries are computed when they are first read: each is a forward pass, and few are looked at. */
function computedWhenAsked<T>(length: number, compute: (at: number) => T): readonly T[] {
  const known = new Map<number, T>();
  const entry = (at: number): T => {
    const value = known.get(at) ?? compute(at);
    known.set(at, value);
    return value;
  };
  const map = <U>(change: (value: T, at: number) => U): readonly U[] =>
    computedWhenAsked(length, (at) => change(entry(at), at));
  return new Proxy<T[]>([], {
    get: (_, name) => {
      if (name === "map") return map;
      if (name === "length") return length;
      return typeof name === "string" && /^\d+$/.test(name) && Number(name) < length ? entry(Number(name)) : undefined;
    },
  });
}
