import { layerPlaces, type LayerPlace } from "./networks.ts";

/**
 * How loops are written by hand:
 * - `arguments`: theta, x, y and gradient are arguments, scratch lies at module level;
 * - `owned`: all of them lie at module level, and the function names theta and gradient by local constants;
 * - `aliased`: it names every array by a local constant, which V8 takes for a constant address;
 * - `accumulators`: in addition dot products have four accumulators, which hides the latency of the adder.
 */
export type LoopStyle = "arguments" | "owned" | "aliased" | "accumulators";

/**
 * What a competent engineer writes by hand for one network: flat Float64Arrays, one function, literal bounds and
 * offsets, nothing allocated. Written from the four equations, not taken from the program that modules are emitted
 * from.
 *
 * The module exports forward(theta, x, output), backward(theta, x, y, gradient) and
 * backwardBatch(theta, X, Y, gradient, count), or buffers, forwardOwned() and backwardOwned().
 */
export function loopsModule(sizes: readonly number[], style: LoopStyle): string {
  const layers = layerPlaces(sizes);
  const scratch = layers.flatMap(({ outputs }, i) => [
    `const a${i + 2} = new Float64Array(${outputs});`,
    `const d${i + 2} = new Float64Array(${outputs});`,
  ]);
  return [...scratch, style === "arguments" ? withArguments(layers) : withBuffers(layers, style)].join("\n");
}

/** How a sample is read, where dot products go, and how a gradient is left. */
interface Access {
  readonly x: (k: string) => string;
  readonly y: string;
  readonly assign: "=" | "+=";
  readonly accumulators?: boolean;
}

const single: Access = { x: (k) => `x[${k}]`, y: "y[j]", assign: "=" };

function withArguments(layers: readonly LayerPlace[]): string {
  const [{ inputs }, { outputs, biases }] = [layers[0] as LayerPlace, layers.at(-1) as LayerPlace];
  const parameters = biases + outputs;
  const batch: Access = { x: (k) => `X[x0 + ${k}]`, y: "Y[y0 + j]", assign: "+=" };
  return `
export function forward(theta, x, output) {
${forwardBody(layers, single)}
}

export function backward(theta, x, y, gradient) {
${gradientBody(layers, single)}
  return loss / ${2 * outputs};
}

export function backwardBatch(theta, X, Y, gradient, count) {
  for (let i = 0; i < ${parameters}; i++) gradient[i] = 0;
  let total = 0;
  for (let s = 0; s < count; s++) {
    const x0 = ${inputs} * s;
    const y0 = ${outputs} * s;
${gradientBody(layers, batch)}
    total += loss / ${2 * outputs};
  }
  for (let i = 0; i < ${parameters}; i++) gradient[i] /= count;
  return total / count;
}
`;
}

/** An alias hides the array at module level behind a local constant of the same name. */
function withBuffers(layers: readonly LayerPlace[], style: Exclude<LoopStyle, "arguments">): string {
  const [{ inputs }, { outputs, biases }] = [layers[0] as LayerPlace, layers.at(-1) as LayerPlace];
  const lengths = { theta: biases + outputs, gradient: biases + outputs, x: inputs, y: outputs, output: outputs };
  const scratch = layers.flatMap((_, i) => [`a${i + 2}`, `d${i + 2}`]);
  const aliased = style === "owned" ? ["theta", "gradient"] : [...Object.keys(lengths), ...scratch];
  const access = { ...single, accumulators: style === "accumulators" };
  const local = (body: string): string =>
    aliased.reduce((text, name) => text.replace(new RegExp(`\\b${name}\\b`, "g"), `${name}_`), body);
  const aliases = (body: string): string =>
    aliased.flatMap((name) => (new RegExp(`\\b${name}_`).test(body) ? [`  const ${name}_ = ${name};`] : [])).join("\n");
  const [up, down] = [local(forwardBody(layers, access)), local(gradientBody(layers, access))];
  return `${Object.entries(lengths)
    .map(([name, length]) => `const ${name} = new Float64Array(${length});`)
    .join("\n")}
export const buffers = { theta, input: x, target: y, output, gradient };

export function forwardOwned() {
${aliases(up)}
${up}
}

export function backwardOwned() {
${aliases(down)}
${down}
  return loss / ${2 * outputs};
}
`;
}

const forwardBody = (layers: readonly LayerPlace[], access: Access): string =>
  layers.map((layer, i) => activate(layer, i, access, i === layers.length - 1 ? "output" : `a${i + 2}`)).join("\n");

function gradientBody(layers: readonly LayerPlace[], access: Access): string {
  const top = layers.length + 1;
  const { outputs } = layers.at(-1) as LayerPlace;
  const descending = layers.map((layer, i) => (i === 0 ? "" : delta(layer, i))).reverse();
  return [
    ...layers.map((layer, i) => activate(layer, i, access, `a${i + 2}`)),
    `  let loss = 0;
  for (let j = 0; j < ${outputs}; j++) {
    const e = a${top}[j] - ${access.y};
    loss += e * e;
    d${top}[j] = (e / ${outputs}) * a${top}[j] * (1 - a${top}[j]);
  }`,
    ...descending.filter((text) => text !== ""),
    ...layers.map((layer, i) => outer(layer, i, access)),
  ].join("\n");
}

/** a = σ(W·a⁻ + b) */
function activate(
  { inputs, outputs, weights, biases }: LayerPlace,
  at: number,
  { x, accumulators }: Access,
  into: string,
): string {
  const from = (k: string): string => (at === 0 ? x(k) : `a${at + 1}[${k}]`);
  const whole = inputs - (inputs % 4);
  const dot =
    accumulators === true && whole > 0
      ? `    let z1 = 0;
    let z2 = 0;
    let z3 = 0;
    for (let k = 0; k < ${whole}; k += 4) {
      z += theta[row + k] * ${from("k")};
      z1 += theta[row + k + 1] * ${from("k + 1")};
      z2 += theta[row + k + 2] * ${from("k + 2")};
      z3 += theta[row + k + 3] * ${from("k + 3")};
    }
    for (let k = ${whole}; k < ${inputs}; k++) z += theta[row + k] * ${from("k")};
    z += z1 + z2 + z3;`
      : `    for (let k = 0; k < ${inputs}; k++) z += theta[row + k] * ${from("k")};`;
  return `  for (let j = 0; j < ${outputs}; j++) {
    const row = ${weights} + ${inputs} * j;
    let z = theta[${biases} + j];
${dot}
    ${into}[j] = 1 / (1 + Math.exp(-z));
  }`;
}

/** δ⁻ = Wᵀ·δ ⊙ a⁻(1−a⁻), for the layer below */
function delta({ inputs, outputs, weights }: LayerPlace, at: number): string {
  const a = `a${at + 1}[k]`;
  return `  for (let k = 0; k < ${inputs}; k++) {
    let s = 0;
    for (let j = 0; j < ${outputs}; j++) s += theta[${weights} + ${inputs} * j + k] * d${at + 2}[j];
    d${at + 1}[k] = s * ${a} * (1 - ${a});
  }`;
}

/** ∂J/∂W = δ·a⁻ᵀ, ∂J/∂b = δ */
function outer({ inputs, outputs, weights, biases }: LayerPlace, at: number, { x, assign }: Access): string {
  return `  for (let j = 0; j < ${outputs}; j++) {
    const d = d${at + 2}[j];
    const row = ${weights} + ${inputs} * j;
    for (let k = 0; k < ${inputs}; k++) gradient[row + k] ${assign} d * ${at === 0 ? x("k") : `a${at + 1}[k]`};
    gradient[${biases} + j] ${assign} d;
  }`;
}
