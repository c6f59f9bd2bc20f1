/**
 * Backpropagation for one network, 4-5-3: forward pass and full gradient of one sample.
 * Standalone: no imports, no framework, nothing to install.
 *
 * Made by deltarule 0.1.0: deltarule emit 4-5-3 --activation relu,softmax --loss cross-entropy
 * Activation: relu, softmax. Loss: cross-entropy. Strategy: unrolled.
 * Exp: fast, the function at the end. At some random points no result differs between the fast one and Math.exp.
 *
 * Operations of one call:
 *   forward   35 multiplications, 47 additions, 3 divisions, 3 exp or other functions
 *   backward  96 multiplications, 73 additions, 3 divisions, 4 exp or other functions (its forward pass included)
 *
 * Checked before it was written:
 *   exact       the program against the dual-number gradient of the forward equations, 2 draws in a prime field
 *   stable      the rewritten program against the one as derived, at 64 digits
 *   to the bit  this module against the program, through both doors
 *   batch       its program against the sum of single gradients; backwardBatch against its program, to the bit
 *   64 digits   this module against central differences of the forward equations
 *   types       TypeScript's strictest settings
 */

/** Neurons of each layer, input first. */
export const sizes = [4, 5, 3] as const;

/** Length of θ and of the gradient. */
export const parameterCount = 43;

/** Where each tensor lies in θ, row by row; row j holds what comes into neuron j. */
export const layout = {
  W2: { offset: 0, rows: 5, columns: 4 },
  b2: { offset: 20, rows: 5, columns: 1 },
  W3: { offset: 25, rows: 3, columns: 5 },
  b3: { offset: 40, rows: 3, columns: 1 },
} as const;

/**
 * Forward pass: writes the activations of the last layer to `output`.
 */
export function forward(theta: Float64Array, x: Float64Array, output: Float64Array): void {
  // z^2_j = Σ_{k=1..4} w^2_{jk} · x_k + b^2_j
  const W2_1_1 = theta[0]!;
  const x_1 = x[0]!;
  const W2_1_2 = theta[1]!;
  const x_2 = x[1]!;
  const W2_1_3 = theta[2]!;
  const x_3 = x[2]!;
  const W2_1_4 = theta[3]!;
  const x_4 = x[3]!;
  const b2_1 = theta[20]!;
  const z2_1 = W2_1_1 * x_1 + W2_1_2 * x_2 + W2_1_3 * x_3 + W2_1_4 * x_4 + b2_1;
  const W2_2_1 = theta[4]!;
  const W2_2_2 = theta[5]!;
  const W2_2_3 = theta[6]!;
  const W2_2_4 = theta[7]!;
  const b2_2 = theta[21]!;
  const z2_2 = W2_2_1 * x_1 + W2_2_2 * x_2 + W2_2_3 * x_3 + W2_2_4 * x_4 + b2_2;
  const W2_3_1 = theta[8]!;
  const W2_3_2 = theta[9]!;
  const W2_3_3 = theta[10]!;
  const W2_3_4 = theta[11]!;
  const b2_3 = theta[22]!;
  const z2_3 = W2_3_1 * x_1 + W2_3_2 * x_2 + W2_3_3 * x_3 + W2_3_4 * x_4 + b2_3;
  const W2_4_1 = theta[12]!;
  const W2_4_2 = theta[13]!;
  const W2_4_3 = theta[14]!;
  const W2_4_4 = theta[15]!;
  const b2_4 = theta[23]!;
  const z2_4 = W2_4_1 * x_1 + W2_4_2 * x_2 + W2_4_3 * x_3 + W2_4_4 * x_4 + b2_4;
  const W2_5_1 = theta[16]!;
  const W2_5_2 = theta[17]!;
  const W2_5_3 = theta[18]!;
  const W2_5_4 = theta[19]!;
  const b2_5 = theta[24]!;
  const z2_5 = W2_5_1 * x_1 + W2_5_2 * x_2 + W2_5_3 * x_3 + W2_5_4 * x_4 + b2_5;

  // a^2_j = σ(z^2_j)
  const a2_1 = z2_1 > 0 ? z2_1 : 0;
  const a2_2 = z2_2 > 0 ? z2_2 : 0;
  const a2_3 = z2_3 > 0 ? z2_3 : 0;
  const a2_4 = z2_4 > 0 ? z2_4 : 0;
  const a2_5 = z2_5 > 0 ? z2_5 : 0;

  // z^3_j = Σ_{k=1..5} w^3_{jk} · a^2_k + b^3_j
  const W3_1_1 = theta[25]!;
  const W3_1_2 = theta[26]!;
  const W3_1_3 = theta[27]!;
  const W3_1_4 = theta[28]!;
  const W3_1_5 = theta[29]!;
  const b3_1 = theta[40]!;
  const z3_1 = W3_1_1 * a2_1 + W3_1_2 * a2_2 + W3_1_3 * a2_3 + W3_1_4 * a2_4 + W3_1_5 * a2_5 + b3_1;
  const W3_2_1 = theta[30]!;
  const W3_2_2 = theta[31]!;
  const W3_2_3 = theta[32]!;
  const W3_2_4 = theta[33]!;
  const W3_2_5 = theta[34]!;
  const b3_2 = theta[41]!;
  const z3_2 = W3_2_1 * a2_1 + W3_2_2 * a2_2 + W3_2_3 * a2_3 + W3_2_4 * a2_4 + W3_2_5 * a2_5 + b3_2;
  const W3_3_1 = theta[35]!;
  const W3_3_2 = theta[36]!;
  const W3_3_3 = theta[37]!;
  const W3_3_4 = theta[38]!;
  const W3_3_5 = theta[39]!;
  const b3_3 = theta[42]!;
  const z3_3 = W3_3_1 * a2_1 + W3_3_2 * a2_2 + W3_3_3 * a2_3 + W3_3_4 * a2_4 + W3_3_5 * a2_5 + b3_3;

  // max^3 = max_{k=1..3} z^3_k
  const t1 = z3_2 > z3_1 ? z3_2 : z3_1;
  const max3 = z3_3 > t1 ? z3_3 : t1;

  // sum^3 = Σ_{k=1..3} exp(z^3_k − max^3)
  const t2 = exp(z3_1 - max3);
  const t3 = exp(z3_2 - max3);
  const t4 = exp(z3_3 - max3);
  const sum3 = t2 + t3 + t4;

  // a^3_j = exp(z^3_j)/(Σ_{k=1..3} exp(z^3_k))
  const a3_1 = t2 / sum3;
  output[0] = a3_1;
  const a3_2 = t3 / sum3;
  output[1] = a3_2;
  const a3_3 = t4 / sum3;
  output[2] = a3_3;
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
  // z^2_j = Σ_{k=1..4} w^2_{jk} · x_k + b^2_j
  const W2_1_1 = theta[0]!;
  const x_1 = x[0]!;
  const W2_1_2 = theta[1]!;
  const x_2 = x[1]!;
  const W2_1_3 = theta[2]!;
  const x_3 = x[2]!;
  const W2_1_4 = theta[3]!;
  const x_4 = x[3]!;
  const b2_1 = theta[20]!;
  const z2_1 = W2_1_1 * x_1 + W2_1_2 * x_2 + W2_1_3 * x_3 + W2_1_4 * x_4 + b2_1;
  const W2_2_1 = theta[4]!;
  const W2_2_2 = theta[5]!;
  const W2_2_3 = theta[6]!;
  const W2_2_4 = theta[7]!;
  const b2_2 = theta[21]!;
  const z2_2 = W2_2_1 * x_1 + W2_2_2 * x_2 + W2_2_3 * x_3 + W2_2_4 * x_4 + b2_2;
  const W2_3_1 = theta[8]!;
  const W2_3_2 = theta[9]!;
  const W2_3_3 = theta[10]!;
  const W2_3_4 = theta[11]!;
  const b2_3 = theta[22]!;
  const z2_3 = W2_3_1 * x_1 + W2_3_2 * x_2 + W2_3_3 * x_3 + W2_3_4 * x_4 + b2_3;
  const W2_4_1 = theta[12]!;
  const W2_4_2 = theta[13]!;
  const W2_4_3 = theta[14]!;
  const W2_4_4 = theta[15]!;
  const b2_4 = theta[23]!;
  const z2_4 = W2_4_1 * x_1 + W2_4_2 * x_2 + W2_4_3 * x_3 + W2_4_4 * x_4 + b2_4;
  const W2_5_1 = theta[16]!;
  const W2_5_2 = theta[17]!;
  const W2_5_3 = theta[18]!;
  const W2_5_4 = theta[19]!;
  const b2_5 = theta[24]!;
  const z2_5 = W2_5_1 * x_1 + W2_5_2 * x_2 + W2_5_3 * x_3 + W2_5_4 * x_4 + b2_5;

  // a^2_j = σ(z^2_j)
  const a2_1 = z2_1 > 0 ? z2_1 : 0;
  const a2_2 = z2_2 > 0 ? z2_2 : 0;
  const a2_3 = z2_3 > 0 ? z2_3 : 0;
  const a2_4 = z2_4 > 0 ? z2_4 : 0;
  const a2_5 = z2_5 > 0 ? z2_5 : 0;

  // z^3_j = Σ_{k=1..5} w^3_{jk} · a^2_k + b^3_j
  const W3_1_1 = theta[25]!;
  const W3_1_2 = theta[26]!;
  const W3_1_3 = theta[27]!;
  const W3_1_4 = theta[28]!;
  const W3_1_5 = theta[29]!;
  const b3_1 = theta[40]!;
  const z3_1 = W3_1_1 * a2_1 + W3_1_2 * a2_2 + W3_1_3 * a2_3 + W3_1_4 * a2_4 + W3_1_5 * a2_5 + b3_1;
  const W3_2_1 = theta[30]!;
  const W3_2_2 = theta[31]!;
  const W3_2_3 = theta[32]!;
  const W3_2_4 = theta[33]!;
  const W3_2_5 = theta[34]!;
  const b3_2 = theta[41]!;
  const z3_2 = W3_2_1 * a2_1 + W3_2_2 * a2_2 + W3_2_3 * a2_3 + W3_2_4 * a2_4 + W3_2_5 * a2_5 + b3_2;
  const W3_3_1 = theta[35]!;
  const W3_3_2 = theta[36]!;
  const W3_3_3 = theta[37]!;
  const W3_3_4 = theta[38]!;
  const W3_3_5 = theta[39]!;
  const b3_3 = theta[42]!;
  const z3_3 = W3_3_1 * a2_1 + W3_3_2 * a2_2 + W3_3_3 * a2_3 + W3_3_4 * a2_4 + W3_3_5 * a2_5 + b3_3;

  // max^3 = max_{k=1..3} z^3_k
  const t1 = z3_2 > z3_1 ? z3_2 : z3_1;
  const max3 = z3_3 > t1 ? z3_3 : t1;

  // sum^3 = Σ_{k=1..3} exp(z^3_k − max^3)
  const t2 = z3_1 - max3;
  const t3 = exp(t2);
  const t4 = z3_2 - max3;
  const t5 = exp(t4);
  const t6 = z3_3 - max3;
  const t7 = exp(t6);
  const sum3 = t3 + t5 + t7;

  // a^3_j = exp(z^3_j)/(Σ_{k=1..3} exp(z^3_k))
  const a3_1 = t3 / sum3;
  const a3_2 = t5 / sum3;
  const a3_3 = t7 / sum3;

  // J = −Σ_{j=1..3} y_j · ln(a^3_j)
  const y_1 = y[0]!;
  const y_2 = y[1]!;
  const y_3 = y[2]!;
  const t8 = Math.log(sum3);
  const J = -(y_1 * (t2 - t8) + y_2 * (t4 - t8) + y_3 * (t6 - t8));

  // sumB^3 = Σ_{k=1..3} y_k
  const sumB3 = y_1 + y_2 + y_3;

  // BP1  δ^3_j = a^3_j · Σ_{k=1..3} y_k − y_j
  const d3_1 = a3_1 * sumB3 - y_1;
  const d3_2 = a3_2 * sumB3 - y_2;
  const d3_3 = a3_3 * sumB3 - y_3;

  // BP3  ∂J/∂b^3_j = δ^3_j
  gradient[40] = d3_1;
  gradient[41] = d3_2;
  gradient[42] = d3_3;

  // BP4  ∂J/∂w^3_{jk} = δ^3_j · a^2_k
  gradient[25] = d3_1 * a2_1;
  gradient[26] = d3_1 * a2_2;
  gradient[27] = d3_1 * a2_3;
  gradient[28] = d3_1 * a2_4;
  gradient[29] = d3_1 * a2_5;
  gradient[30] = d3_2 * a2_1;
  gradient[31] = d3_2 * a2_2;
  gradient[32] = d3_2 * a2_3;
  gradient[33] = d3_2 * a2_4;
  gradient[34] = d3_2 * a2_5;
  gradient[35] = d3_3 * a2_1;
  gradient[36] = d3_3 * a2_2;
  gradient[37] = d3_3 * a2_3;
  gradient[38] = d3_3 * a2_4;
  gradient[39] = d3_3 * a2_5;

  // BP2  δ^2_j = (Σ_{k=1..3} δ^3_k · w^3_{kj}) · (z^2_j > 0 ? 1 : 0)
  const d2_1 = (d3_1 * W3_1_1 + d3_2 * W3_2_1 + d3_3 * W3_3_1) * (z2_1 > 0 ? 1 : 0);
  const d2_2 = (d3_1 * W3_1_2 + d3_2 * W3_2_2 + d3_3 * W3_3_2) * (z2_2 > 0 ? 1 : 0);
  const d2_3 = (d3_1 * W3_1_3 + d3_2 * W3_2_3 + d3_3 * W3_3_3) * (z2_3 > 0 ? 1 : 0);
  const d2_4 = (d3_1 * W3_1_4 + d3_2 * W3_2_4 + d3_3 * W3_3_4) * (z2_4 > 0 ? 1 : 0);
  const d2_5 = (d3_1 * W3_1_5 + d3_2 * W3_2_5 + d3_3 * W3_3_5) * (z2_5 > 0 ? 1 : 0);

  // BP3  ∂J/∂b^2_j = δ^2_j
  gradient[20] = d2_1;
  gradient[21] = d2_2;
  gradient[22] = d2_3;
  gradient[23] = d2_4;
  gradient[24] = d2_5;

  // BP4  ∂J/∂w^2_{jk} = δ^2_j · x_k
  gradient[0] = d2_1 * x_1;
  gradient[1] = d2_1 * x_2;
  gradient[2] = d2_1 * x_3;
  gradient[3] = d2_1 * x_4;
  gradient[4] = d2_2 * x_1;
  gradient[5] = d2_2 * x_2;
  gradient[6] = d2_2 * x_3;
  gradient[7] = d2_2 * x_4;
  gradient[8] = d2_3 * x_1;
  gradient[9] = d2_3 * x_2;
  gradient[10] = d2_3 * x_3;
  gradient[11] = d2_3 * x_4;
  gradient[12] = d2_4 * x_1;
  gradient[13] = d2_4 * x_2;
  gradient[14] = d2_4 * x_3;
  gradient[15] = d2_4 * x_4;
  gradient[16] = d2_5 * x_1;
  gradient[17] = d2_5 * x_2;
  gradient[18] = d2_5 * x_3;
  gradient[19] = d2_5 * x_4;
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
    W2: theta.subarray(0, 20),
    b2: theta.subarray(20, 25),
    W3: theta.subarray(25, 40),
    b3: theta.subarray(40, 43),
  };
}

const ownTheta = new Float64Array(43);
const ownInput = new Float64Array(4);
const ownTarget = new Float64Array(3);
const ownOutput = new Float64Array(3);
const ownGradient = new Float64Array(43);

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
const batch_theta = new Float64Array(43);
const batch_x = new Float64Array(64);
const batch_y = new Float64Array(48);
const batch_gradient = new Float64Array(43);

function accumulate(samples: number): number {
  const theta = batch_theta;
  const gradient = batch_gradient;
  const x = batch_x;
  const y = batch_y;
  let total = 0;
  for (let s = 0; s < samples; s++) {
    const at_s = 4 * s;
    const at_s_2 = 3 * s;

    // z^2_j = Σ_{k=1..4} w^2_{jk} · x_k + b^2_j
    const W2_1_1 = theta[0]!;
    const x_1 = x[at_s]!;
    const W2_1_2 = theta[1]!;
    const x_2 = x[at_s + 1]!;
    const W2_1_3 = theta[2]!;
    const x_3 = x[at_s + 2]!;
    const W2_1_4 = theta[3]!;
    const x_4 = x[at_s + 3]!;
    const b2_1 = theta[20]!;
    const z2_1 = W2_1_1 * x_1 + W2_1_2 * x_2 + W2_1_3 * x_3 + W2_1_4 * x_4 + b2_1;
    const W2_2_1 = theta[4]!;
    const W2_2_2 = theta[5]!;
    const W2_2_3 = theta[6]!;
    const W2_2_4 = theta[7]!;
    const b2_2 = theta[21]!;
    const z2_2 = W2_2_1 * x_1 + W2_2_2 * x_2 + W2_2_3 * x_3 + W2_2_4 * x_4 + b2_2;
    const W2_3_1 = theta[8]!;
    const W2_3_2 = theta[9]!;
    const W2_3_3 = theta[10]!;
    const W2_3_4 = theta[11]!;
    const b2_3 = theta[22]!;
    const z2_3 = W2_3_1 * x_1 + W2_3_2 * x_2 + W2_3_3 * x_3 + W2_3_4 * x_4 + b2_3;
    const W2_4_1 = theta[12]!;
    const W2_4_2 = theta[13]!;
    const W2_4_3 = theta[14]!;
    const W2_4_4 = theta[15]!;
    const b2_4 = theta[23]!;
    const z2_4 = W2_4_1 * x_1 + W2_4_2 * x_2 + W2_4_3 * x_3 + W2_4_4 * x_4 + b2_4;
    const W2_5_1 = theta[16]!;
    const W2_5_2 = theta[17]!;
    const W2_5_3 = theta[18]!;
    const W2_5_4 = theta[19]!;
    const b2_5 = theta[24]!;
    const z2_5 = W2_5_1 * x_1 + W2_5_2 * x_2 + W2_5_3 * x_3 + W2_5_4 * x_4 + b2_5;

    // a^2_j = σ(z^2_j)
    const a2_1 = z2_1 > 0 ? z2_1 : 0;
    const a2_2 = z2_2 > 0 ? z2_2 : 0;
    const a2_3 = z2_3 > 0 ? z2_3 : 0;
    const a2_4 = z2_4 > 0 ? z2_4 : 0;
    const a2_5 = z2_5 > 0 ? z2_5 : 0;

    // z^3_j = Σ_{k=1..5} w^3_{jk} · a^2_k + b^3_j
    const W3_1_1 = theta[25]!;
    const W3_1_2 = theta[26]!;
    const W3_1_3 = theta[27]!;
    const W3_1_4 = theta[28]!;
    const W3_1_5 = theta[29]!;
    const b3_1 = theta[40]!;
    const z3_1 =
      W3_1_1 * a2_1 + W3_1_2 * a2_2 + W3_1_3 * a2_3 + W3_1_4 * a2_4 + W3_1_5 * a2_5 + b3_1;
    const W3_2_1 = theta[30]!;
    const W3_2_2 = theta[31]!;
    const W3_2_3 = theta[32]!;
    const W3_2_4 = theta[33]!;
    const W3_2_5 = theta[34]!;
    const b3_2 = theta[41]!;
    const z3_2 =
      W3_2_1 * a2_1 + W3_2_2 * a2_2 + W3_2_3 * a2_3 + W3_2_4 * a2_4 + W3_2_5 * a2_5 + b3_2;
    const W3_3_1 = theta[35]!;
    const W3_3_2 = theta[36]!;
    const W3_3_3 = theta[37]!;
    const W3_3_4 = theta[38]!;
    const W3_3_5 = theta[39]!;
    const b3_3 = theta[42]!;
    const z3_3 =
      W3_3_1 * a2_1 + W3_3_2 * a2_2 + W3_3_3 * a2_3 + W3_3_4 * a2_4 + W3_3_5 * a2_5 + b3_3;

    // max^3 = max_{k=1..3} z^3_k
    const t1 = z3_2 > z3_1 ? z3_2 : z3_1;
    const max3 = z3_3 > t1 ? z3_3 : t1;

    // sum^3 = Σ_{k=1..3} exp(z^3_k − max^3)
    const t2 = z3_1 - max3;
    const t3 = exp(t2);
    const t4 = z3_2 - max3;
    const t5 = exp(t4);
    const t6 = z3_3 - max3;
    const t7 = exp(t6);
    const sum3 = t3 + t5 + t7;

    // a^3_j = exp(z^3_j)/(Σ_{k=1..3} exp(z^3_k))
    const a3_1 = t3 / sum3;
    const a3_2 = t5 / sum3;
    const a3_3 = t7 / sum3;

    // J = −Σ_{j=1..3} y_j · ln(a^3_j)
    const y_1 = y[at_s_2]!;
    const y_2 = y[at_s_2 + 1]!;
    const y_3 = y[at_s_2 + 2]!;
    const t8 = Math.log(sum3);
    const J = -(y_1 * (t2 - t8) + y_2 * (t4 - t8) + y_3 * (t6 - t8));

    // sumB^3 = Σ_{k=1..3} y_k
    const sumB3 = y_1 + y_2 + y_3;

    // BP1  δ^3_j = a^3_j · Σ_{k=1..3} y_k − y_j
    const d3_1 = a3_1 * sumB3 - y_1;
    const d3_2 = a3_2 * sumB3 - y_2;
    const d3_3 = a3_3 * sumB3 - y_3;

    // BP3  ∂J/∂b^3_j = δ^3_j
    gradient[40]! += d3_1;
    gradient[41]! += d3_2;
    gradient[42]! += d3_3;

    // BP4  ∂J/∂w^3_{jk} = δ^3_j · a^2_k
    gradient[25]! += d3_1 * a2_1;
    gradient[26]! += d3_1 * a2_2;
    gradient[27]! += d3_1 * a2_3;
    gradient[28]! += d3_1 * a2_4;
    gradient[29]! += d3_1 * a2_5;
    gradient[30]! += d3_2 * a2_1;
    gradient[31]! += d3_2 * a2_2;
    gradient[32]! += d3_2 * a2_3;
    gradient[33]! += d3_2 * a2_4;
    gradient[34]! += d3_2 * a2_5;
    gradient[35]! += d3_3 * a2_1;
    gradient[36]! += d3_3 * a2_2;
    gradient[37]! += d3_3 * a2_3;
    gradient[38]! += d3_3 * a2_4;
    gradient[39]! += d3_3 * a2_5;

    // BP2  δ^2_j = (Σ_{k=1..3} δ^3_k · w^3_{kj}) · (z^2_j > 0 ? 1 : 0)
    const d2_1 = (d3_1 * W3_1_1 + d3_2 * W3_2_1 + d3_3 * W3_3_1) * (z2_1 > 0 ? 1 : 0);
    const d2_2 = (d3_1 * W3_1_2 + d3_2 * W3_2_2 + d3_3 * W3_3_2) * (z2_2 > 0 ? 1 : 0);
    const d2_3 = (d3_1 * W3_1_3 + d3_2 * W3_2_3 + d3_3 * W3_3_3) * (z2_3 > 0 ? 1 : 0);
    const d2_4 = (d3_1 * W3_1_4 + d3_2 * W3_2_4 + d3_3 * W3_3_4) * (z2_4 > 0 ? 1 : 0);
    const d2_5 = (d3_1 * W3_1_5 + d3_2 * W3_2_5 + d3_3 * W3_3_5) * (z2_5 > 0 ? 1 : 0);

    // BP3  ∂J/∂b^2_j = δ^2_j
    gradient[20]! += d2_1;
    gradient[21]! += d2_2;
    gradient[22]! += d2_3;
    gradient[23]! += d2_4;
    gradient[24]! += d2_5;

    // BP4  ∂J/∂w^2_{jk} = δ^2_j · x_k
    gradient[0]! += d2_1 * x_1;
    gradient[1]! += d2_1 * x_2;
    gradient[2]! += d2_1 * x_3;
    gradient[3]! += d2_1 * x_4;
    gradient[4]! += d2_2 * x_1;
    gradient[5]! += d2_2 * x_2;
    gradient[6]! += d2_2 * x_3;
    gradient[7]! += d2_2 * x_4;
    gradient[8]! += d2_3 * x_1;
    gradient[9]! += d2_3 * x_2;
    gradient[10]! += d2_3 * x_3;
    gradient[11]! += d2_3 * x_4;
    gradient[12]! += d2_4 * x_1;
    gradient[13]! += d2_4 * x_2;
    gradient[14]! += d2_4 * x_3;
    gradient[15]! += d2_4 * x_4;
    gradient[16]! += d2_5 * x_1;
    gradient[17]! += d2_5 * x_2;
    gradient[18]! += d2_5 * x_3;
    gradient[19]! += d2_5 * x_4;
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
  requireLength("theta", theta, 43);
  requireLength("x", x, 4 * count);
  requireLength("y", y, 3 * count);
  requireLength("gradient", gradient, 43);
  batch_theta.set(theta);
  batch_gradient.fill(0);
  let total = 0;
  for (let from = 0; from < count; from += 16) {
    const samples = Math.min(16, count - from);
    for (let at = 0; at < 4 * samples; at++) batch_x[at] = x[4 * from + at]!;
    for (let at = 0; at < 3 * samples; at++) batch_y[at] = y[3 * from + at]!;
    total += accumulate(samples);
  }
  const share = 1 / count;
  for (let at = 0; at < 43; at++) gradient[at] = batch_gradient[at]! * share;
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
