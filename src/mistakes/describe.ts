import type { Formula } from "../notation/index.ts";
import { typesetFormula, unicode } from "../notation/index.ts";
import type { Range } from "../equations/index.ts";
import {
  add,
  atom,
  call,
  multiply,
  partial,
  renameApart,
  substitute,
  subtract,
  sym,
  transform,
  view,
  allSymbols,
  type Expr,
} from "../expression/index.ts";
import { loops } from "./code.ts";
import type { LocatedFinding } from "./finding.ts";
import { mutated } from "./mutation.ts";
import { entry, type Part, type Parts, type Shape } from "./parts.ts";
import { isOfCall, rate } from "./reduction.ts";
import type { Candidate, Search } from "./search.ts";

/** The findings of mistakes that have been found, each with its own formula. */
export function located<T>(shape: Shape, search: Search<T>, candidate: Candidate): readonly LocatedFinding<T>[] {
  return candidate.mutations.map((mutation) => {
    const { id, message, wrong } = mutation;
    const key = partKey(wrong);
    const wrongParts = mutated(search.parts, mutation) ?? search.parts;
    const form = formOf(search.parts.get(key) as Part, wrongParts.get(key) as Part);
    // A loss is known by its own formula, not by that of its derivative.
    const told = id === "other-loss" ? "C" : key;
    const [found, claimed] = [wrongParts, search.parts].map((parts) => equation(line(shape, parts, told, form)));
    const right = line(shape, search.parts, key, form);
    return {
      id,
      message,
      formula: { found: found as string, right: claimed as string },
      fix: loops(key, right.ranges, coded(shape, search.parts, key, form)),
      wrong,
      values: [key, ...downstream(key)].flatMap((quantity) => valuesOf(search, candidate, quantity)),
    };
  });
}

/** The part that a mistake is named for: a parameter stands for its gradient. */
const partKey = (wrong: string): string => (/^[Wb]\d+$/.test(wrong) ? `d${wrong}` : wrong);

/** Is the formula of one sample enough to show the difference, or does that lie in what becomes of the batch? */
type Form = "sample" | "whole";

function formOf(right: Part, found: Part): Form {
  const [a, b] = [right.stages, found.stages];
  if (a === undefined || b === undefined) return "sample";
  const isLater = a.reduction !== b.reduction || a.outer.length !== b.outer.length;
  return isLater ? "whole" : "sample";
}

interface Line {
  readonly left: Expr;
  readonly right: Expr;
  readonly ranges: readonly Range[];
}

function line(shape: Shape, parts: Parts, key: string, form: Form): Line {
  const part = parts.get(key) as Part;
  const indices = part.ranges.map(({ index }) => index);
  const shownIndices = part.isTransposed === true ? [...indices].reverse() : indices;
  const value = shown(withoutSample(inlined(parts, key, valueIn(part, form)), shape));
  return { left: shown(entry(key, ...shownIndices)), right: value, ranges: part.ranges };
}

const valueIn = ({ stages, value }: Part, form: Form): Expr =>
  stages === undefined || form === "whole"
    ? value
    : stages.penalty === null
      ? stages.summand
      : add(stages.summand, stages.penalty);

const coded = (shape: Shape, parts: Parts, key: string, form: Form): Expr =>
  withoutSample(inlined(parts, key, valueIn(parts.get(key) as Part, form)), shape);

const equation = ({ left, right }: Line): string => {
  const formula: Formula = { kind: "equality", left, right };
  return typesetFormula(formula, unicode);
};

/** σ′, the Jacobian, and in a δ also ∂J/∂a put in, so that the line is that of the derivation. */
function inlined(parts: Parts, key: string, value: Expr): Expr {
  const isInner = (family: string): boolean =>
    /^(?:slope|jac)\d+$/.test(family) || (key.startsWith("delta") && family === `s${key.slice(5)}`);
  return transform(value, (node) => {
    const v = view(node);
    const part = v.kind === "atom" && isInner(v.variable.family) ? parts.get(v.variable.family) : undefined;
    if (v.kind !== "atom" || part === undefined) return node;
    const taken = new Set([...allSymbols(value), ...v.indices.flatMap((index) => [...allSymbols(index)])]);
    const apart = renameApart(part.value, taken);
    const placed = substitute(apart, new Map(part.ranges.map(({ index }, i) => [index, v.indices[i] as Expr])));
    return inlined(parts, key, placed);
  });
}

/** A call of one sample needs no index for it. */
const withoutSample = (value: Expr, { samples }: Shape): Expr =>
  samples > 1
    ? value
    : transform(value, (node) => {
        const v = view(node);
        const isIndexed = v.kind === "atom" && !isOfCall(v.variable.family) && isFirst(v.indices[0]);
        return v.kind === "atom" && isIndexed ? atom(v.variable, v.indices.slice(1)) : node;
      });

const isFirst = (index: Expr | undefined): boolean => index !== undefined && isOne(index);
const isOne = (expr: Expr): boolean => {
  const v = view(expr);
  return v.kind === "number" && v.value.numerator === 1n && v.value.denominator === 1n;
};

/** The names of this folder's parts as the derivation writes them. */
const shown = (value: Expr): Expr =>
  transform(value, (node) => {
    const v = view(node);
    if (v.kind === "multiply") return multiply(...v.factors.filter((factor) => !isOne(factor)));
    if (v.kind === "symbol" && v.name === "C") return sym("J");
    if (v.kind !== "atom") return node;
    const [, name = "", how = ""] = /^([a-zA-Z]+\d*)(?:_(\w+))?$/.exec(v.variable.family) ?? [];
    if (how === "before" || how === "prior")
      return call("before", null, shown(atom({ family: name, layer: null }, v.indices)));
    const own = atom({ family: name, layer: null }, v.indices);
    if (how === "new") return subtract(own, multiply(rate, partial(sym("J"), own)));
    if (how === "flat") return atom({ family: name, layer: null }, [...v.indices].reverse());
    if (/^s\d+$/.test(name)) return partial(sym("J"), atom({ family: `a${name.slice(1)}`, layer: null }, v.indices));
    if (/^d[Wb]\d+$/.test(name)) return partial(sym("J"), atom({ family: name.slice(1), layer: null }, v.indices));
    return node;
  });

/** Code may go to δ at once, without ∂J/∂a, which the mistake is in. */
const downstream = (key: string): readonly string[] => (/^s\d+$/.test(key) ? [`delta${key.slice(1)}`] : []);

const shownEntries = 3;

/**
 * What the wrong quantity is worth, in the forms in which code may hold it: of one sample, averaged or not. Entries that
 * differ from what is right come first; but what is 0, or the same as it should be, may be all that there is.
 */
function valuesOf<T>({ exact, right }: Search<T>, { signed }: Candidate, key: string): readonly T[] {
  const [matcher] = exact;
  if (matcher === undefined) return [];
  const { world } = matcher;
  const { arithmetic, same, calls } = world.trial;
  const whole = (n: number): T => arithmetic.constant({ numerator: BigInt(n), denominator: 1n });
  const entries = calls.flatMap((_, call) => {
    const derived = world.entries(right, key, call, 0);
    return world.entries(signed, key, call, 0).map((value, i) => ({ value, isWrong: !same(value, derived[i] as T) }));
  });
  const known = entries.filter(({ value }) => !same(value, whole(0)));
  const own = [true, false].flatMap((wanted) =>
    known
      .filter(({ isWrong }) => isWrong === wanted)
      .slice(0, shownEntries)
      .map(({ value }) => value),
  );
  const samples = calls[0]?.samples.length ?? 1;
  return samples === 1
    ? own
    : [
        ...own,
        ...own.map((v) => arithmetic.divide(v, whole(samples))),
        ...own.map((v) => arithmetic.multiply(v, whole(samples))),
      ];
}
