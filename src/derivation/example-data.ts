import { targetVariable, variableKey } from "../equations/index.ts";
import { drawTensors, seeded, wholeNumber, type Values } from "../exact/index.ts";
import { countParameters, type Network } from "../network/index.ts";
import { problem } from "../problem.ts";
import type { Derivation } from "./derivation.ts";
import { runExample } from "./run-example.ts";

/** A network with numbers for its parameters, input and target. */
export interface ExampleData {
  readonly source:
    { readonly kind: "mazur"; readonly printedLossAfter: string } | { readonly kind: "seed"; readonly seed: number };
  /** Decimal literals of every tensor, row-major. */
  readonly literals: ReadonlyMap<string, readonly string[]>;
  /** The first of these with which one step lowers the loss is taken. */
  readonly learningRates: readonly string[];
  readonly updatesBiases: boolean;
  /** How results are rounded for print. */
  readonly rounding: Rounding;
}

export type Rounding = { readonly decimals: number } | { readonly significant: number };

/** Mazur's network ("A Step by Step Backpropagation Example", 2015), which many implementations are tested against. */
const mazur: ExampleData = {
  // The loss after the step is the one number of his that his others do not give.
  source: { kind: "mazur", printedLossAfter: "0.291027924" },
  literals: new Map([
    ["x", ["0.05", "0.1"]],
    ["W2", ["0.15", "0.2", "0.25", "0.3"]],
    ["b2", ["0.35", "0.35"]],
    ["W3", ["0.4", "0.45", "0.5", "0.55"]],
    ["b3", ["0.6", "0.6"]],
    ["y", ["0.01", "0.99"]],
  ]),
  learningRates: ["0.5"],
  updatesBiases: false,
  rounding: { decimals: 9 },
};

export const mazurNetwork: Network = { sizes: [2, 2, 2], activations: ["sigmoid", "sigmoid"], loss: "half-squared" };

/** The published numbers, for the network that they belong to. */
export function mazurExample(network: Network): ExampleData {
  const { sizes, activations, loss } = mazurNetwork;
  const fits =
    network.sizes.join() === sizes.join() && network.activations.join() === activations.join() && network.loss === loss;
  if (!fits)
    throw problem(
      "example-mazur",
      "Mazur's example is the network 2-2-2 with sigmoid activations and the loss half-squared",
      "write deltarule derive 2-2-2 --example mazur, or --seed N for numbers of your own network",
    );
  return mazur;
}

/** How often other numbers are drawn where the first leave a function's domain. */
const mostDraws = 24;
/** A value larger than this shows nothing that a smaller one does not. */
const largestValue = 1e4;
/** Below this a double has no room for all its digits. */
const smallestValue = 1e-280;
/** A wider network's numbers take longer to draw than anyone waits for. */
const mostParameters = 500_000;

/**
 * Short random decimals for every tensor of a network, at which every value of the forward and the backward
 * pass is a finite number.
 *
 * @throws Problem where none are found
 */
export function seededExample(derivation: Derivation, seed: number): ExampleData {
  const count = countParameters(derivation.network);
  if (count > mostParameters)
    throw problem(
      "example-too-large",
      `the network has ${count} parameters; an example is worked for at most ${mostParameters}`,
      "leave the numbers out with --without example,check",
    );
  for (let draw = 0; draw < mostDraws; draw++) {
    // Roots and logarithms have values for positive arguments only: the later draws have no negative parameters.
    const literals = drawLiterals(derivation, seed + 1_000_003 * draw, draw < mostDraws / 2);
    if (hasFiniteValues(derivation, literals))
      return {
        source: { kind: "seed", seed },
        literals,
        learningRates: ["0.5", "0.1", "0.01", "0.001"],
        updatesBiases: true,
        rounding: { significant: 6 },
      };
  }
  throw problem(
    "example-not-finite",
    "no numbers were found at which the network's values are all finite and of moderate size",
    "choose activations and a loss that fit each other (a logarithm takes outputs above zero) or another --seed, or leave the numbers out with --without example,check",
  );
}

/** Two digits for every entry; wide layers get small weights, so that nothing saturates. */
function drawLiterals({ model, equations }: Derivation, seed: number, areSigned: boolean): Values<string> {
  const random = seeded(seed);
  const areProbabilities = equations.some(({ underAssumption }) => underAssumption.length > 0);
  const tensors = new Map(model.tensors.map((tensor) => [variableKey(tensor.variable), tensor]));
  const drawn = drawTensors(model, (key) => {
    const { role, sizes } = tensors.get(key) as (typeof model.tensors)[0];
    const [, columns] = sizes;
    const size = columns === undefined ? 1 : Math.min(1, 2 / Math.sqrt(wholeNumber(columns)));
    const places = size > 0.3 ? 2 : 3;
    // A zero would hide a factor.
    const scaled = Math.max(1, Math.round(random.whole(11, 99) * size * 10 ** (places - 2)));
    const sign = role === "parameter" && areSigned && random.whole(0, 1) === 0 ? "-" : "";
    return `${sign}${String(scaled / 10 ** places)}`;
  });
  const target = variableKey(targetVariable);
  const targets = drawn.get(target) ?? [];
  return areProbabilities ? new Map([...drawn, [target, addingUpToOne(targets.length)]]) : drawn;
}

/** Probabilities of two digits, or as many as it takes: 1 : 2 : 3 : … */
function addingUpToOne(count: number): readonly string[] {
  const places = 1 + String(count * count).length;
  const whole = 10 ** places;
  const shares = Array.from({ length: count }, (_, i) => Math.floor((2 * (i + 1) * whole) / (count * (count + 1))));
  const rest = whole - shares.slice(0, -1).reduce((a, b) => a + b, 0);
  return [...shares.slice(0, -1), rest].map((share) => String(share / whole));
}

function hasFiniteValues(derivation: Derivation, literals: Values<string>): boolean {
  const { values } = runExample(derivation, literals);
  const computed = [...values].filter(([key]) => !literals.has(key));
  return computed.every(([, entries]) =>
    entries.every((value) => value.isZero() || (value.abs().lte(largestValue) && value.abs().gte(smallestValue))),
  );
}
