import {
  add,
  call,
  choose,
  divide,
  multiply,
  negate,
  num,
  power,
  subtract,
  sym,
  type Elementary,
  type Expr,
} from "../expression/index.ts";

type Partials = (...args: Expr[]) => readonly Expr[];

const of = (name: Elementary, ...args: Expr[]): Expr => call(name, null, ...args);
const one = num(1);
const zero = num(0);
/** 2/√π·exp(−u²) */
const bell = (u: Expr): Expr => multiply(divide(num(2), of("sqrt", sym("pi"))), of("exp", negate(power(u, num(2)))));

/**
 * ∂f/∂u for each argument u of each function: "mathjs" where mathjs has the rule, else the rule itself. max and
 * min take the first argument where both are equal.
 */
export const functionDerivatives = {
  exp: "mathjs",
  log: "mathjs",
  sqrt: "mathjs",
  // mathjs has sech² here, which says less: the value itself is at hand.
  tanh: (u) => [subtract(one, power(of("tanh", u), num(2)))],
  sinh: "mathjs",
  cosh: "mathjs",
  sech: "mathjs",
  sin: "mathjs",
  cos: "mathjs",
  atan: "mathjs",
  expm1: (u) => [of("exp", u)],
  log1p: (u) => [divide(one, add(one, u))],
  erf: (u) => [bell(u)],
  erfc: (u) => [negate(bell(u))],
  // mathjs has |u|/u here, which is no number at 0.
  abs: (u) => [of("sign", u)],
  sign: () => [zero],
  max: (u, v) => [choose(v, ">", u, zero, one), choose(v, ">", u, one, zero)],
  min: (u, v) => [choose(u, ">", v, zero, one), choose(u, ">", v, one, zero)],
  logistic: (u) => [multiply(of("logistic", u), subtract(one, of("logistic", u)))],
  softplus: (u) => [of("logistic", u)],
  xlogx: (u) => [add(of("log", u), one)],
} as const satisfies Readonly<Record<Elementary, Partials | "mathjs">>;
