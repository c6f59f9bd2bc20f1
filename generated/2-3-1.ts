/**
 * Backpropagation for one network, 2-3-1: forward pass and full gradient of one sample.
 * Standalone: no imports, no framework, nothing to install.
 *
 * Made by deltarule 0.1.0: deltarule emit 2-3-1
 * Activation: sigmoid. Loss: mse. Strategy: unrolled.
 * Exp: fast, the function at the end. At some random points no result differs between the fast one and Math.exp.
 *
 * Operations of one call:
 *   forward   9 multiplications, 17 additions, 4 divisions, 4 exp or other functions
 *   backward  31 multiplications, 22 additions, 4 divisions, 4 exp or other functions (its forward pass included)
 *
 * Checked before it was written:
 *   exact       the program against the dual-number gradient of the forward equations, 2 draws in a prime field
 *   to the bit  this module against the program, through both doors
 *   batch       its program against the sum of single gradients; backwardBatch against its program, to the bit
 *   64 digits   this module against central differences of the forward equations
 *   types       TypeScript's strictest settings
 */

/** Neurons of each layer, input first. */
export const sizes = [2, 3, 1] as const;

/** Length of θ and of the gradient. */
export const parameterCount = 13;

/** Where each tensor lies in θ, row by row; row j holds what comes into neuron j. */
export const layout = {
  W2: { offset: 0, rows: 3, columns: 2 },
  b2: { offset: 6, rows: 3, columns: 1 },
  W3: { offset: 9, rows: 1, columns: 3 },
  b3: { offset: 12, rows: 1, columns: 1 },
} as const;

/**
 * Forward pass: writes the activations of the last layer to `output`.
 */
export function forward(theta: Float64Array, x: Float64Array, output: Float64Array): void {
  // z^2_j = Σ_{k=1..2} w^2_{jk} · x_k + b^2_j
  const W2_1_1 = theta[0]!;
  const x_1 = x[0]!;
  const W2_1_2 = theta[1]!;
  const x_2 = x[1]!;
  const b2_1 = theta[6]!;
  const z2_1 = W2_1_1 * x_1 + W2_1_2 * x_2 + b2_1;
  const W2_2_1 = theta[2]!;
  const W2_2_2 = theta[3]!;
  const b2_2 = theta[7]!;
  const z2_2 = W2_2_1 * x_1 + W2_2_2 * x_2 + b2_2;
  const W2_3_1 = theta[4]!;
  const W2_3_2 = theta[5]!;
  const b2_3 = theta[8]!;
  const z2_3 = W2_3_1 * x_1 + W2_3_2 * x_2 + b2_3;

  // a^2_j = σ(z^2_j)
  const a2_1 = 1 / (1 + exp(-z2_1));
  const a2_2 = 1 / (1 + exp(-z2_2));
  const a2_3 = 1 / (1 + exp(-z2_3));

  // z^3_j = Σ_{k=1..3} w^3_{jk} · a^2_k + b^3_j
  const W3_1_1 = theta[9]!;
  const W3_1_2 = theta[10]!;
  const W3_1_3 = theta[11]!;
  const b3_1 = theta[12]!;
  const z3_1 = W3_1_1 * a2_1 + W3_1_2 * a2_2 + W3_1_3 * a2_3 + b3_1;

  // a^3_j = σ(z^3_j)
  const a3_1 = 1 / (1 + exp(-z3_1));
  output[0] = a3_1;
}

/**
 * Gradient of J by every parameter, written to `gradient` in the layout of θ. Returns J.
 */
export function backward(
  theta: Float64Array,
  x: Float64Array,
  y: Float64Array,
  gradient: Float64Array,
): number {
  // z^2_j = Σ_{k=1..2} w^2_{jk} · x_k + b^2_j
  const W2_1_1 = theta[0]!;
  const x_1 = x[0]!;
  const W2_1_2 = theta[1]!;
  const x_2 = x[1]!;
  const b2_1 = theta[6]!;
  const z2_1 = W2_1_1 * x_1 + W2_1_2 * x_2 + b2_1;
  const W2_2_1 = theta[2]!;
  const W2_2_2 = theta[3]!;
  const b2_2 = theta[7]!;
  const z2_2 = W2_2_1 * x_1 + W2_2_2 * x_2 + b2_2;
  const W2_3_1 = theta[4]!;
  const W2_3_2 = theta[5]!;
  const b2_3 = theta[8]!;
  const z2_3 = W2_3_1 * x_1 + W2_3_2 * x_2 + b2_3;

  // a^2_j = σ(z^2_j)
  const a2_1 = 1 / (1 + exp(-z2_1));
  const a2_2 = 1 / (1 + exp(-z2_2));
  const a2_3 = 1 / (1 + exp(-z2_3));

  // z^3_j = Σ_{k=1..3} w^3_{jk} · a^2_k + b^3_j
  const W3_1_1 = theta[9]!;
  const W3_1_2 = theta[10]!;
  const W3_1_3 = theta[11]!;
  const b3_1 = theta[12]!;
  const z3_1 = W3_1_1 * a2_1 + W3_1_2 * a2_2 + W3_1_3 * a2_3 + b3_1;

  // a^3_j = σ(z^3_j)
  const a3_1 = 1 / (1 + exp(-z3_1));

  // J = 1/2 · Σ_{j=1..1} (a^3_j − y_j)^2
  const y_1 = y[0]!;
  const t1 = a3_1 - y_1;
  const J = 0.5 * (t1 * t1);

  // BP1  δ^3_j = (a^3_j − y_j) · a^3_j · (1 − a^3_j)
  const d3_1 = t1 * a3_1 * (1 - a3_1);

  // BP3  ∂J/∂b^3_j = δ^3_j
  gradient[12] = d3_1;

  // BP4  ∂J/∂w^3_{jk} = δ^3_j · a^2_k
  gradient[9] = d3_1 * a2_1;
  gradient[10] = d3_1 * a2_2;
  gradient[11] = d3_1 * a2_3;

  // BP2  δ^2_j = (Σ_{k=1..1} δ^3_k · w^3_{kj}) · a^2_j · (1 − a^2_j)
  const d2_1 = d3_1 * W3_1_1 * a2_1 * (1 - a2_1);
  const d2_2 = d3_1 * W3_1_2 * a2_2 * (1 - a2_2);
  const d2_3 = d3_1 * W3_1_3 * a2_3 * (1 - a2_3);

  // BP3  ∂J/∂b^2_j = δ^2_j
  gradient[6] = d2_1;
  gradient[7] = d2_2;
  gradient[8] = d2_3;

  // BP4  ∂J/∂w^2_{jk} = δ^2_j · x_k
  gradient[0] = d2_1 * x_1;
  gradient[1] = d2_1 * x_2;
  gradient[2] = d2_2 * x_1;
  gradient[3] = d2_2 * x_2;
  gradient[4] = d2_3 * x_1;
  gradient[5] = d2_3 * x_2;
  return J;
}

/** The tensors of θ as views: writing to them writes to θ. */
export function parameters(theta: Float64Array): {
  readonly W2: Float64Array;
  readonly b2: Float64Array;
  readonly W3: Float64Array;
  readonly b3: Float64Array;
} {
  return {
    W2: theta.subarray(0, 6),
    b2: theta.subarray(6, 9),
    W3: theta.subarray(9, 12),
    b3: theta.subarray(12, 13),
  };
}

const ownTheta = new Float64Array(13);
const ownInput = new Float64Array(2);
const ownTarget = new Float64Array(1);
const ownOutput = new Float64Array(1);
const ownGradient = new Float64Array(13);

/** Buffers of this module, for one network that lives here: the fast door. */
export const buffers = {
  theta: ownTheta,
  input: ownInput,
  target: ownTarget,
  output: ownOutput,
  gradient: ownGradient,
} as const;

/** {@link forward} on the module's own buffers: input to output. */
export function forwardOwned(): void {
  forward(ownTheta, ownInput, ownOutput);
}

/** {@link backward} on the module's own buffers: input and target to gradient. Returns J. */
export function backwardOwned(): number {
  return backward(ownTheta, ownInput, ownTarget, ownGradient);
}

// What a batch works on: up to 16 samples at a time, and the sum of all gradients.
const batch_theta = new Float64Array(13);
const batch_x = new Float64Array(32);
const batch_y = new Float64Array(16);
const batch_gradient = new Float64Array(13);
const batch_z2 = new Float64Array(48);
const batch_a2 = new Float64Array(48);
const batch_z3 = new Float64Array(16);
const batch_a3 = new Float64Array(16);

function accumulate(samples: number): number {
  const theta = batch_theta;
  const x = batch_x;
  const z2 = batch_z2;
  const a2 = batch_a2;
  const z3 = batch_z3;
  const a3 = batch_a3;
  const gradient = batch_gradient;
  const y = batch_y;
  for (let s = 0; s < samples; s++) {
    const at_s = 2 * s;
    const at_s_2 = 3 * s;

    // z^2_j = Σ_{k=1..2} w^2_{jk} · x_k + b^2_j
    const W2_1_1 = theta[0]!;
    const x_1 = x[at_s]!;
    const W2_1_2 = theta[1]!;
    const x_2 = x[at_s + 1]!;
    const b2_1 = theta[6]!;
    const z2_1 = W2_1_1 * x_1 + W2_1_2 * x_2 + b2_1;
    z2[at_s_2] = z2_1;
    const W2_2_1 = theta[2]!;
    const W2_2_2 = theta[3]!;
    const b2_2 = theta[7]!;
    const z2_2 = W2_2_1 * x_1 + W2_2_2 * x_2 + b2_2;
    z2[at_s_2 + 1] = z2_2;
    const W2_3_1 = theta[4]!;
    const W2_3_2 = theta[5]!;
    const b2_3 = theta[8]!;
    const z2_3 = W2_3_1 * x_1 + W2_3_2 * x_2 + b2_3;
    z2[at_s_2 + 2] = z2_3;
  }

  // a^2_j = σ(z^2_j)
  for (let j = 0; j < 3 * samples; j++) {
    const t1 = exp(-z2[j]!);
    const a2_j = 1 / (1 + t1);
    a2[j] = a2_j;
  }
  for (let s = 0; s < samples; s++) {
    const at_s = 3 * s;

    // z^3_j = Σ_{k=1..3} w^3_{jk} · a^2_k + b^3_j
    const W3_1_1 = theta[9]!;
    const a2_1 = a2[at_s]!;
    const W3_1_2 = theta[10]!;
    const a2_2 = a2[at_s + 1]!;
    const W3_1_3 = theta[11]!;
    const a2_3 = a2[at_s + 2]!;
    const b3_1 = theta[12]!;
    const z3_1 = W3_1_1 * a2_1 + W3_1_2 * a2_2 + W3_1_3 * a2_3 + b3_1;
    z3[s] = z3_1;
  }

  // a^3_j = σ(z^3_j)
  for (let j = 0; j < samples; j++) {
    const t1 = exp(-z3[j]!);
    const a3_j = 1 / (1 + t1);
    a3[j] = a3_j;
  }
  let total = 0;
  for (let s = 0; s < samples; s++) {
    const at_s = 3 * s;
    const at_s_2 = 2 * s;

    // J = 1/2 · Σ_{j=1..1} (a^3_j − y_j)^2
    const a3_1 = a3[s]!;
    const y_1 = y[s]!;
    const t1 = a3_1 - y_1;
    const J = 0.5 * (t1 * t1);

    // BP1  δ^3_j = (a^3_j − y_j) · a^3_j · (1 − a^3_j)
    const d3_1 = t1 * a3_1 * (1 - a3_1);

    // BP3  ∂J/∂b^3_j = δ^3_j
    gradient[12]! += d3_1;

    // BP4  ∂J/∂w^3_{jk} = δ^3_j · a^2_k
    const a2_1 = a2[at_s]!;
    gradient[9]! += d3_1 * a2_1;
    const a2_2 = a2[at_s + 1]!;
    gradient[10]! += d3_1 * a2_2;
    const a2_3 = a2[at_s + 2]!;
    gradient[11]! += d3_1 * a2_3;

    // BP2  δ^2_j = (Σ_{k=1..1} δ^3_k · w^3_{kj}) · a^2_j · (1 − a^2_j)
    const W3_1_1 = theta[9]!;
    const d2_1 = d3_1 * W3_1_1 * a2_1 * (1 - a2_1);
    const W3_1_2 = theta[10]!;
    const d2_2 = d3_1 * W3_1_2 * a2_2 * (1 - a2_2);
    const W3_1_3 = theta[11]!;
    const d2_3 = d3_1 * W3_1_3 * a2_3 * (1 - a2_3);

    // BP3  ∂J/∂b^2_j = δ^2_j
    gradient[6]! += d2_1;
    gradient[7]! += d2_2;
    gradient[8]! += d2_3;

    // BP4  ∂J/∂w^2_{jk} = δ^2_j · x_k
    const x_1 = x[at_s_2]!;
    gradient[0]! += d2_1 * x_1;
    const x_2 = x[at_s_2 + 1]!;
    gradient[1]! += d2_1 * x_2;
    gradient[2]! += d2_2 * x_1;
    gradient[3]! += d2_2 * x_2;
    gradient[4]! += d2_3 * x_1;
    gradient[5]! += d2_3 * x_2;
    total += J;
  }
  return total;
}

/**
 * The mean of J over `count` samples, and its gradient, written to `gradient`. The samples lie one
 * after another in x, y.
 */
export function backwardBatch(
  theta: Float64Array,
  x: Float64Array,
  y: Float64Array,
  gradient: Float64Array,
  count: number,
): number {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`count is ${count}; a batch has one sample or more`);
  requireLength("theta", theta, 13);
  requireLength("x", x, 2 * count);
  requireLength("y", y, count);
  requireLength("gradient", gradient, 13);
  batch_theta.set(theta);
  batch_gradient.fill(0);
  let total = 0;
  for (let from = 0; from < count; from += 16) {
    const samples = Math.min(16, count - from);
    for (let at = 0; at < 2 * samples; at++) batch_x[at] = x[2 * from + at]!;
    for (let at = 0; at < samples; at++) batch_y[at] = y[from + at]!;
    total += accumulate(samples);
  }
  const share = 1 / count;
  for (let at = 0; at < 13; at++) gradient[at] = batch_gradient[at]! * share;
  return total * share;
}

function requireLength(name: string, array: Float64Array, length: number): void {
  if (array.length !== length)
    throw new RangeError(`${name} has ${array.length} entries; ${length} are needed`);
}

/**
 * e^x in a third of the time of Math.exp, within 0.625 ulp for -42 < x < 21.99 and 2.22 elsewhere:
 * e^(64m) · e^(n/64) · e^r by tables and a polynomial, where |r| ≤ 1/128.
 */
function exp(x: number): number {
  // Beyond these it is 0 and Infinity.
  const z = x > 709.785 ? 709.785 : x < -746 ? -746 : x;
  // So large a sum is in whole 64ths, and how many of them there are from -746 on is in its low bits.
  const s = z + 105553116267242;
  roundedSum[0] = s;
  const n = lowBits[0]!;
  const r = z - (s - 105553116267242);
  const e = farPowers[n >> 12]! * nearPowers[n & 4095]!;
  const r2 = r * r;
  // In pairs, which need not wait for each other.
  return (
    e +
    e *
      (nearRests[n & 4095]! +
        r +
        (r2 * (0.4999999999977757 + 0.1666666666676974 * r) +
          r2 * r2 * (0.04166678460947839 + 0.008333325285007461 * r)))
  );
}

const roundedSum = new Float64Array(1);
const lowBits = new Int32Array(roundedSum.buffer);

// e^(n/64) for n from -2688 on, what rounding takes from these, and e^(64m) for m from -11 on.
const nearPowers = new Float64Array(4096);
const nearRests = new Float64Array(4096);
const farPowers = new Float64Array(23);
fillPowers(nearPowers, nearRests, 2688, 1, 1.0157476961612701, 1.2425415605856972e-8);
fillPowers(nearPowers, nearRests, 2688, -1, 0.9844964295625687, 7.442839741436208e-9);
fillPowers(farPowers, null, 11, 1, 6.235149136901754e27, -56090137495181470000);
fillPowers(farPowers, null, 11, -1, 1.6038108787658684e-28, 1.178276941057929e-36);

/** table[one], table[one + by], … = 1, step + rest, … by products of sums of two doubles. */
function fillPowers(
  table: Float64Array,
  rests: Float64Array | null,
  one: number,
  by: number,
  step: number,
  rest: number,
): void {
  let high = 1;
  let low = 0;
  for (let n = one; n >= 0 && n < table.length; n += by) {
    table[n] = high;
    if (rests !== null) rests[n] = low / high;
    // 2^27 + 1 splits a double into halves whose products with step are exact.
    const top = high * 134217729 - (high * 134217729 - high);
    const product = top * step;
    const more = (high - top) * step + (high * rest + low * step);
    high = product + more;
    low = product - high + more;
  }
}
