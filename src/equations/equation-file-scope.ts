import {
  argumentsOf,
  call,
  clone,
  divide,
  elementaryCall,
  freeSymbols,
  isConstant,
  isTyped,
  lower,
  multiply,
  num,
  print,
  Refusal,
  sizeOf,
  sum,
  sym,
  toNumber,
  typedFunctions,
  unknownName,
  view,
  atom,
  type Call,
  type Entry,
  type Expr,
  type Name,
  type Scope,
  type Syntax,
} from "../expression/index.ts";
import { indexSize, spokenRange, type Meaning, type Names } from "./equation-file-names.ts";

/** What the right side of an equation may speak of. */
export interface Surroundings {
  readonly names: Names;
  /** The functions that have a name without being declared, such as relu. */
  readonly named: ReadonlySet<string>;
  /** The values of the sizes as far as they are known. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Names in lines that are refused: what is missing because of them is no second mistake. */
  readonly broken: ReadonlySet<string>;
  /** Told of each name that is used, and where. */
  readonly use: (name: string, at: number) => void;
  readonly warn: (at: number, what: string, advice: string) => void;
}

/** A refusal that only follows from another one. */
export const followsFrom = (at: number): Refusal => new Refusal(at, "");

/**
 * The right side of an equation.
 *
 * @param free the indices of its left side
 * @throws Refusal where a part of it has no meaning
 */
export function lowerValue(value: Syntax, free: ReadonlySet<string>, around: Surroundings): Expr {
  return lower(value, equationScope(free, around));
}

/** The value of a function of `argument`, or of a constant where there is none. */
export function lowerFunction(value: Syntax, argument: string | null, around: Surroundings): Expr {
  const scope: Scope = {
    name: (node) => {
      if (node.name === argument) return sym(node.name);
      const { meaning } = around.names.get(node.name) ?? {};
      if (meaning?.kind === "constant") return clone(meaning.value);
      if (isConstant(node.name)) return sym(node.name);
      throw unknown(node, "name", argument === null ? [] : [argument], around);
    },
    entry: ({ at }) => {
      throw new Refusal(at, "functions and constants are made of numbers only", "write f(z) with one scalar argument");
    },
    call: (node, lowered) => {
      if (isTyped(node.name)) return elementaryCall(node, lowered);
      throw unknown(node, "function", typedFunctions, around);
    },
  };
  return lower(value, scope);
}

function unknown(
  { name, at }: Name | Call | Entry,
  what: "name" | "function",
  known: Iterable<string>,
  { broken }: Surroundings,
): Refusal {
  if (broken.has(name)) return followsFrom(at);
  const { message, advice } = unknownName(name, at, what, known);
  return new Refusal(at, message, advice ?? "declare it, or mend its spelling");
}

function equationScope(inScope: ReadonlySet<string>, around: Surroundings): Scope {
  return {
    name: (node) => scalar(node, inScope, around),
    entry: (node) => entryOf(node, inScope, around),
    call: (node, lowered) => {
      if (node.name === "sum" || node.name === "mean") return reduction(node, inScope, around);
      if (isTyped(node.name)) {
        refuseLargestEntry(node, around);
        return elementaryCall(node, lowered);
      }
      const meaning = around.names.get(node.name)?.meaning;
      if (meaning !== undefined && meaning.kind !== "function")
        throw new Refusal(node.at, `${node.name} is no function`, `write a multiplication as ${node.name}*(…)`);
      if (meaning === undefined && !around.named.has(node.name))
        throw unknown(node, "function", functionNames(around), around);
      around.use(node.name, node.at);
      return call(node.name, null, lowered(argumentsOf(node, 1)[0] as Syntax));
    },
  };
}

const functionNames = ({ names, named }: Surroundings): readonly string[] => [
  ...[...names].flatMap(([name, { meaning }]) => (meaning.kind === "function" ? [name] : [])),
  "sum",
  "mean",
  ...typedFunctions,
  ...named,
];

/** A name that stands for a number. */
function scalar(node: Name, inScope: ReadonlySet<string>, around: Surroundings): Expr {
  const { name, at } = node;
  const meaning = around.names.get(name)?.meaning;
  if (meaning === undefined) {
    if (isConstant(name)) return sym(name);
    if (isTyped(name) || around.named.has(name)) throw new Refusal(at, `${name} is a function`, `call it: ${name}(…)`);
    throw unknown(node, "name", around.names.keys(), around);
  }
  switch (meaning.kind) {
    case "size":
      return sizeOf(sym(name));
    case "constant":
      return clone(meaning.value);
    case "function":
      throw new Refusal(at, `${name} is a function`, `call it: ${name}(…)`);
    case "index":
      throw new Refusal(
        at,
        `the index ${name} stands where a number is expected`,
        inScope.has(name) ? "an index stands between [ and ] only" : `is an entry such as x[${name}] meant?`,
      );
    default:
      around.use(name, at);
      if (meaning.sizes.length > 0) throw indexCount(name, at, meaning, 0);
      return sym(name);
  }
}

type Tensor = Extract<Meaning, { readonly sizes: readonly Expr[] }>;

function indexCount(name: string, at: number, { sizes }: Tensor, given: number): Refusal {
  const count = sizes.length === 1 ? "one index" : `${sizes.length === 0 ? "no" : sizes.length} indices`;
  const ranges = sizes.length === 0 ? "it is a scalar" : `its ranges are ${sizes.map(spokenRange).join(", ")}`;
  return new Refusal(at, `${name} has ${count}, not ${given}`, ranges);
}

function entryOf(node: Entry, inScope: ReadonlySet<string>, around: Surroundings): Expr {
  const { name, at, groups } = node;
  const meaning = around.names.get(name)?.meaning;
  if (meaning === undefined) throw unknown(node, "name", around.names.keys(), around);
  if (!("sizes" in meaning))
    throw new Refusal(at, `${name} has no entries`, "only inputs, parameters and variables do");
  around.use(name, at);
  if (groups.length > 1) throw new Refusal(at, `${name} is no step of a recurrence`, "write one group of indices");
  const indices = groups[0] ?? [];
  if (indices.length !== meaning.sizes.length) throw indexCount(name, at, meaning, indices.length);
  const read = (index: Syntax, i: number): Expr =>
    indexAt(index, meaning.sizes[i] as Expr, `${name}'s ${ordinals[i] ?? `${i + 1}th`} index`, inScope, around);
  return atom({ family: name, layer: null }, indices.map(read));
}

const ordinals = ["first", "second", "third"];

function indexAt(
  index: Syntax,
  size: Expr,
  place: string,
  inScope: ReadonlySet<string>,
  { names, sizes, broken }: Surroundings,
): Expr {
  if (index.kind === "number") return literalIndex(index, size, place, sizes);
  if (index.kind !== "name")
    throw new Refusal(index.at, `${place} is neither a letter nor a number`, "write an index such as j or 1");
  if (broken.has(index.name) && !names.has(index.name)) throw followsFrom(index.at);
  const own = indexSize(names, index);
  if (!inScope.has(index.name))
    throw new Refusal(
      index.at,
      `the index ${index.name} is neither on the left side nor summed over`,
      `write it on the left, or sum(…, ${index.name})`,
    );
  if (print(own) !== print(size))
    throw new Refusal(
      index.at,
      `${place} runs over ${spokenRange(size)}, but ${index.name} over ${spokenRange(own)}`,
      "use an index with the range of the entry",
    );
  return sym(index.name);
}

function literalIndex(
  { text, at }: Extract<Syntax, { kind: "number" }>,
  size: Expr,
  place: string,
  sizes: ReadonlyMap<string, number>,
): Expr {
  const value = Number(text);
  const v = view(size);
  const limit =
    v.kind === "number" ? toNumber(v.value) : v.kind === "size" ? (sizes.get(print(v.layer)) ?? Infinity) : Infinity;
  if (!/^\d+$/.test(text) || value < 1 || value > limit)
    throw new Refusal(at, `${place} is ${text}; it runs over ${spokenRange(size)}`, `write 1 to ${limit}`);
  return num(value);
}

const isIndex = (part: Syntax, { names }: Surroundings): boolean =>
  part.kind === "name" && names.get(part.name)?.meaning.kind === "index";

/** `max(x[i], i)` looks like a maximum over i, and is none of two numbers. */
function refuseLargestEntry({ name, args, at }: Call, around: Surroundings): void {
  if ((name !== "max" && name !== "min") || !args.slice(1).some((part) => isIndex(part, around))) return;
  throw new Refusal(
    at,
    `${name} over an index has no derivative rule yet`,
    `${name}(a, b) takes two numbers; write a soft maximum as log(sum(exp(…), i))`,
  );
}

/** `sum(body, i, j)` and `mean(body, i, j)` */
function reduction({ name, args, at }: Call, inScope: ReadonlySet<string>, around: Surroundings): Expr {
  const [body, ...over] = args;
  if (body === undefined || over.length === 0)
    throw new Refusal(at, `${name} does not say over which index`, `write ${name}(x[i], i)`);
  const sizes = over.map((part, nth) => {
    if (part.kind !== "name")
      throw new Refusal(part.at, `${name} takes index letters after its first argument`, `write ${name}(x[i], i)`);
    if (around.broken.has(part.name) && !around.names.has(part.name)) throw followsFrom(part.at);
    const size = indexSize(around.names, part);
    const isTwice = over.slice(0, nth).some((earlier) => earlier.kind === "name" && earlier.name === part.name);
    if (inScope.has(part.name) || isTwice)
      throw new Refusal(
        part.at,
        `the index ${part.name} is bound by this ${name} and has a meaning outside of it`,
        "sum over another letter with the same range",
      );
    return { index: part.name, size, at: part.at };
  });
  const value = lower(body, equationScope(new Set([...inScope, ...sizes.map((s) => s.index)]), around));
  for (const { index, at: place } of sizes)
    if (!freeSymbols(value).has(index))
      around.warn(place, `what is summed does not depend on ${index}`, `every term is the same: is ${index} meant?`);
  const total = sizes.reduceRight((inner, { index, size }) => sum(index, clone(size), inner), value);
  return name === "sum" ? total : divide(total, multiply(...sizes.map(({ size }) => clone(size))));
}
