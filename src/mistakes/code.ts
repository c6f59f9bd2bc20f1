import type { Range } from "../equations/index.ts";
import { isConstant, print, toNumber, view, type Binder, type Expr } from "../expression/index.ts";

/**
 * The loops that compute a quantity entry by entry, as TypeScript: `for (let j = 0; j < 3; j++) { … }`.
 *
 * @param target the array's name
 */
export function loops(target: string, ranges: readonly Range[], value: Expr): string {
  const writer = new Writer();
  const result = writer.write(value, precedence.assignment);
  const place = `${codeName(target)}${ranges.map(({ index }) => `[${index}]`).join("")}`;
  const body = [...writer.lines, `${place} = ${result};`];
  return [...ranges]
    .reverse()
    .reduce<readonly string[]>((lines, { index, size }) => nested(index, size, lines), body)
    .join("\n");
}

/** ∂J/∂a of a layer is called as gradients of parameters are. */
const codeName = (family: string): string => family.replace(/^s(\d+)$/, "da$1");

/** From the loosest on, as JavaScript binds. */
const precedence = {
  assignment: 0,
  choice: 1,
  comparison: 2,
  sum: 3,
  product: 4,
  unary: 5,
  power: 6,
  whole: 7,
} as const;

function nested(index: string, size: Expr, lines: readonly string[]): readonly string[] {
  const head = `for (let ${index} = 0; ${index} < ${sizeText(size)}; ${index}++)`;
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) return [`${head} ${only}`];
  return [`${head} {`, ...lines.map((line) => `  ${line}`), "}"];
}

function sizeText(size: Expr): string {
  const v = view(size);
  return v.kind === "size" ? print(v.layer) : print(size);
}

/** Writes an expression, each sum in it as a loop before it. */
class Writer {
  readonly lines: string[] = [];
  private readonly taken: { count: number };

  constructor(taken: { count: number } = { count: 0 }) {
    this.taken = taken;
  }

  write(expr: Expr, outer: number): string {
    const v = view(expr);
    const wrap = (own: number, text: string): string => (own < outer ? `(${text})` : text);
    switch (v.kind) {
      case "number":
        return v.value.denominator === 1n || isDecimal(toNumber(v.value))
          ? wrap(v.value.numerator < 0n ? precedence.unary : precedence.whole, String(toNumber(v.value)))
          : wrap(precedence.product, `${v.value.numerator} / ${v.value.denominator}`);
      case "symbol":
        return isConstant(v.name) ? "Math.PI" : v.name;
      case "size":
        return sizeText(expr);
      case "atom":
        return `${codeName(v.variable.family)}${v.indices.map((index) => `[${indexText(index)}]`).join("")}`;
      case "add":
        return wrap(precedence.sum, v.terms.map((term) => this.write(term, precedence.sum)).join(" + "));
      case "subtract":
        return wrap(
          precedence.sum,
          `${this.write(v.left, precedence.sum)} - ${this.write(v.right, precedence.product)}`,
        );
      case "multiply":
        return wrap(
          precedence.product,
          v.factors.map((f, i) => this.write(f, i === 0 ? precedence.product : precedence.unary)).join(" * "),
        );
      case "divide":
        return wrap(
          precedence.product,
          `${this.write(v.over, precedence.product)} / ${this.write(v.under, precedence.unary)}`,
        );
      case "negate":
        return wrap(precedence.unary, `-${this.write(v.of, precedence.power)}`);
      case "power":
        return wrap(
          precedence.power,
          `${this.write(v.base, precedence.whole)} ** ${this.write(v.exponent, precedence.power)}`,
        );
      case "sum":
      case "maximum":
        return this.accumulated(v);
      case "kronecker":
        return `(${indexText(v.left)} === ${indexText(v.right)} ? 1 : 0)`;
      case "choose":
        return wrap(
          precedence.choice,
          `${this.write(v.left, precedence.sum)} ${v.relation} ${this.write(v.right, precedence.sum)} ? ${this.write(v.then, precedence.comparison)} : ${this.write(v.otherwise, precedence.choice)}`,
        );
      case "call":
        return `${functionName(v.name)}(${v.args.map((argument) => this.write(argument, precedence.assignment)).join(", ")})`;
      default:
        return print(expr);
    }
  }

  private accumulated({ kind, index, to, body }: Binder): string {
    this.taken.count += 1;
    const name = `${kind === "sum" ? "sum" : "most"}${this.taken.count === 1 ? "" : this.taken.count}`;
    const inner = new Writer(this.taken);
    const term = inner.write(body, precedence.assignment);
    const line = kind === "sum" ? `${name} += ${term};` : `${name} = Math.max(${name}, ${term});`;
    this.lines.push(
      `let ${name} = ${kind === "sum" ? "0" : "-Infinity"};`,
      ...nested(index, to, [...inner.lines, line]),
    );
    return name;
  }
}

const isDecimal = (value: number): boolean => String(value).length <= 8;

/** Indices count from 1 in formulas, from 0 in code. */
function indexText(index: Expr): string {
  const v = view(index);
  return v.kind === "number" ? String(toNumber(v.value) - 1) : print(index);
}

const ownFunctions: readonly string[] = ["erf", "erfc", "logistic", "softplus", "xlogx", "sech"];
const functionName = (name: string): string => (ownFunctions.includes(name) ? name : `Math.${name}`);
