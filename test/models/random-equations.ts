import fc, { type Arbitrary } from "fast-check";

/**
 * Small lists of equations that are well formed and have values at moderate numbers. Each is read off a tape of
 * numbers: a choice takes the next one, and past the end the first of its options, which are ordered by how simple
 * they are. So a tape that shrinks is a text that shrinks.
 */
export const randomEquations = (): Arbitrary<string> =>
  fc.array(fc.nat(0xffff), { minLength: 0, maxLength: 180, size: "max" }).map((tape) => equations(chooser(tape)));

interface Choose {
  readonly whole: (least: number, most: number) => number;
  readonly of: <T>(options: readonly T[]) => T;
  /** True one time in `times`, and false past the end. */
  readonly rarely: (times: number) => boolean;
}

function chooser(tape: readonly number[]): Choose {
  let next = 0;
  const whole = (least: number, most: number): number => least + ((tape[next++] ?? 0) % (most - least + 1));
  return {
    whole,
    of: (options) => options[whole(0, options.length - 1)] as (typeof options)[number],
    rarely: (times) => whole(0, times - 1) === times - 1,
  };
}

/** An index letter, the number that it runs to, and how its range is written: as that number or as a size's name. */
interface Letter {
  readonly name: string;
  readonly size: number;
  readonly end: string;
}

/** A tensor or a variable: letters stand for the ranges of its indices. */
interface Entry {
  readonly name: string;
  readonly ranges: readonly Letter[];
}

/** What an expression may speak of. */
interface Around {
  readonly choose: Choose;
  readonly letters: readonly Letter[];
  readonly entries: readonly Entry[];
  readonly functions: readonly string[];
  /** Told of each entry's name. */
  readonly use: (name: string) => void;
}

function equations(choose: Choose): string {
  const letters = lettersOf(choose);
  const declared = (names: readonly string[], most: number): Entry[] =>
    names.slice(0, choose.whole(1, most)).map((name) => ({ name, ranges: rangesOf(choose, letters, 2) }));
  const parameters = declared(["w", "v", "c", "d"], 4);
  const inputs = declared(["x", "y"], 2);
  const functions = ["f", "g"].slice(0, choose.whole(0, 2));
  const definitions = functions.map((name) => `function ${name}(z) = ${definition(choose, choose.whole(0, 2))}`);
  const unused = new Set<string>();
  const around = { choose, letters, functions, use: (name: string) => unused.delete(name) };
  const entries: Entry[] = [...parameters, ...inputs];
  const lines: string[] = [];
  for (let left = choose.whole(1, 5); left > 0; left--) {
    const entry = { name: `q${lines.length + 1}`, ranges: rangesOf(choose, letters, 2) };
    const value = expression({ ...around, entries: [...entries] }, entry.ranges, choose.whole(1, 3));
    lines.push(`${entry.name}${bracketed(entry.ranges)} = ${value}`);
    entries.push(entry);
    unused.add(entry.name);
  }
  const last = [...unused].map((name) => squared(entries.find((e) => e.name === name) as Entry, choose));
  const more = choose.rarely(3) ? [expression({ ...around, entries }, [], 2)] : [];
  return [
    `index ${letters.map(({ name, end }) => `${name} in 1..${end}`).join(", ")}`,
    `parameter ${parameters.map((p) => `${p.name}${bracketed(p.ranges)}`).join(", ")}`,
    `input ${inputs.map((p) => `${p.name}${bracketed(p.ranges)}`).join(", ")}`,
    ...definitions,
    ...lines,
    `J = ${[...last, ...more].join(" + ")}`,
    ...withSizes(letters),
  ].join("\n");
}

const bracketed = (letters: readonly Letter[]): string =>
  letters.length === 0 ? "" : `[${letters.map(({ name }) => name).join(",")}]`;

/** One to three kinds of range, each with two letters, so that an entry can be read at another place than its own. */
function lettersOf(choose: Choose): readonly Letter[] {
  const kinds = ["i j", "k p", "s t"].slice(0, choose.whole(1, 3));
  return kinds.flatMap((names, nth) => {
    const size = choose.whole(1, 4);
    const end = choose.rarely(3) ? `n${nth}` : String(size);
    return names.split(" ").map((name) => ({ name, size, end }));
  });
}

const withSizes = (letters: readonly Letter[]): readonly string[] => {
  const named = new Map(letters.filter(({ end }) => end.startsWith("n")).map(({ end, size }) => [end, size]));
  return named.size === 0 ? [] : [`with ${[...named].map(([name, size]) => `${name} = ${size}`).join(", ")}`];
};

/** Up to `most` letters, all different; of a matrix both may have one range. */
function rangesOf(choose: Choose, letters: readonly Letter[], most: number): readonly Letter[] {
  const rank = choose.of([1, 0, 2, 2].filter((n) => n <= most));
  const ranges: Letter[] = [];
  for (let n = 0; n < rank; n++) ranges.push(choose.of(letters.filter((letter) => !ranges.includes(letter))));
  return ranges;
}

/** The sum of all entries, each squared or bent. */
function squared({ name, ranges }: Entry, choose: Choose): string {
  const entry = `${name}${bracketed(ranges)}`;
  const term = choose.of([`${entry}^2`, entry, `tanh(${entry})`, `(${entry} - 0.5)^2`]);
  return ranges.length === 0 ? term : `sum(${term}, ${ranges.map((r) => r.name).join(", ")})`;
}

/** Functions that have a value everywhere, and small ones: `@` is the argument. */
const shapes = [
  "tanh(@)",
  "(@)^2",
  "sin(@)",
  "cos(@)",
  "logistic(@)",
  "softplus(@)",
  "exp(-(@)^2)",
  "sqrt(1 + (@)^2)",
  "log(2 + (@)^2)",
  "atan(@)",
  "erf(@)",
  "abs(@)",
  "max(@, 0.3)",
  "min(0.7, @)",
  "1 / (1 + exp(-(@)))",
  "expm1(tanh(@))",
  "log1p((@)^2)",
  "cosh(tanh(@))",
  "1 / cosh(@)",
  "xlogx(1 + (@)^2)",
  "sinh(sin(@))",
  "(@)^3",
  "(1 + (@)^2)^0.5",
  "((@)^2 + 1)^(-1)",
  "-(@)",
];

/** Those without a kink: one where a function of z is steep is taken for a jump. */
const smooth = shapes.filter((shape) => !/max|min|abs/.test(shape));

/** The value of a function of z, in which z occurs. */
function definition(choose: Choose, depth: number): string {
  if (depth === 0) return choose.of(["z^2", "tanh(z)", "z", "z / (1 + exp(-z))", "z > 0 ? z : 0.1 * z", "max(0, z)"]);
  const inner = definition(choose, depth - 1);
  return choose.of([
    () => `z * (${inner})`,
    () => choose.of(smooth).replaceAll("@", `(${inner})`),
    () => `(${inner}) / (2 + z^2)`,
    // Without a jump, which is refused: both sides are zero at the comparison's tie.
    () => `z > 0 ? ${number(choose)} * z : z * (${inner})`,
    () => `${number(choose)} - (${inner}) * sin(z)`,
  ])();
}

const number = (choose: Choose): string => choose.of(["2", "0.5", "1", "3", "0.25", "1.5", "1e-2", "1/3", "pi"]);

/** An expression with the letters in scope. */
function expression(around: Around, scope: readonly Letter[], depth: number): string {
  const { choose, functions } = around;
  if (depth === 0) return choose.rarely(6) ? number(choose) : entryOf(around, scope);
  const part = (): string => `(${expression(around, scope, depth - 1)})`;
  return choose.of([
    () => entryOf(around, scope),
    () => `${part()} * ${part()}`,
    () => `${part()} + ${part()}`,
    () => total(around, scope, depth),
    () => `${part()} - ${part()}`,
    () => choose.of(shapes).replaceAll("@", part()),
    () => (functions.length === 0 ? `2 * ${part()}` : `${choose.of(functions)}(${part()})`),
    () => `${part()} / (2 + ${part()}^2)`,
    () => total(around, scope, depth),
    // A choice alone would jump, which is refused: what it is multiplied by is zero at its tie.
    () => chosen(part(), ">", number(choose), part(), part()),
    () => `${part()} * ${number(choose)} / ${number(choose)}`,
    () => chosen(part(), choose.of(["<=", "<", ">="]), part(), part(), number(choose)),
    () => `max(${part()}, ${part()})`,
    () => normalised(around, scope),
  ])();
}

const chosen = (left: string, relation: string, right: string, then: string, otherwise: string): string =>
  `(${left} ${relation} ${right} ? ${then} : ${otherwise}) * (${left} - ${right})`;

/** A sum or mean over letters that are not in scope; where all are, no sum. */
function total(around: Around, scope: readonly Letter[], depth: number): string {
  const { choose, letters } = around;
  const free = letters.filter((letter) => !scope.some(({ name }) => name === letter.name));
  if (free.length === 0) return entryOf(around, scope);
  const first = choose.of(free);
  const others = free.filter((letter) => letter !== first);
  const over = others.length > 0 && choose.rarely(4) ? [first, choose.of(others)] : [first];
  const body = expression(around, [...scope, ...over], depth - 1);
  return `${choose.of(["sum", "sum", "sum", "mean"])}(${body}, ${over.map(({ name }) => name).join(", ")})`;
}

/** softmax of an entry in one of its indices, or the logarithm of what it is divided by. */
function normalised(around: Around, scope: readonly Letter[]): string {
  const { choose, letters } = around;
  const pairs = scope.flatMap((at) => {
    const over = letters.find((l) => l.end === at.end && l.size === at.size && !scope.includes(l));
    return over === undefined ? [] : [{ at, over }];
  });
  if (pairs.length === 0) return entryOf(around, scope);
  const { at, over } = choose.of(pairs);
  const body = entryOf(around, scope);
  const renamed = body.replace(new RegExp(`\\b${at.name}\\b`, "g"), over.name);
  if (renamed === body) return `exp(tanh(${body}))`;
  const sum = `sum(exp(${renamed}), ${over.name})`;
  return choose.of([`exp(${body}) / ${sum}`, `log(${sum})`, `${body} - log(${sum})`]);
}

/** An entry of something at letters in scope, or at numbers where no letter fits. */
function entryOf({ choose, entries, use }: Around, scope: readonly Letter[]): string {
  // The latest comes first: variables are there to be used.
  const { name, ranges } = choose.of([...entries].reverse());
  use(name);
  const indices = ranges.map(({ end, size }) => {
    const fitting = scope.filter((letter) => letter.end === end).map((letter) => letter.name);
    return fitting.length === 0 || choose.rarely(8) ? String(choose.whole(1, size)) : choose.of(fitting);
  });
  return indices.length === 0 ? name : `${name}[${indices.join(",")}]`;
}
