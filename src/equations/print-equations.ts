import { call, children, freshIndex, print, sym, view, withChildren, type Expr } from "../expression/index.ts";
import { problem } from "../problem.ts";
import type { Equation, ForwardModel, Range, ScalarFunction, Tensor } from "./model.ts";

/**
 * A forward model as the text that `readEquations` reads. In a file an index letter has one range, so letters
 * that have several here are renamed; apart from that, and from `sigma[2]` being called `sigma2`, what is read
 * back, its sizes put in, are the same trees.
 *
 * @param sizes the values of the sizes that have a name
 * @throws Problem where the model has a part that no file has
 */
export function printEquations(model: ForwardModel, sizes: ReadonlyMap<string, number>): string {
  const letters = lettersFor(model, sizes);
  // The equations choose letters before the declarations, which take any that have the range.
  const equations = model.equations.map((equation) => written(equation, letters));
  const tensors = (role: (role: Tensor["role"]) => boolean): readonly string[] =>
    model.tensors.filter((tensor) => role(tensor.role)).map((tensor) => declared(tensor, letters));
  const parameters = tensors((role) => role === "parameter");
  const inputs = tensors((role) => role !== "parameter");
  // A size that no letter runs to, but a value may be divided by, has to be declared all the same.
  for (const name of sizes.keys())
    if (![...letters.sizes.values()].includes(name))
      letters.sizes.set(freshIndex(new Set([...letters.taken, ...letters.sizes.keys()])), name);
  const functions = model.functions.map((f) => `function ${calledName(f)}(${f.argument}) = ${print(f.value)}`);
  const isComputed = model.equations.some(({ variable }) => variable.family === model.output.family);
  return [
    ...listed(
      "index",
      [...letters.sizes].map(([letter, size]) => `${letter} in 1..${size}`),
    ),
    ...listed("parameter", parameters),
    ...listed("input", inputs),
    ...functions,
    ...equations,
    ...(isComputed ? [`output ${model.output.family}`] : []),
    ...listed(
      "with",
      [...sizes].map(([name, value]) => `${name} = ${value}`),
    ),
    "",
  ].join("\n");
}

const perLine = 8;

/** The word and what it declares, on as many lines as it takes. */
function listed(word: string, items: readonly string[]): readonly string[] {
  const lines = Math.ceil(items.length / perLine);
  return Array.from({ length: lines }, (_, i) => `${word} ${items.slice(i * perLine, (i + 1) * perLine).join(", ")}`);
}

/** Which range each letter of the file has. */
interface Letters {
  /** The end of its range, by letter. */
  readonly sizes: Map<string, string>;
  /** Names that are no letters. */
  readonly taken: ReadonlySet<string>;
}

function lettersFor(model: ForwardModel, sizes: ReadonlyMap<string, number>): Letters {
  const families = [...model.tensors, ...model.equations].map(({ variable }) => variable.family);
  const functions = model.functions.map(calledName);
  return { sizes: new Map(), taken: new Set(["l", "L", ...families, ...functions, ...sizes.keys()]) };
}

/** The letter for an index: its own where that has no other range, else one that has this range, else a new one. */
function letterFor(index: string, size: Expr, used: ReadonlySet<string>, { sizes, taken }: Letters): string {
  const end = endOf(size);
  const isFree = (letter: string): boolean => !used.has(letter) && !taken.has(letter);
  const fits = (letter: string): boolean => isFree(letter) && (sizes.get(letter) ?? end) === end;
  const letter =
    [index, ...[...sizes].filter(([, other]) => other === end).map(([name]) => name)].find(fits) ??
    freshIndex(new Set([...used, ...taken, ...sizes.keys()]));
  sizes.set(letter, end);
  return letter;
}

/** 3, or n for size(n). */
function endOf(size: Expr): string {
  const v = view(size);
  if (v.kind === "number") return print(size);
  const name = v.kind === "size" ? view(v.layer) : null;
  if (name?.kind !== "symbol") throw unwritable(size);
  return name.name;
}

const unwritable = (expr: Expr): Error =>
  problem(
    "equations",
    `${print(expr)} cannot be written in a file of equations`,
    "write the model with sums and calls",
  );

function declared({ variable, sizes }: Tensor, letters: Letters): string {
  const used = new Set<string>();
  const indices = sizes.map((size) => {
    const known = [...letters.sizes].find(([letter, end]) => end === endOf(size) && !used.has(letter));
    const letter = letterFor(
      known?.[0] ?? freshIndex(new Set([...used, ...letters.sizes.keys()])),
      size,
      used,
      letters,
    );
    used.add(letter);
    return letter;
  });
  return `${variable.family}${bracketed(indices)}`;
}

const bracketed = (indices: readonly string[]): string => (indices.length === 0 ? "" : `[${indices.join(",")}]`);

function written({ variable, ranges, value }: Equation, letters: Letters): string {
  if (variable.layer !== null) throw unwritable(variable.layer);
  const scope = new Map<string, string>();
  for (const { index, size } of ranges) scope.set(index, letterFor(index, size, new Set(scope.values()), letters));
  const left = `${variable.family}${bracketed(ranges.map(({ index }: Range) => scope.get(index) as string))}`;
  return `${left} = ${print(renamed(value, scope, letters)).replaceAll(`${total}(`, "sum(")}`;
}

/** How a sum is called until it is text: a name that no file has, since a tree writes its sums differently. */
const total = "Σ";

/** The tree as it is written in a file: letters by their range, sizes by their names, functions by one word. */
function renamed(expr: Expr, scope: ReadonlyMap<string, string>, letters: Letters): Expr {
  const v = view(expr);
  if (v.kind === "symbol") return sym(scope.get(v.name) ?? v.name);
  if (v.kind === "size") return sym(endOf(expr));
  if (["maximum", "partial", "kronecker", "matrix", "hadamard", "all"].includes(v.kind)) throw unwritable(expr);
  if (v.kind === "sum") {
    const letter = letterFor(v.index, v.to, new Set(scope.values()), letters);
    return call(total, null, renamed(v.body, new Map([...scope, [v.index, letter]]), letters), sym(letter));
  }
  const parts = children(expr).map((part) => renamed(part, scope, letters));
  if (v.kind === "call") return call(`${v.name}${v.layer === null ? "" : print(v.layer)}`, null, ...parts);
  return parts.length === 0 ? expr : withChildren(expr, parts);
}

const calledName = ({ name, layer }: Pick<ScalarFunction, "name" | "layer">): string => `${name}${layer ?? ""}`;
