import { isFloatArray } from "./recorded-arrays.ts";
import { decide, isTruthy } from "./recorded-comparisons.ts";
import { decideSign, isNumber, refuseText, toNumeric, toPlain } from "./recorded-numbers.ts";
import { doubleOf, isRecorded, Recorded, stashMark, type Operand, type Tape } from "./recorded-tape.ts";

type Fn = (...args: unknown[]) => unknown;
type Replacements = Readonly<Record<string, unknown>>;

/** The functions of the language that need to be told of recorded numbers, each with the object that holds it. */
export const patches = (tape: Tape): readonly (readonly [holder: object, Replacements])[] => [
  [Number, onDoubles(originals.number)],
  [
    globalThis,
    { ...onDoubles(originals.global), ...conversions(tape), structuredClone: clone, Function: compiling(tape) },
  ],
  [Recorded.prototype, { constructor: Number }],
  [Object, onDoubles(originals.object)],
  [console, onDoubles(originals.console)],
  [JSON, { parse: parseWith(tape) }],
  [Array.prototype, { ...searches(tape), ...predicates(tape), ...sorts(tape) }],
];

const pick = <T extends object, Name extends keyof T>(holder: T, ...names: readonly Name[]): Pick<T, Name> =>
  Object.fromEntries(names.map((name) => [name, holder[name]])) as unknown as Pick<T, Name>;

const originals = {
  number: pick(Number, "isFinite", "isNaN", "isInteger", "isSafeInteger"),
  global: pick(globalThis, "isFinite", "isNaN"),
  object: pick(Object, "is"),
  console: pick(console, "log", "info", "warn", "error", "debug", "trace"),
  conversions: pick(globalThis, "Number", "Boolean", "parseFloat", "parseInt", "structuredClone", "Function"),
  parse: pick(JSON, "parse").parse,
  searches: pick(Array.prototype, "indexOf", "lastIndexOf", "includes"),
  predicates: pick(Array.prototype, "filter", "find", "findIndex", "findLast", "findLastIndex", "some", "every"),
  sorts: pick(Array.prototype, "sort", "toSorted"),
};

const entriesOf = (functions: object): [string, Fn][] => Object.entries(functions) as [string, Fn][];

/** Functions that only look at numbers, and see the doubles. */
const onDoubles = (functions: object): Replacements =>
  Object.fromEntries(
    entriesOf(functions).map(([name, original]) => [
      name,
      (...args: unknown[]) => original(...args.map((x) => (isNumber(x) ? doubleOf(x) : x))),
    ]),
  );

/** Conversions, which give recorded numbers back as they are. */
function conversions(tape: Tape): Replacements {
  const { Number, Boolean, parseFloat, parseInt } = originals.conversions;
  const calling = (constructor: object, call: (x: unknown) => unknown): unknown =>
    new Proxy(constructor, { apply: (_, __, args: unknown[]) => (args.length === 0 ? call("") : call(args[0])) });
  return {
    Number: calling(Number, (x) => {
      const number = toNumeric(tape, x);
      return isNumber(number) ? number : Number(number);
    }),
    Boolean: calling(Boolean, (x) => (isRecorded(x) ? isTruthy(tape, x) : Boolean(x))),
    parseFloat: (x: unknown) => {
      if (isRecorded(x)) return x;
      if (typeof x === "string") refuseText(tape, x);
      return parseFloat(x as string);
    },
    parseInt: (x: unknown, radix?: number) => {
      if (typeof x === "string") refuseText(tape, x);
      return parseInt(toPlain(tape, x, "parseInt") as string, radix);
    },
  };
}

/** Compiles text to code, in which the text of a recorded number would be a plain one. */
function compiling(tape: Tape): unknown {
  const refuse = (parts: readonly unknown[]): void => {
    const code = parts.join("\n");
    for (const text of tape.texts) if (code.includes(text)) tape.leave("code made of the text of a recorded number");
  };
  return new Proxy(originals.conversions.Function, {
    apply: (target, self, parts: unknown[]) => {
      refuse(parts);
      return Reflect.apply(target, self, parts) as unknown;
    },
    construct: (target, parts: unknown[], newTarget) => {
      refuse(parts);
      return Reflect.construct(target, parts, newTarget) as object;
    },
  });
}

/** structuredClone, which would take a recorded number for an object like any other. */
function clone(x: unknown): unknown {
  const seen = new Map<unknown, unknown>();
  const into = <T>(value: unknown, copied: T, fill: (copied: T) => void): T => {
    seen.set(value, copied);
    fill(copied);
    return copied;
  };
  const copy = (value: unknown): unknown => {
    if (isRecorded(value)) return value;
    if (seen.has(value)) return seen.get(value);
    if (Array.isArray(value))
      return into(value, [] as unknown[], (all) => value.forEach((each, i) => (all[i] = copy(each))));
    if (isFloatArray(value)) return into(value, value.slice(), () => undefined);
    if (value instanceof Map)
      return into(value, new Map(), (map) => value.forEach((each, key) => map.set(copy(key), copy(each))));
    if (value instanceof Set) return into(value, new Set(), (set) => value.forEach((each) => set.add(copy(each))));
    if (Object.prototype.toString.call(value) !== "[object Object]")
      return originals.conversions.structuredClone(value);
    const members: [string, unknown][] = Object.entries(value as object);
    return into<Record<string, unknown>>(value, {}, (all) => members.forEach(([key, each]) => (all[key] = copy(each))));
  };
  return copy(x);
}

/** JSON.parse, which finds the numbers again that JSON.stringify had marked. */
const parseWith =
  (tape: Tape) =>
  (text: unknown, revive?: (this: unknown, key: string, value: unknown) => unknown): unknown => {
    if (tape.texts.size === 0 && !String(text).includes(escapedMark)) return originals.parse(text as string, revive);
    return originals.parse(text as string, function (this: unknown, key: string, value: unknown): unknown {
      if (typeof value === "number") refuseText(tape, String(value));
      const found = typeof value === "string" ? tape.unstash(value) : value;
      return revive === undefined ? found : revive.call(this, key, found);
    });
  };
const escapedMark = JSON.stringify(stashMark).slice(1, -1);

type List = ArrayLike<unknown>;
type Predicate = (x: unknown, i: number, list: List) => unknown;

/** Methods that look for a number, which an object would not be equal to. */
function searches(tape: Tape): Replacements {
  const equals = (x: unknown, y: Operand): boolean =>
    isNumber(x) && decide(tape, x, "==", y, doubleOf(x) === doubleOf(y));
  const { indexOf, lastIndexOf, includes } = originals.searches as Record<
    keyof typeof originals.searches,
    (this: unknown[], x: unknown, ...from: number[]) => never
  >;
  return {
    indexOf(this: unknown[], x: unknown, ...from: number[]): number {
      if (!isNumber(x)) return indexOf.call(this, x, ...from);
      return firstIndex(this, (each) => equals(each, x), from[0]);
    },
    lastIndexOf(this: unknown[], x: unknown, ...from: number[]): number {
      if (!isNumber(x) || from.length > 0) return lastIndexOf.call(this, x, ...from);
      return originals.predicates.findLastIndex.call(this, (each) => equals(each, x));
    },
    includes(this: unknown[], x: unknown, ...from: number[]): boolean {
      if (!isNumber(x) || Number.isNaN(x)) return includes.call(this, x, ...from);
      return firstIndex(this, (each) => equals(each, x), ...from) >= 0;
    },
  };
}

function firstIndex(list: List, test: (x: unknown) => boolean, from = 0): number {
  for (let i = from < 0 ? list.length + from : from; i < list.length; i++) if (test(list[i])) return i;
  return -1;
}

/** Methods that ask of each element whether something holds, which a recorded 0 does not. */
const predicates = (tape: Tape): Replacements =>
  Object.fromEntries(
    entriesOf(originals.predicates).map(([name, original]) => [
      name,
      function (this: unknown, test: unknown, self?: unknown): unknown {
        if (typeof test !== "function") return original.call(this, test);
        return original.call(this, (x: unknown, i: number, list: List) => {
          const found = (test as Predicate).call(self, x, i, list);
          return isRecorded(found) ? isTruthy(tape, found) : found;
        });
      },
    ]),
  );

/** Sorting by a difference of recorded numbers, of which the sign decides. */
const sorts = (tape: Tape): Replacements =>
  Object.fromEntries(
    entriesOf(originals.sorts).map(([name, original]) => [
      name,
      function (this: unknown, compare?: (a: unknown, b: unknown) => unknown): unknown {
        if (compare === undefined) return original.call(this);
        return original.call(this, (a: unknown, b: unknown) => {
          const found = compare(a, b);
          return isRecorded(found) ? decideSign(tape, found) : found;
        });
      },
    ]),
  );
