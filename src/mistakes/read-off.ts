import { add, divide, multiply, num, type Expr, type Rational } from "../expression/index.ts";
import {
  allTensors,
  finished,
  forEach,
  gradientsOf,
  mutation,
  staged,
  tensorScopes,
  type Facts,
  type Mutation,
} from "./mutation.ts";
import { entry, type Shape } from "./parts.ts";
import { nearestRational, rationalText } from "./nearest-rational.ts";
import { rate } from "./reduction.ts";
import { clippedNorms, clippings, type NormBound } from "./rows-bounds.ts";
import { scaled } from "./rows-factor.ts";
import type { Search } from "./search.ts";
import type { TrialCall } from "./trial.ts";

/** Mistakes with a number in them that no table has: it is read off what the code gave, and then must fit everywhere. */
export function mutationsReadOff<T>(shape: Shape, facts: Facts, search: Search<T>): readonly Mutation[] {
  const pairs = entriesOf(search);
  return [
    ...(facts.hasRate ? fixedRates(shape, search, pairs) : []),
    ...factors(pairs).flatMap((value) => scaled(shape, { value, text: rationalText(value) })),
    ...penalties(shape, search),
    ...clippings(boundsOf(pairs))(shape, facts, search.parts),
    ...clippedNorms(shape, search.parts, normBounds(pairs)),
  ];
}

/** An entry of the gradient as the code gave it, with the right one. */
interface Given {
  readonly name: string;
  readonly call: number;
  readonly found: number;
  readonly right: number;
}

function entriesOf<T>({ layout, numeric, right }: Search<T>): readonly Given[] {
  const { world } = numeric;
  return world.trial.calls.flatMap(({ gradient }, call) =>
    layout.flatMap(({ name, offset }) =>
      world
        .entries(right, `d${name}`, call, 0)
        .map((value, at) => ({ name, call, found: gradient[offset + at] as number, right: value })),
    ),
  );
}

/** The entry of each tensor at which most can be read. */
function largest(pairs: readonly Given[]): readonly Given[] {
  const best = new Map<string, Given>();
  for (const pair of pairs) {
    const known = best.get(pair.name);
    if (known === undefined || Math.abs(pair.right) > Math.abs(known.right)) best.set(pair.name, pair);
  }
  return [...best.values()].filter(({ right }) => right !== 0);
}

const factors = (pairs: readonly Given[]): readonly Rational[] =>
  distinct(largest(pairs).map(({ found, right }) => found / right));

/** The rationals near to numbers, but 0 and 1, each once. */
function distinct(values: readonly number[]): readonly Rational[] {
  const near = values.map(nearestRational).filter((value) => value !== null);
  const trivial = ({ numerator, denominator }: Rational): boolean => numerator === 0n || numerator === denominator;
  return near.filter(
    (value, i) => !trivial(value) && near.findIndex((other) => rationalText(other) === rationalText(value)) === i,
  );
}

/** Steps at a rate of their own, whatever the rate that is asked for. */
function fixedRates<T>(shape: Shape, { numeric }: Search<T>, pairs: readonly Given[]): readonly Mutation[] {
  const { calls } = numeric.world.trial;
  const own = largest(pairs).map(
    ({ found, right, call }) => (found / right) * ((calls[call] as TrialCall<number>).rate ?? NaN),
  );
  return distinct(own).flatMap((value) =>
    [allTensors(shape), ...tensorScopes(shape)].map((scope) =>
      mutation(
        "learning-rate",
        scope.keys[0] as string,
        `the step of ${scope.text} is made at the rate ${rationalText(value)}, whatever the learning rate`,
        forEach(
          gradientsOf(scope),
          finished(shape, (gradient: Expr) => divide(multiply(num(value), gradient), rate)),
        ),
      ),
    ),
  );
}

/** λW where no penalty is asked for, or another λ. */
function penalties<T>(shape: Shape, { numeric, right, layout }: Search<T>): readonly Mutation[] {
  const { world } = numeric;
  const [call] = world.trial.calls;
  const ratios = layout.flatMap(({ name, offset }) => {
    const weight = call?.theta[offset] ?? NaN;
    const found = call?.gradient[offset] ?? NaN;
    const value = world.entry(right, `d${name}`, 0, 0);
    return name.startsWith("W") ? [(found - value) / weight] : [];
  });
  return distinct(ratios.map((value) => Number(value.toPrecision(6)))).flatMap((value) =>
    [...tensorScopes(shape, ["W"]), allTensors(shape)].map((scope) =>
      mutation(
        "regulariser",
        scope.keys[0] as string,
        `${scope.text} has ${rationalText(value)} times the parameters added to it, as by a penalty that is not asked for`,
        Object.fromEntries(
          scope.keys.map((key) => [
            `d${key}`,
            staged(shape, ({ penalty }) => {
              const own = entry(key, ...(key.startsWith("W") ? ["j", "k"] : ["j"]));
              const term = multiply(num(value), own);
              return { penalty: penalty === null ? term : add(penalty, term) };
            }),
          ]),
        ),
      ),
    ),
  );
}

/** Values at which several entries stop, or that are round where the right ones are not. */
function boundsOf(pairs: readonly Given[]): readonly number[] {
  const beyond = pairs.filter(({ found, right }) => Math.abs(found) < Math.abs(right) * (1 - 1e-9) && found !== 0);
  const counts = new Map<number, number>();
  for (const { found } of beyond) {
    const value = Number(Math.abs(found).toPrecision(9));
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const isShort = (value: number): boolean => String(value).length <= 6;
  return [...counts]
    .filter(([value, count]) => isShort(value) || count > 2)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([value]) => value);
}

/** The norms to which the gradients of calls are shortened, of the whole or of a tensor. */
function normBounds(pairs: readonly Given[]): readonly NormBound[] {
  const names = [...new Set(pairs.map(({ name }) => name))];
  return [null, ...names].flatMap((name) => {
    const own = pairs.filter((pair) => name === null || pair.name === name);
    const norms = [...new Set(own.map(({ call }) => call))].flatMap((call) => {
      const ofCall = own.filter((pair) => pair.call === call);
      const norm = (of: (pair: Given) => number): number =>
        Math.sqrt(ofCall.reduce((sum, pair) => sum + of(pair) ** 2, 0));
      const [found, right] = [norm((pair) => pair.found), norm((pair) => pair.right)];
      return found < right * (1 - 1e-9) && found > 0 ? [Number(found.toPrecision(9))] : [];
    });
    const [first] = norms;
    return first !== undefined && norms.every((norm) => norm === first) ? [{ tensor: name, bound: first }] : [];
  });
}
