import { networkFunctions, type Equation, type Model } from "../equations/index.ts";
import { digits64, forward, type Digits, type Valuation, type Values } from "../exact/index.ts";
import { num, substitute, view, type Expr } from "../expression/index.ts";
import type { Derivation, Instance } from "./derivation.ts";

/** The equation of an adjoint, under the name of its variable: delta3, or W3 for the gradient of W3. */
export const equationOf = ({ target, ranges, value, goal }: Instance): Equation => {
  const v = view(goal);
  return { variable: v.kind === "atom" ? v.variable : { family: `d${target.family}`, layer: null }, ranges, value };
};

/** The right side of an equation at numbers for its indices. */
export const numberedValue = ({ ranges, value }: Pick<Equation, "ranges" | "value">, tuple: readonly number[]): Expr =>
  substitute(value, new Map(ranges.map(({ index }, i) => [index, num(tuple[i] as number)])));

/** All values of the forward pass and the errors δ, at 64 digits. */
export function runExample(derivation: Derivation, literals: Values<string>): Valuation<Digits> {
  const ofDerivation = runs.get(derivation) ?? new WeakMap<Values<string>, Valuation<Digits>>();
  runs.set(derivation, ofDerivation);
  const known = ofDerivation.get(literals);
  if (known !== undefined) return known;
  const { network, model, layers } = derivation;
  const deltas = layers.map(({ delta }) => equationOf(delta));
  const full: Model = { ...model, equations: [...model.equations, ...deltas] };
  const given = new Map([...literals].map(([key, list]) => [key, list.map(digits64.from)]));
  const partial = {
    arithmetic: digits64,
    model: full,
    functions: networkFunctions(network),
    layers: { l: 0, L: network.sizes.length },
    adjoints: new Map(),
  };
  const valuation = { ...partial, values: forward(partial, given) };
  ofDerivation.set(literals, valuation);
  return valuation;
}

/** The example, its step of descent and the check share one run: a wide network's takes a third of a second. */
const runs = new WeakMap<Derivation, WeakMap<Values<string>, Valuation<Digits>>>();
