import { seeded, type Random } from "../../src/exact/index.ts";
import {
  add,
  call,
  choose,
  decimal,
  divide,
  hadamard,
  isElementary,
  elementary,
  kronecker,
  maximum,
  multiply,
  negate,
  partial,
  power,
  read,
  relations,
  sizeOf,
  subtract,
  sum,
  sym,
  view,
  type Expr,
} from "../../src/expression/index.ts";

const leaves: readonly Expr[] = [
  ...["W[l][j, k]", "W2[1, 12]", "W3[1, 2]", "z[L - 1][j]", "delta[l + 1][k]", "a3[p]", "x[784]", "y[k]"].map(read),
  ...["W[l + 1][:, :]", "b2[:]", "x[:]", "J", "eta", "l", "size(l - 1)", "kronecker(j, 12)", "shape(3, 2)"].map(read),
  ...["T[l][i, j, 1]", "T2[1, 12, k]", "W2[1, j]", "R[l][]", "R2", "pi", "size(h)", "size(h2)", "size(hidden)"].map(
    read,
  ),
  ...["0.5", "2", "10", "0.044715", "1e-7", "1.5e+21"].map(decimal),
];
const functions = [
  ...(Object.keys(elementary) as (keyof typeof elementary)[]),
  ...["sigma", "sigma_prime", "transpose", "relu", "relu_prime", "leaky_relu", "f"],
];
const bounds = [decimal("3"), sizeOf(sym("l")), sym("L"), sizeOf(sym("h"))];
const tensors = ["W[l][:, :]", "b2[:]", "x[:]"].map(read);
const entries = ["W[l][j, k]", "z2[j]", "x[k]", "b[L][3]", "T[l][i, j, k]", "R[l][]", "R2"].map(read);

/** A tree of every kind of node that a formula has, the same for the same seed. */
export function randomTree(seed: number): Expr {
  const random = seeded(seed);
  return tree(random, random.whole(1, 5));
}

const pick = <T>(random: Random, from: readonly T[]): T => from[random.whole(0, from.length - 1)] as T;

function tree(random: Random, depth: number): Expr {
  if (depth === 0) return pick(random, leaves);
  const part = (): Expr => tree(random, random.whole(0, depth - 1));
  const parts = (): Expr[] => Array.from({ length: random.whole(2, 4) }, part);
  return pick<() => Expr>(random, [
    () => add(...parts()),
    () => subtract(part(), part()),
    () => multiply(...parts()),
    () => multiply(...parts()),
    () => hadamard(...parts()),
    () => negate(part()),
    () => divide(part(), part()),
    () => power(baseOf(part()), part()),
    () => sum(pick(random, ["j", "k", "p"]), pick(random, bounds), part()),
    () => maximum(pick(random, ["j", "k", "p"]), pick(random, bounds), part()),
    () => choose(part(), pick(random, relations), part(), part(), part()),
    () => called(pick(random, functions), part),
    () => called(pick(random, functions), part),
    () => call(pick(random, ["sigma", "sigma_prime"]), pick(random, [sym("l"), decimal("2")]), part()),
    () => partial(part(), pick(random, entries)),
    () => partial(sym("J"), pick(random, tensors)),
    () => kronecker(part(), part()),
  ])();
}

function called(name: string, part: () => Expr): Expr {
  const count = isElementary(name) ? elementary[name] : name === "f" ? 2 : 1;
  return call(name, null, ...Array.from({ length: count }, part));
}

/** 1 × 10^{-7} cannot have another exponent above it. */
function baseOf(base: Expr): Expr {
  return view(base).kind === "number" && base.toString().includes("e") ? sym("J") : base;
}
