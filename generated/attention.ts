/**
 * Backpropagation for one model, attention.eq: forward pass and full gradient of one sample.
 * Standalone: no imports, no framework, nothing to install.
 *
 * Made by deltarule 0.1.0: deltarule emit --equations test/samples/models/attention.eq
 * Sizes: T = 4, m = 2, n = 3. Strategy: unrolled.
 *
 * Operations of one call:
 *   forward   160 multiplications, 152 additions, 32 divisions, 17 exp or other functions
 *   backward  465 multiplications, 379 additions, 49 divisions, 17 exp or other functions (its forward pass included)
 *
 * Checked before it was written:
 *   exact       the program against the dual-number gradient of the forward equations, 2 draws in a prime field
 *   stable      the rewritten program against the one as derived, at 64 digits
 *   to the bit  this module against the program, through both doors
 *   64 digits   this module against central differences of the forward equations
 *   types       TypeScript's strictest settings
 */

/** Sizes of what a sample consists of; each is an array of its own, row by row. */
export const shapes = {
  x: [4, 3],
  y: [4, 3],
} as const;

/** Length of θ and of the gradient. */
export const parameterCount = 24;

/** Where each tensor lies in θ, row by row. */
export const layout = {
  Wq: { offset: 0, rows: 2, columns: 3, sizes: [2, 3] },
  Wk: { offset: 6, rows: 2, columns: 3, sizes: [2, 3] },
  Wv: { offset: 12, rows: 2, columns: 3, sizes: [2, 3] },
  Wo: { offset: 18, rows: 3, columns: 2, sizes: [3, 2] },
} as const;

const scratch = new Float64Array(92);

/**
 * Forward pass: writes o to `output`, row by row.
 */
export function forward(theta: Float64Array, x: Float64Array, output: Float64Array): void {
  // q_{td} = Σ_{e=1..3} Wq_{de} · x_{te}
  const Wq_1_1 = theta[0]!;
  const x_1_1 = x[0]!;
  const Wq_1_2 = theta[1]!;
  const x_1_2 = x[1]!;
  const Wq_1_3 = theta[2]!;
  const x_1_3 = x[2]!;
  const q_1_1 = Wq_1_1 * x_1_1 + Wq_1_2 * x_1_2 + Wq_1_3 * x_1_3;
  const Wq_2_1 = theta[3]!;
  const Wq_2_2 = theta[4]!;
  const Wq_2_3 = theta[5]!;
  const q_1_2 = Wq_2_1 * x_1_1 + Wq_2_2 * x_1_2 + Wq_2_3 * x_1_3;
  const x_2_1 = x[3]!;
  const x_2_2 = x[4]!;
  const x_2_3 = x[5]!;
  const q_2_1 = Wq_1_1 * x_2_1 + Wq_1_2 * x_2_2 + Wq_1_3 * x_2_3;
  const q_2_2 = Wq_2_1 * x_2_1 + Wq_2_2 * x_2_2 + Wq_2_3 * x_2_3;
  const x_3_1 = x[6]!;
  const x_3_2 = x[7]!;
  const x_3_3 = x[8]!;
  const q_3_1 = Wq_1_1 * x_3_1 + Wq_1_2 * x_3_2 + Wq_1_3 * x_3_3;
  const q_3_2 = Wq_2_1 * x_3_1 + Wq_2_2 * x_3_2 + Wq_2_3 * x_3_3;
  const x_4_1 = x[9]!;
  const x_4_2 = x[10]!;
  const x_4_3 = x[11]!;
  const q_4_1 = Wq_1_1 * x_4_1 + Wq_1_2 * x_4_2 + Wq_1_3 * x_4_3;
  const q_4_2 = Wq_2_1 * x_4_1 + Wq_2_2 * x_4_2 + Wq_2_3 * x_4_3;

  // k_{td} = Σ_{e=1..3} Wk_{de} · x_{te}
  const Wk_1_1 = theta[6]!;
  const Wk_1_2 = theta[7]!;
  const Wk_1_3 = theta[8]!;
  const k_1_1 = Wk_1_1 * x_1_1 + Wk_1_2 * x_1_2 + Wk_1_3 * x_1_3;
  const Wk_2_1 = theta[9]!;
  const Wk_2_2 = theta[10]!;
  const Wk_2_3 = theta[11]!;
  const k_1_2 = Wk_2_1 * x_1_1 + Wk_2_2 * x_1_2 + Wk_2_3 * x_1_3;
  const k_2_1 = Wk_1_1 * x_2_1 + Wk_1_2 * x_2_2 + Wk_1_3 * x_2_3;
  const k_2_2 = Wk_2_1 * x_2_1 + Wk_2_2 * x_2_2 + Wk_2_3 * x_2_3;
  const k_3_1 = Wk_1_1 * x_3_1 + Wk_1_2 * x_3_2 + Wk_1_3 * x_3_3;
  const k_3_2 = Wk_2_1 * x_3_1 + Wk_2_2 * x_3_2 + Wk_2_3 * x_3_3;
  const k_4_1 = Wk_1_1 * x_4_1 + Wk_1_2 * x_4_2 + Wk_1_3 * x_4_3;
  const k_4_2 = Wk_2_1 * x_4_1 + Wk_2_2 * x_4_2 + Wk_2_3 * x_4_3;

  // w_{td} = Σ_{e=1..3} Wv_{de} · x_{te}
  const Wv_1_1 = theta[12]!;
  const Wv_1_2 = theta[13]!;
  const Wv_1_3 = theta[14]!;
  const w_1_1 = Wv_1_1 * x_1_1 + Wv_1_2 * x_1_2 + Wv_1_3 * x_1_3;
  const Wv_2_1 = theta[15]!;
  const Wv_2_2 = theta[16]!;
  const Wv_2_3 = theta[17]!;
  const w_1_2 = Wv_2_1 * x_1_1 + Wv_2_2 * x_1_2 + Wv_2_3 * x_1_3;
  const w_2_1 = Wv_1_1 * x_2_1 + Wv_1_2 * x_2_2 + Wv_1_3 * x_2_3;
  const w_2_2 = Wv_2_1 * x_2_1 + Wv_2_2 * x_2_2 + Wv_2_3 * x_2_3;
  const w_3_1 = Wv_1_1 * x_3_1 + Wv_1_2 * x_3_2 + Wv_1_3 * x_3_3;
  const w_3_2 = Wv_2_1 * x_3_1 + Wv_2_2 * x_3_2 + Wv_2_3 * x_3_3;
  const w_4_1 = Wv_1_1 * x_4_1 + Wv_1_2 * x_4_2 + Wv_1_3 * x_4_3;
  const w_4_2 = Wv_2_1 * x_4_1 + Wv_2_2 * x_4_2 + Wv_2_3 * x_4_3;

  // s_{tu} = (Σ_{d=1..2} q_{td} · k_{ud})/√(2)
  const t1 = Math.sqrt(2);
  const s_1_1 = (q_1_1 * k_1_1 + q_1_2 * k_1_2) / t1;
  const s_1_2 = (q_1_1 * k_2_1 + q_1_2 * k_2_2) / t1;
  const s_1_3 = (q_1_1 * k_3_1 + q_1_2 * k_3_2) / t1;
  const s_1_4 = (q_1_1 * k_4_1 + q_1_2 * k_4_2) / t1;
  const s_2_1 = (q_2_1 * k_1_1 + q_2_2 * k_1_2) / t1;
  const s_2_2 = (q_2_1 * k_2_1 + q_2_2 * k_2_2) / t1;
  const s_2_3 = (q_2_1 * k_3_1 + q_2_2 * k_3_2) / t1;
  const s_2_4 = (q_2_1 * k_4_1 + q_2_2 * k_4_2) / t1;
  const s_3_1 = (q_3_1 * k_1_1 + q_3_2 * k_1_2) / t1;
  const s_3_2 = (q_3_1 * k_2_1 + q_3_2 * k_2_2) / t1;
  const s_3_3 = (q_3_1 * k_3_1 + q_3_2 * k_3_2) / t1;
  const s_3_4 = (q_3_1 * k_4_1 + q_3_2 * k_4_2) / t1;
  const s_4_1 = (q_4_1 * k_1_1 + q_4_2 * k_1_2) / t1;
  const s_4_2 = (q_4_1 * k_2_1 + q_4_2 * k_2_2) / t1;
  const s_4_3 = (q_4_1 * k_3_1 + q_4_2 * k_3_2) / t1;
  const s_4_4 = (q_4_1 * k_4_1 + q_4_2 * k_4_2) / t1;

  // max_t = max_{v=1..4} s_{tv}
  const t2 = s_1_2 > s_1_1 ? s_1_2 : s_1_1;
  const t3 = s_1_3 > t2 ? s_1_3 : t2;
  const max_1 = s_1_4 > t3 ? s_1_4 : t3;
  const t4 = s_2_2 > s_2_1 ? s_2_2 : s_2_1;
  const t5 = s_2_3 > t4 ? s_2_3 : t4;
  const max_2 = s_2_4 > t5 ? s_2_4 : t5;
  const t6 = s_3_2 > s_3_1 ? s_3_2 : s_3_1;
  const t7 = s_3_3 > t6 ? s_3_3 : t6;
  const max_3 = s_3_4 > t7 ? s_3_4 : t7;
  const t8 = s_4_2 > s_4_1 ? s_4_2 : s_4_1;
  const t9 = s_4_3 > t8 ? s_4_3 : t8;
  const max_4 = s_4_4 > t9 ? s_4_4 : t9;

  // sum_t = Σ_{v=1..4} exp(s_{tv} − max_t)
  const t10 = Math.exp(s_1_1 - max_1);
  const t11 = Math.exp(s_1_2 - max_1);
  const t12 = Math.exp(s_1_3 - max_1);
  const t13 = Math.exp(s_1_4 - max_1);
  const sum_1 = t10 + t11 + t12 + t13;
  const t14 = Math.exp(s_2_1 - max_2);
  const t15 = Math.exp(s_2_2 - max_2);
  const t16 = Math.exp(s_2_3 - max_2);
  const t17 = Math.exp(s_2_4 - max_2);
  const sum_2 = t14 + t15 + t16 + t17;
  const t18 = Math.exp(s_3_1 - max_3);
  const t19 = Math.exp(s_3_2 - max_3);
  const t20 = Math.exp(s_3_3 - max_3);
  const t21 = Math.exp(s_3_4 - max_3);
  const sum_3 = t18 + t19 + t20 + t21;
  const t22 = Math.exp(s_4_1 - max_4);
  const t23 = Math.exp(s_4_2 - max_4);
  const t24 = Math.exp(s_4_3 - max_4);
  const t25 = Math.exp(s_4_4 - max_4);
  const sum_4 = t22 + t23 + t24 + t25;

  // a_{tu} = exp(s_{tu})/(Σ_{v=1..4} exp(s_{tv}))
  const a_1_1 = t10 / sum_1;
  const a_1_2 = t11 / sum_1;
  const a_1_3 = t12 / sum_1;
  const a_1_4 = t13 / sum_1;
  const a_2_1 = t14 / sum_2;
  const a_2_2 = t15 / sum_2;
  const a_2_3 = t16 / sum_2;
  const a_2_4 = t17 / sum_2;
  const a_3_1 = t18 / sum_3;
  const a_3_2 = t19 / sum_3;
  const a_3_3 = t20 / sum_3;
  const a_3_4 = t21 / sum_3;
  const a_4_1 = t22 / sum_4;
  const a_4_2 = t23 / sum_4;
  const a_4_3 = t24 / sum_4;
  const a_4_4 = t25 / sum_4;

  // h_{td} = Σ_{u=1..4} a_{tu} · w_{ud}
  const h_1_1 = a_1_1 * w_1_1 + a_1_2 * w_2_1 + a_1_3 * w_3_1 + a_1_4 * w_4_1;
  const h_1_2 = a_1_1 * w_1_2 + a_1_2 * w_2_2 + a_1_3 * w_3_2 + a_1_4 * w_4_2;
  const h_2_1 = a_2_1 * w_1_1 + a_2_2 * w_2_1 + a_2_3 * w_3_1 + a_2_4 * w_4_1;
  const h_2_2 = a_2_1 * w_1_2 + a_2_2 * w_2_2 + a_2_3 * w_3_2 + a_2_4 * w_4_2;
  const h_3_1 = a_3_1 * w_1_1 + a_3_2 * w_2_1 + a_3_3 * w_3_1 + a_3_4 * w_4_1;
  const h_3_2 = a_3_1 * w_1_2 + a_3_2 * w_2_2 + a_3_3 * w_3_2 + a_3_4 * w_4_2;
  const h_4_1 = a_4_1 * w_1_1 + a_4_2 * w_2_1 + a_4_3 * w_3_1 + a_4_4 * w_4_1;
  const h_4_2 = a_4_1 * w_1_2 + a_4_2 * w_2_2 + a_4_3 * w_3_2 + a_4_4 * w_4_2;

  // o_{te} = x_{te} + Σ_{d=1..2} Wo_{ed} · h_{td}
  const Wo_1_1 = theta[18]!;
  const Wo_1_2 = theta[19]!;
  const o_1_1 = x_1_1 + (Wo_1_1 * h_1_1 + Wo_1_2 * h_1_2);
  output[0] = o_1_1;
  const Wo_2_1 = theta[20]!;
  const Wo_2_2 = theta[21]!;
  const o_1_2 = x_1_2 + (Wo_2_1 * h_1_1 + Wo_2_2 * h_1_2);
  output[1] = o_1_2;
  const Wo_3_1 = theta[22]!;
  const Wo_3_2 = theta[23]!;
  const o_1_3 = x_1_3 + (Wo_3_1 * h_1_1 + Wo_3_2 * h_1_2);
  output[2] = o_1_3;
  const o_2_1 = x_2_1 + (Wo_1_1 * h_2_1 + Wo_1_2 * h_2_2);
  output[3] = o_2_1;
  const o_2_2 = x_2_2 + (Wo_2_1 * h_2_1 + Wo_2_2 * h_2_2);
  output[4] = o_2_2;
  const o_2_3 = x_2_3 + (Wo_3_1 * h_2_1 + Wo_3_2 * h_2_2);
  output[5] = o_2_3;
  const o_3_1 = x_3_1 + (Wo_1_1 * h_3_1 + Wo_1_2 * h_3_2);
  output[6] = o_3_1;
  const o_3_2 = x_3_2 + (Wo_2_1 * h_3_1 + Wo_2_2 * h_3_2);
  output[7] = o_3_2;
  const o_3_3 = x_3_3 + (Wo_3_1 * h_3_1 + Wo_3_2 * h_3_2);
  output[8] = o_3_3;
  const o_4_1 = x_4_1 + (Wo_1_1 * h_4_1 + Wo_1_2 * h_4_2);
  output[9] = o_4_1;
  const o_4_2 = x_4_2 + (Wo_2_1 * h_4_1 + Wo_2_2 * h_4_2);
  output[10] = o_4_2;
  const o_4_3 = x_4_3 + (Wo_3_1 * h_4_1 + Wo_3_2 * h_4_2);
  output[11] = o_4_3;
}

function backward1(theta: Float64Array, x: Float64Array, y: Float64Array): void {
  // q_{td} = Σ_{e=1..3} Wq_{de} · x_{te}
  const Wq_1_1 = theta[0]!;
  const x_1_1 = x[0]!;
  scratch[59] = x_1_1;
  const Wq_1_2 = theta[1]!;
  const x_1_2 = x[1]!;
  scratch[63] = x_1_2;
  const Wq_1_3 = theta[2]!;
  const x_1_3 = x[2]!;
  scratch[67] = x_1_3;
  const q_1_1 = Wq_1_1 * x_1_1 + Wq_1_2 * x_1_2 + Wq_1_3 * x_1_3;
  scratch[42] = q_1_1;
  const Wq_2_1 = theta[3]!;
  const Wq_2_2 = theta[4]!;
  const Wq_2_3 = theta[5]!;
  const q_1_2 = Wq_2_1 * x_1_1 + Wq_2_2 * x_1_2 + Wq_2_3 * x_1_3;
  scratch[47] = q_1_2;
  const x_2_1 = x[3]!;
  scratch[60] = x_2_1;
  const x_2_2 = x[4]!;
  scratch[64] = x_2_2;
  const x_2_3 = x[5]!;
  scratch[68] = x_2_3;
  const q_2_1 = Wq_1_1 * x_2_1 + Wq_1_2 * x_2_2 + Wq_1_3 * x_2_3;
  scratch[43] = q_2_1;
  const q_2_2 = Wq_2_1 * x_2_1 + Wq_2_2 * x_2_2 + Wq_2_3 * x_2_3;
  scratch[48] = q_2_2;
  const x_3_1 = x[6]!;
  scratch[61] = x_3_1;
  const x_3_2 = x[7]!;
  scratch[65] = x_3_2;
  const x_3_3 = x[8]!;
  scratch[69] = x_3_3;
  const q_3_1 = Wq_1_1 * x_3_1 + Wq_1_2 * x_3_2 + Wq_1_3 * x_3_3;
  scratch[44] = q_3_1;
  const q_3_2 = Wq_2_1 * x_3_1 + Wq_2_2 * x_3_2 + Wq_2_3 * x_3_3;
  scratch[49] = q_3_2;
  const x_4_1 = x[9]!;
  scratch[62] = x_4_1;
  const x_4_2 = x[10]!;
  scratch[66] = x_4_2;
  const x_4_3 = x[11]!;
  scratch[70] = x_4_3;
  const q_4_1 = Wq_1_1 * x_4_1 + Wq_1_2 * x_4_2 + Wq_1_3 * x_4_3;
  scratch[45] = q_4_1;
  const q_4_2 = Wq_2_1 * x_4_1 + Wq_2_2 * x_4_2 + Wq_2_3 * x_4_3;
  scratch[50] = q_4_2;

  // k_{td} = Σ_{e=1..3} Wk_{de} · x_{te}
  const Wk_1_1 = theta[6]!;
  const Wk_1_2 = theta[7]!;
  const Wk_1_3 = theta[8]!;
  const k_1_1 = Wk_1_1 * x_1_1 + Wk_1_2 * x_1_2 + Wk_1_3 * x_1_3;
  scratch[51] = k_1_1;
  const Wk_2_1 = theta[9]!;
  const Wk_2_2 = theta[10]!;
  const Wk_2_3 = theta[11]!;
  const k_1_2 = Wk_2_1 * x_1_1 + Wk_2_2 * x_1_2 + Wk_2_3 * x_1_3;
  scratch[55] = k_1_2;
  const k_2_1 = Wk_1_1 * x_2_1 + Wk_1_2 * x_2_2 + Wk_1_3 * x_2_3;
  scratch[52] = k_2_1;
  const k_2_2 = Wk_2_1 * x_2_1 + Wk_2_2 * x_2_2 + Wk_2_3 * x_2_3;
  scratch[56] = k_2_2;
  const k_3_1 = Wk_1_1 * x_3_1 + Wk_1_2 * x_3_2 + Wk_1_3 * x_3_3;
  scratch[53] = k_3_1;
  const k_3_2 = Wk_2_1 * x_3_1 + Wk_2_2 * x_3_2 + Wk_2_3 * x_3_3;
  scratch[57] = k_3_2;
  const k_4_1 = Wk_1_1 * x_4_1 + Wk_1_2 * x_4_2 + Wk_1_3 * x_4_3;
  scratch[54] = k_4_1;
  const k_4_2 = Wk_2_1 * x_4_1 + Wk_2_2 * x_4_2 + Wk_2_3 * x_4_3;
  scratch[58] = k_4_2;

  // w_{td} = Σ_{e=1..3} Wv_{de} · x_{te}
  const Wv_1_1 = theta[12]!;
  const Wv_1_2 = theta[13]!;
  const Wv_1_3 = theta[14]!;
  const w_1_1 = Wv_1_1 * x_1_1 + Wv_1_2 * x_1_2 + Wv_1_3 * x_1_3;
  scratch[7] = w_1_1;
  const Wv_2_1 = theta[15]!;
  const Wv_2_2 = theta[16]!;
  const Wv_2_3 = theta[17]!;
  const w_1_2 = Wv_2_1 * x_1_1 + Wv_2_2 * x_1_2 + Wv_2_3 * x_1_3;
  scratch[9] = w_1_2;
  const w_2_1 = Wv_1_1 * x_2_1 + Wv_1_2 * x_2_2 + Wv_1_3 * x_2_3;
  scratch[10] = w_2_1;
  const w_2_2 = Wv_2_1 * x_2_1 + Wv_2_2 * x_2_2 + Wv_2_3 * x_2_3;
  scratch[11] = w_2_2;
  const w_3_1 = Wv_1_1 * x_3_1 + Wv_1_2 * x_3_2 + Wv_1_3 * x_3_3;
  scratch[1] = w_3_1;
  const w_3_2 = Wv_2_1 * x_3_1 + Wv_2_2 * x_3_2 + Wv_2_3 * x_3_3;
  scratch[3] = w_3_2;
  const w_4_1 = Wv_1_1 * x_4_1 + Wv_1_2 * x_4_2 + Wv_1_3 * x_4_3;
  scratch[4] = w_4_1;
  const w_4_2 = Wv_2_1 * x_4_1 + Wv_2_2 * x_4_2 + Wv_2_3 * x_4_3;
  scratch[5] = w_4_2;

  // s_{tu} = (Σ_{d=1..2} q_{td} · k_{ud})/√(2)
  const t1 = Math.sqrt(2);
  scratch[46] = t1;
  const s_1_1 = (q_1_1 * k_1_1 + q_1_2 * k_1_2) / t1;
  const s_1_2 = (q_1_1 * k_2_1 + q_1_2 * k_2_2) / t1;
  const s_1_3 = (q_1_1 * k_3_1 + q_1_2 * k_3_2) / t1;
  const s_1_4 = (q_1_1 * k_4_1 + q_1_2 * k_4_2) / t1;
  const s_2_1 = (q_2_1 * k_1_1 + q_2_2 * k_1_2) / t1;
  const s_2_2 = (q_2_1 * k_2_1 + q_2_2 * k_2_2) / t1;
  const s_2_3 = (q_2_1 * k_3_1 + q_2_2 * k_3_2) / t1;
  const s_2_4 = (q_2_1 * k_4_1 + q_2_2 * k_4_2) / t1;
  const s_3_1 = (q_3_1 * k_1_1 + q_3_2 * k_1_2) / t1;
  const s_3_2 = (q_3_1 * k_2_1 + q_3_2 * k_2_2) / t1;
  const s_3_3 = (q_3_1 * k_3_1 + q_3_2 * k_3_2) / t1;
  const s_3_4 = (q_3_1 * k_4_1 + q_3_2 * k_4_2) / t1;
  const s_4_1 = (q_4_1 * k_1_1 + q_4_2 * k_1_2) / t1;
  const s_4_2 = (q_4_1 * k_2_1 + q_4_2 * k_2_2) / t1;
  const s_4_3 = (q_4_1 * k_3_1 + q_4_2 * k_3_2) / t1;
  const s_4_4 = (q_4_1 * k_4_1 + q_4_2 * k_4_2) / t1;

  // max_t = max_{v=1..4} s_{tv}
  const t2 = s_1_2 > s_1_1 ? s_1_2 : s_1_1;
  const t3 = s_1_3 > t2 ? s_1_3 : t2;
  const max_1 = s_1_4 > t3 ? s_1_4 : t3;
  const t4 = s_2_2 > s_2_1 ? s_2_2 : s_2_1;
  const t5 = s_2_3 > t4 ? s_2_3 : t4;
  const max_2 = s_2_4 > t5 ? s_2_4 : t5;
  const t6 = s_3_2 > s_3_1 ? s_3_2 : s_3_1;
  const t7 = s_3_3 > t6 ? s_3_3 : t6;
  const max_3 = s_3_4 > t7 ? s_3_4 : t7;
  const t8 = s_4_2 > s_4_1 ? s_4_2 : s_4_1;
  const t9 = s_4_3 > t8 ? s_4_3 : t8;
  const max_4 = s_4_4 > t9 ? s_4_4 : t9;

  // sum_t = Σ_{v=1..4} exp(s_{tv} − max_t)
  const t10 = Math.exp(s_1_1 - max_1);
  const t11 = Math.exp(s_1_2 - max_1);
  const t12 = Math.exp(s_1_3 - max_1);
  const t13 = Math.exp(s_1_4 - max_1);
  const sum_1 = t10 + t11 + t12 + t13;
  const t14 = Math.exp(s_2_1 - max_2);
  const t15 = Math.exp(s_2_2 - max_2);
  const t16 = Math.exp(s_2_3 - max_2);
  const t17 = Math.exp(s_2_4 - max_2);
  const sum_2 = t14 + t15 + t16 + t17;
  const t18 = Math.exp(s_3_1 - max_3);
  const t19 = Math.exp(s_3_2 - max_3);
  const t20 = Math.exp(s_3_3 - max_3);
  const t21 = Math.exp(s_3_4 - max_3);
  const sum_3 = t18 + t19 + t20 + t21;
  const t22 = Math.exp(s_4_1 - max_4);
  const t23 = Math.exp(s_4_2 - max_4);
  const t24 = Math.exp(s_4_3 - max_4);
  const t25 = Math.exp(s_4_4 - max_4);
  const sum_4 = t22 + t23 + t24 + t25;

  // a_{tu} = exp(s_{tu})/(Σ_{v=1..4} exp(s_{tv}))
  const a_1_1 = t10 / sum_1;
  scratch[12] = a_1_1;
  const a_1_2 = t11 / sum_1;
  scratch[14] = a_1_2;
  const a_1_3 = t12 / sum_1;
  scratch[16] = a_1_3;
  const a_1_4 = t13 / sum_1;
  scratch[18] = a_1_4;
  const a_2_1 = t14 / sum_2;
  scratch[20] = a_2_1;
  const a_2_2 = t15 / sum_2;
  scratch[22] = a_2_2;
  const a_2_3 = t16 / sum_2;
  scratch[24] = a_2_3;
  const a_2_4 = t17 / sum_2;
  scratch[26] = a_2_4;
  const a_3_1 = t18 / sum_3;
  scratch[28] = a_3_1;
  const a_3_2 = t19 / sum_3;
  scratch[30] = a_3_2;
  const a_3_3 = t20 / sum_3;
  scratch[32] = a_3_3;
  const a_3_4 = t21 / sum_3;
  scratch[33] = a_3_4;
  const a_4_1 = t22 / sum_4;
  scratch[34] = a_4_1;
  const a_4_2 = t23 / sum_4;
  scratch[35] = a_4_2;
  const a_4_3 = t24 / sum_4;
  scratch[36] = a_4_3;
  const a_4_4 = t25 / sum_4;
  scratch[37] = a_4_4;

  // h_{td} = Σ_{u=1..4} a_{tu} · w_{ud}
  const h_1_1 = a_1_1 * w_1_1 + a_1_2 * w_2_1 + a_1_3 * w_3_1 + a_1_4 * w_4_1;
  scratch[72] = h_1_1;
  const h_1_2 = a_1_1 * w_1_2 + a_1_2 * w_2_2 + a_1_3 * w_3_2 + a_1_4 * w_4_2;
  scratch[79] = h_1_2;
  const h_2_1 = a_2_1 * w_1_1 + a_2_2 * w_2_1 + a_2_3 * w_3_1 + a_2_4 * w_4_1;
  scratch[74] = h_2_1;
  const h_2_2 = a_2_1 * w_1_2 + a_2_2 * w_2_2 + a_2_3 * w_3_2 + a_2_4 * w_4_2;
  scratch[80] = h_2_2;
  const h_3_1 = a_3_1 * w_1_1 + a_3_2 * w_2_1 + a_3_3 * w_3_1 + a_3_4 * w_4_1;
  scratch[76] = h_3_1;
  const h_3_2 = a_3_1 * w_1_2 + a_3_2 * w_2_2 + a_3_3 * w_3_2 + a_3_4 * w_4_2;
  scratch[81] = h_3_2;
  const h_4_1 = a_4_1 * w_1_1 + a_4_2 * w_2_1 + a_4_3 * w_3_1 + a_4_4 * w_4_1;
  scratch[78] = h_4_1;
  const h_4_2 = a_4_1 * w_1_2 + a_4_2 * w_2_2 + a_4_3 * w_3_2 + a_4_4 * w_4_2;
  scratch[82] = h_4_2;

  // o_{te} = x_{te} + Σ_{d=1..2} Wo_{ed} · h_{td}
  const Wo_1_1 = theta[18]!;
  const Wo_1_2 = theta[19]!;
  const o_1_1 = x_1_1 + (Wo_1_1 * h_1_1 + Wo_1_2 * h_1_2);
  const Wo_2_1 = theta[20]!;
  const Wo_2_2 = theta[21]!;
  const o_1_2 = x_1_2 + (Wo_2_1 * h_1_1 + Wo_2_2 * h_1_2);
  const Wo_3_1 = theta[22]!;
  const Wo_3_2 = theta[23]!;
  const o_1_3 = x_1_3 + (Wo_3_1 * h_1_1 + Wo_3_2 * h_1_2);
  const o_2_1 = x_2_1 + (Wo_1_1 * h_2_1 + Wo_1_2 * h_2_2);
  const o_2_2 = x_2_2 + (Wo_2_1 * h_2_1 + Wo_2_2 * h_2_2);
  const o_2_3 = x_2_3 + (Wo_3_1 * h_2_1 + Wo_3_2 * h_2_2);
  const o_3_1 = x_3_1 + (Wo_1_1 * h_3_1 + Wo_1_2 * h_3_2);
  const o_3_2 = x_3_2 + (Wo_2_1 * h_3_1 + Wo_2_2 * h_3_2);
  const o_3_3 = x_3_3 + (Wo_3_1 * h_3_1 + Wo_3_2 * h_3_2);
  const o_4_1 = x_4_1 + (Wo_1_1 * h_4_1 + Wo_1_2 * h_4_2);
  const o_4_2 = x_4_2 + (Wo_2_1 * h_4_1 + Wo_2_2 * h_4_2);
  const o_4_3 = x_4_3 + (Wo_3_1 * h_4_1 + Wo_3_2 * h_4_2);

  // J = (Σ_{t=1..4} Σ_{e=1..3} (o_{te} − y_{te})^2)/(4 · 3)
  const y_1_1 = y[0]!;
  const y_1_2 = y[1]!;
  const y_1_3 = y[2]!;
  const y_2_1 = y[3]!;
  const y_2_2 = y[4]!;
  const y_2_3 = y[5]!;
  const y_3_1 = y[6]!;
  const y_3_2 = y[7]!;
  const y_3_3 = y[8]!;
  const y_4_1 = y[9]!;
  const y_4_2 = y[10]!;
  const y_4_3 = y[11]!;
  const t26 = o_1_1 - y_1_1;
  const t27 = o_1_2 - y_1_2;
  const t28 = o_1_3 - y_1_3;
  const t29 = o_2_1 - y_2_1;
  const t30 = o_2_2 - y_2_2;
  const t31 = o_2_3 - y_2_3;
  const t32 = o_3_1 - y_3_1;
  const t33 = o_3_2 - y_3_2;
  const t34 = o_3_3 - y_3_3;
  const t35 = o_4_1 - y_4_1;
  const t36 = o_4_2 - y_4_2;
  const t37 = o_4_3 - y_4_3;
  const J =
    (t26 * t26 +
      t27 * t27 +
      t28 * t28 +
      (t29 * t29 + t30 * t30 + t31 * t31) +
      (t32 * t32 + t33 * t33 + t34 * t34) +
      (t35 * t35 + t36 * t36 + t37 * t37)) /
    (4 * 3);
  scratch[91] = J;

  // ∂J/∂o_{te} = 1/6 · (o_{te} − y_{te})
  const o_bar_1_1 = 0.16666666666666666 * t26;
  scratch[71] = o_bar_1_1;
  const o_bar_1_2 = 0.16666666666666666 * t27;
  scratch[83] = o_bar_1_2;
  const o_bar_1_3 = 0.16666666666666666 * t28;
  scratch[87] = o_bar_1_3;
  const o_bar_2_1 = 0.16666666666666666 * t29;
  scratch[73] = o_bar_2_1;
  const o_bar_2_2 = 0.16666666666666666 * t30;
  scratch[84] = o_bar_2_2;
  const o_bar_2_3 = 0.16666666666666666 * t31;
  scratch[88] = o_bar_2_3;
  const o_bar_3_1 = 0.16666666666666666 * t32;
  scratch[75] = o_bar_3_1;
  const o_bar_3_2 = 0.16666666666666666 * t33;
  scratch[85] = o_bar_3_2;
  const o_bar_3_3 = 0.16666666666666666 * t34;
  scratch[89] = o_bar_3_3;
  const o_bar_4_1 = 0.16666666666666666 * t35;
  scratch[77] = o_bar_4_1;
  const o_bar_4_2 = 0.16666666666666666 * t36;
  scratch[86] = o_bar_4_2;
  const o_bar_4_3 = 0.16666666666666666 * t37;
  scratch[90] = o_bar_4_3;

  // ∂J/∂h_{td} = Σ_{e=1..3} ∂J/∂o_{te} · Wo_{ed}
  const h_bar_1_1 = o_bar_1_1 * Wo_1_1 + o_bar_1_2 * Wo_2_1 + o_bar_1_3 * Wo_3_1;
  scratch[38] = h_bar_1_1;
  const h_bar_1_2 = o_bar_1_1 * Wo_1_2 + o_bar_1_2 * Wo_2_2 + o_bar_1_3 * Wo_3_2;
  scratch[40] = h_bar_1_2;
  const h_bar_2_1 = o_bar_2_1 * Wo_1_1 + o_bar_2_2 * Wo_2_1 + o_bar_2_3 * Wo_3_1;
  scratch[39] = h_bar_2_1;
  const h_bar_2_2 = o_bar_2_1 * Wo_1_2 + o_bar_2_2 * Wo_2_2 + o_bar_2_3 * Wo_3_2;
  scratch[41] = h_bar_2_2;
  const h_bar_3_1 = o_bar_3_1 * Wo_1_1 + o_bar_3_2 * Wo_2_1 + o_bar_3_3 * Wo_3_1;
  scratch[0] = h_bar_3_1;
  const h_bar_3_2 = o_bar_3_1 * Wo_1_2 + o_bar_3_2 * Wo_2_2 + o_bar_3_3 * Wo_3_2;
  scratch[2] = h_bar_3_2;
  const h_bar_4_1 = o_bar_4_1 * Wo_1_1 + o_bar_4_2 * Wo_2_1 + o_bar_4_3 * Wo_3_1;
  scratch[6] = h_bar_4_1;
  const h_bar_4_2 = o_bar_4_1 * Wo_1_2 + o_bar_4_2 * Wo_2_2 + o_bar_4_3 * Wo_3_2;
  scratch[8] = h_bar_4_2;

  // ∂J/∂a_{tu} = Σ_{d=1..2} ∂J/∂h_{td} · w_{ud}
  const a_bar_1_1 = h_bar_1_1 * w_1_1 + h_bar_1_2 * w_1_2;
  scratch[13] = a_bar_1_1;
  const a_bar_1_2 = h_bar_1_1 * w_2_1 + h_bar_1_2 * w_2_2;
  scratch[15] = a_bar_1_2;
  const a_bar_1_3 = h_bar_1_1 * w_3_1 + h_bar_1_2 * w_3_2;
  scratch[17] = a_bar_1_3;
  const a_bar_1_4 = h_bar_1_1 * w_4_1 + h_bar_1_2 * w_4_2;
  scratch[19] = a_bar_1_4;
  const a_bar_2_1 = h_bar_2_1 * w_1_1 + h_bar_2_2 * w_1_2;
  scratch[21] = a_bar_2_1;
  const a_bar_2_2 = h_bar_2_1 * w_2_1 + h_bar_2_2 * w_2_2;
  scratch[23] = a_bar_2_2;
  const a_bar_2_3 = h_bar_2_1 * w_3_1 + h_bar_2_2 * w_3_2;
  scratch[25] = a_bar_2_3;
  const a_bar_2_4 = h_bar_2_1 * w_4_1 + h_bar_2_2 * w_4_2;
  scratch[27] = a_bar_2_4;
  const a_bar_3_1 = h_bar_3_1 * w_1_1 + h_bar_3_2 * w_1_2;
  scratch[29] = a_bar_3_1;
  const a_bar_3_2 = h_bar_3_1 * w_2_1 + h_bar_3_2 * w_2_2;
  scratch[31] = a_bar_3_2;
}

function backward2(gradient: Float64Array): void {
  const h_bar_3_1 = scratch[0]!;
  const w_3_1 = scratch[1]!;
  const h_bar_3_2 = scratch[2]!;
  const w_3_2 = scratch[3]!;
  const w_4_1 = scratch[4]!;
  const w_4_2 = scratch[5]!;
  const h_bar_4_1 = scratch[6]!;
  const w_1_1 = scratch[7]!;
  const h_bar_4_2 = scratch[8]!;
  const w_1_2 = scratch[9]!;
  const w_2_1 = scratch[10]!;
  const w_2_2 = scratch[11]!;
  const a_1_1 = scratch[12]!;
  const a_bar_1_1 = scratch[13]!;
  const a_1_2 = scratch[14]!;
  const a_bar_1_2 = scratch[15]!;
  const a_1_3 = scratch[16]!;
  const a_bar_1_3 = scratch[17]!;
  const a_1_4 = scratch[18]!;
  const a_bar_1_4 = scratch[19]!;
  const a_2_1 = scratch[20]!;
  const a_bar_2_1 = scratch[21]!;
  const a_2_2 = scratch[22]!;
  const a_bar_2_2 = scratch[23]!;
  const a_2_3 = scratch[24]!;
  const a_bar_2_3 = scratch[25]!;
  const a_2_4 = scratch[26]!;
  const a_bar_2_4 = scratch[27]!;
  const a_3_1 = scratch[28]!;
  const a_bar_3_1 = scratch[29]!;
  const a_3_2 = scratch[30]!;
  const a_bar_3_2 = scratch[31]!;
  const a_3_3 = scratch[32]!;
  const a_3_4 = scratch[33]!;
  const a_4_1 = scratch[34]!;
  const a_4_2 = scratch[35]!;
  const a_4_3 = scratch[36]!;
  const a_4_4 = scratch[37]!;
  const h_bar_1_1 = scratch[38]!;
  const h_bar_2_1 = scratch[39]!;
  const h_bar_1_2 = scratch[40]!;
  const h_bar_2_2 = scratch[41]!;
  const q_1_1 = scratch[42]!;
  const q_2_1 = scratch[43]!;
  const q_3_1 = scratch[44]!;
  const q_4_1 = scratch[45]!;
  const t1 = scratch[46]!;
  const q_1_2 = scratch[47]!;
  const q_2_2 = scratch[48]!;
  const q_3_2 = scratch[49]!;
  const q_4_2 = scratch[50]!;
  const k_1_1 = scratch[51]!;
  const k_2_1 = scratch[52]!;
  const k_3_1 = scratch[53]!;
  const k_4_1 = scratch[54]!;
  const k_1_2 = scratch[55]!;
  const k_2_2 = scratch[56]!;
  const k_3_2 = scratch[57]!;
  const k_4_2 = scratch[58]!;
  const x_1_1 = scratch[59]!;
  const x_2_1 = scratch[60]!;
  const x_3_1 = scratch[61]!;
  const x_4_1 = scratch[62]!;
  const x_1_2 = scratch[63]!;
  const x_2_2 = scratch[64]!;
  const x_3_2 = scratch[65]!;
  const x_4_2 = scratch[66]!;
  const x_1_3 = scratch[67]!;
  const x_2_3 = scratch[68]!;
  const x_3_3 = scratch[69]!;
  const x_4_3 = scratch[70]!;
  const o_bar_1_1 = scratch[71]!;
  const h_1_1 = scratch[72]!;
  const o_bar_2_1 = scratch[73]!;
  const h_2_1 = scratch[74]!;
  const o_bar_3_1 = scratch[75]!;
  const h_3_1 = scratch[76]!;
  const o_bar_4_1 = scratch[77]!;
  const h_4_1 = scratch[78]!;
  const h_1_2 = scratch[79]!;
  const h_2_2 = scratch[80]!;
  const h_3_2 = scratch[81]!;
  const h_4_2 = scratch[82]!;
  const o_bar_1_2 = scratch[83]!;
  const o_bar_2_2 = scratch[84]!;
  const o_bar_3_2 = scratch[85]!;
  const o_bar_4_2 = scratch[86]!;
  const o_bar_1_3 = scratch[87]!;
  const o_bar_2_3 = scratch[88]!;
  const o_bar_3_3 = scratch[89]!;
  const o_bar_4_3 = scratch[90]!;
  const a_bar_3_3 = h_bar_3_1 * w_3_1 + h_bar_3_2 * w_3_2;
  const a_bar_3_4 = h_bar_3_1 * w_4_1 + h_bar_3_2 * w_4_2;
  const a_bar_4_1 = h_bar_4_1 * w_1_1 + h_bar_4_2 * w_1_2;
  const a_bar_4_2 = h_bar_4_1 * w_2_1 + h_bar_4_2 * w_2_2;
  const a_bar_4_3 = h_bar_4_1 * w_3_1 + h_bar_4_2 * w_3_2;
  const a_bar_4_4 = h_bar_4_1 * w_4_1 + h_bar_4_2 * w_4_2;

  // sumB_t = Σ_{p=1..4} a_{tp} · ∂J/∂a_{tp}
  const sumB_1 = a_1_1 * a_bar_1_1 + a_1_2 * a_bar_1_2 + a_1_3 * a_bar_1_3 + a_1_4 * a_bar_1_4;
  const sumB_2 = a_2_1 * a_bar_2_1 + a_2_2 * a_bar_2_2 + a_2_3 * a_bar_2_3 + a_2_4 * a_bar_2_4;
  const sumB_3 = a_3_1 * a_bar_3_1 + a_3_2 * a_bar_3_2 + a_3_3 * a_bar_3_3 + a_3_4 * a_bar_3_4;
  const sumB_4 = a_4_1 * a_bar_4_1 + a_4_2 * a_bar_4_2 + a_4_3 * a_bar_4_3 + a_4_4 * a_bar_4_4;

  // ∂J/∂s_{tu} = a_{tu} · (∂J/∂a_{tu} − Σ_{p=1..4} a_{tp} · ∂J/∂a_{tp})
  const s_bar_1_1 = a_1_1 * (a_bar_1_1 - sumB_1);
  const s_bar_1_2 = a_1_2 * (a_bar_1_2 - sumB_1);
  const s_bar_1_3 = a_1_3 * (a_bar_1_3 - sumB_1);
  const s_bar_1_4 = a_1_4 * (a_bar_1_4 - sumB_1);
  const s_bar_2_1 = a_2_1 * (a_bar_2_1 - sumB_2);
  const s_bar_2_2 = a_2_2 * (a_bar_2_2 - sumB_2);
  const s_bar_2_3 = a_2_3 * (a_bar_2_3 - sumB_2);
  const s_bar_2_4 = a_2_4 * (a_bar_2_4 - sumB_2);
  const s_bar_3_1 = a_3_1 * (a_bar_3_1 - sumB_3);
  const s_bar_3_2 = a_3_2 * (a_bar_3_2 - sumB_3);
  const s_bar_3_3 = a_3_3 * (a_bar_3_3 - sumB_3);
  const s_bar_3_4 = a_3_4 * (a_bar_3_4 - sumB_3);
  const s_bar_4_1 = a_4_1 * (a_bar_4_1 - sumB_4);
  const s_bar_4_2 = a_4_2 * (a_bar_4_2 - sumB_4);
  const s_bar_4_3 = a_4_3 * (a_bar_4_3 - sumB_4);
  const s_bar_4_4 = a_4_4 * (a_bar_4_4 - sumB_4);

  // ∂J/∂w_{td} = Σ_{j=1..4} ∂J/∂h_{jd} · a_{jt}
  const w_bar_1_1 = h_bar_1_1 * a_1_1 + h_bar_2_1 * a_2_1 + h_bar_3_1 * a_3_1 + h_bar_4_1 * a_4_1;
  const w_bar_1_2 = h_bar_1_2 * a_1_1 + h_bar_2_2 * a_2_1 + h_bar_3_2 * a_3_1 + h_bar_4_2 * a_4_1;
  const w_bar_2_1 = h_bar_1_1 * a_1_2 + h_bar_2_1 * a_2_2 + h_bar_3_1 * a_3_2 + h_bar_4_1 * a_4_2;
  const w_bar_2_2 = h_bar_1_2 * a_1_2 + h_bar_2_2 * a_2_2 + h_bar_3_2 * a_3_2 + h_bar_4_2 * a_4_2;
  const w_bar_3_1 = h_bar_1_1 * a_1_3 + h_bar_2_1 * a_2_3 + h_bar_3_1 * a_3_3 + h_bar_4_1 * a_4_3;
  const w_bar_3_2 = h_bar_1_2 * a_1_3 + h_bar_2_2 * a_2_3 + h_bar_3_2 * a_3_3 + h_bar_4_2 * a_4_3;
  const w_bar_4_1 = h_bar_1_1 * a_1_4 + h_bar_2_1 * a_2_4 + h_bar_3_1 * a_3_4 + h_bar_4_1 * a_4_4;
  const w_bar_4_2 = h_bar_1_2 * a_1_4 + h_bar_2_2 * a_2_4 + h_bar_3_2 * a_3_4 + h_bar_4_2 * a_4_4;

  // ∂J/∂k_{td} = (Σ_{j=1..4} ∂J/∂s_{jt} · q_{jd})/√(2)
  const k_bar_1_1 =
    (s_bar_1_1 * q_1_1 + s_bar_2_1 * q_2_1 + s_bar_3_1 * q_3_1 + s_bar_4_1 * q_4_1) / t1;
  const k_bar_1_2 =
    (s_bar_1_1 * q_1_2 + s_bar_2_1 * q_2_2 + s_bar_3_1 * q_3_2 + s_bar_4_1 * q_4_2) / t1;
  const k_bar_2_1 =
    (s_bar_1_2 * q_1_1 + s_bar_2_2 * q_2_1 + s_bar_3_2 * q_3_1 + s_bar_4_2 * q_4_1) / t1;
  const k_bar_2_2 =
    (s_bar_1_2 * q_1_2 + s_bar_2_2 * q_2_2 + s_bar_3_2 * q_3_2 + s_bar_4_2 * q_4_2) / t1;
  const k_bar_3_1 =
    (s_bar_1_3 * q_1_1 + s_bar_2_3 * q_2_1 + s_bar_3_3 * q_3_1 + s_bar_4_3 * q_4_1) / t1;
  const k_bar_3_2 =
    (s_bar_1_3 * q_1_2 + s_bar_2_3 * q_2_2 + s_bar_3_3 * q_3_2 + s_bar_4_3 * q_4_2) / t1;
  const k_bar_4_1 =
    (s_bar_1_4 * q_1_1 + s_bar_2_4 * q_2_1 + s_bar_3_4 * q_3_1 + s_bar_4_4 * q_4_1) / t1;
  const k_bar_4_2 =
    (s_bar_1_4 * q_1_2 + s_bar_2_4 * q_2_2 + s_bar_3_4 * q_3_2 + s_bar_4_4 * q_4_2) / t1;

  // ∂J/∂q_{td} = (Σ_{u=1..4} ∂J/∂s_{tu} · k_{ud})/√(2)
  const q_bar_1_1 =
    (s_bar_1_1 * k_1_1 + s_bar_1_2 * k_2_1 + s_bar_1_3 * k_3_1 + s_bar_1_4 * k_4_1) / t1;
  const q_bar_1_2 =
    (s_bar_1_1 * k_1_2 + s_bar_1_2 * k_2_2 + s_bar_1_3 * k_3_2 + s_bar_1_4 * k_4_2) / t1;
  const q_bar_2_1 =
    (s_bar_2_1 * k_1_1 + s_bar_2_2 * k_2_1 + s_bar_2_3 * k_3_1 + s_bar_2_4 * k_4_1) / t1;
  const q_bar_2_2 =
    (s_bar_2_1 * k_1_2 + s_bar_2_2 * k_2_2 + s_bar_2_3 * k_3_2 + s_bar_2_4 * k_4_2) / t1;
  const q_bar_3_1 =
    (s_bar_3_1 * k_1_1 + s_bar_3_2 * k_2_1 + s_bar_3_3 * k_3_1 + s_bar_3_4 * k_4_1) / t1;
  const q_bar_3_2 =
    (s_bar_3_1 * k_1_2 + s_bar_3_2 * k_2_2 + s_bar_3_3 * k_3_2 + s_bar_3_4 * k_4_2) / t1;
  const q_bar_4_1 =
    (s_bar_4_1 * k_1_1 + s_bar_4_2 * k_2_1 + s_bar_4_3 * k_3_1 + s_bar_4_4 * k_4_1) / t1;
  const q_bar_4_2 =
    (s_bar_4_1 * k_1_2 + s_bar_4_2 * k_2_2 + s_bar_4_3 * k_3_2 + s_bar_4_4 * k_4_2) / t1;

  // ∂J/∂Wq_{de} = Σ_{t=1..4} ∂J/∂q_{td} · x_{te}
  gradient[0] = q_bar_1_1 * x_1_1 + q_bar_2_1 * x_2_1 + q_bar_3_1 * x_3_1 + q_bar_4_1 * x_4_1;
  gradient[1] = q_bar_1_1 * x_1_2 + q_bar_2_1 * x_2_2 + q_bar_3_1 * x_3_2 + q_bar_4_1 * x_4_2;
  gradient[2] = q_bar_1_1 * x_1_3 + q_bar_2_1 * x_2_3 + q_bar_3_1 * x_3_3 + q_bar_4_1 * x_4_3;
  gradient[3] = q_bar_1_2 * x_1_1 + q_bar_2_2 * x_2_1 + q_bar_3_2 * x_3_1 + q_bar_4_2 * x_4_1;
  gradient[4] = q_bar_1_2 * x_1_2 + q_bar_2_2 * x_2_2 + q_bar_3_2 * x_3_2 + q_bar_4_2 * x_4_2;
  gradient[5] = q_bar_1_2 * x_1_3 + q_bar_2_2 * x_2_3 + q_bar_3_2 * x_3_3 + q_bar_4_2 * x_4_3;

  // ∂J/∂Wk_{de} = Σ_{t=1..4} ∂J/∂k_{td} · x_{te}
  gradient[6] = k_bar_1_1 * x_1_1 + k_bar_2_1 * x_2_1 + k_bar_3_1 * x_3_1 + k_bar_4_1 * x_4_1;
  gradient[7] = k_bar_1_1 * x_1_2 + k_bar_2_1 * x_2_2 + k_bar_3_1 * x_3_2 + k_bar_4_1 * x_4_2;
  gradient[8] = k_bar_1_1 * x_1_3 + k_bar_2_1 * x_2_3 + k_bar_3_1 * x_3_3 + k_bar_4_1 * x_4_3;
  gradient[9] = k_bar_1_2 * x_1_1 + k_bar_2_2 * x_2_1 + k_bar_3_2 * x_3_1 + k_bar_4_2 * x_4_1;
  gradient[10] = k_bar_1_2 * x_1_2 + k_bar_2_2 * x_2_2 + k_bar_3_2 * x_3_2 + k_bar_4_2 * x_4_2;
  gradient[11] = k_bar_1_2 * x_1_3 + k_bar_2_2 * x_2_3 + k_bar_3_2 * x_3_3 + k_bar_4_2 * x_4_3;

  // ∂J/∂Wv_{de} = Σ_{t=1..4} ∂J/∂w_{td} · x_{te}
  gradient[12] = w_bar_1_1 * x_1_1 + w_bar_2_1 * x_2_1 + w_bar_3_1 * x_3_1 + w_bar_4_1 * x_4_1;
  gradient[13] = w_bar_1_1 * x_1_2 + w_bar_2_1 * x_2_2 + w_bar_3_1 * x_3_2 + w_bar_4_1 * x_4_2;
  gradient[14] = w_bar_1_1 * x_1_3 + w_bar_2_1 * x_2_3 + w_bar_3_1 * x_3_3 + w_bar_4_1 * x_4_3;
  gradient[15] = w_bar_1_2 * x_1_1 + w_bar_2_2 * x_2_1 + w_bar_3_2 * x_3_1 + w_bar_4_2 * x_4_1;
  gradient[16] = w_bar_1_2 * x_1_2 + w_bar_2_2 * x_2_2 + w_bar_3_2 * x_3_2 + w_bar_4_2 * x_4_2;
  gradient[17] = w_bar_1_2 * x_1_3 + w_bar_2_2 * x_2_3 + w_bar_3_2 * x_3_3 + w_bar_4_2 * x_4_3;

  // ∂J/∂Wo_{ed} = Σ_{t=1..4} ∂J/∂o_{te} · h_{td}
  gradient[18] = o_bar_1_1 * h_1_1 + o_bar_2_1 * h_2_1 + o_bar_3_1 * h_3_1 + o_bar_4_1 * h_4_1;
  gradient[19] = o_bar_1_1 * h_1_2 + o_bar_2_1 * h_2_2 + o_bar_3_1 * h_3_2 + o_bar_4_1 * h_4_2;
  gradient[20] = o_bar_1_2 * h_1_1 + o_bar_2_2 * h_2_1 + o_bar_3_2 * h_3_1 + o_bar_4_2 * h_4_1;
  gradient[21] = o_bar_1_2 * h_1_2 + o_bar_2_2 * h_2_2 + o_bar_3_2 * h_3_2 + o_bar_4_2 * h_4_2;
  gradient[22] = o_bar_1_3 * h_1_1 + o_bar_2_3 * h_2_1 + o_bar_3_3 * h_3_1 + o_bar_4_3 * h_4_1;
  gradient[23] = o_bar_1_3 * h_1_2 + o_bar_2_3 * h_2_2 + o_bar_3_3 * h_3_2 + o_bar_4_3 * h_4_2;
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
  backward1(theta, x, y);
  backward2(gradient);
  return scratch[91]!;
}

/** The tensors of θ as views: writing to them writes to θ. */
export function parameters(theta: Float64Array): {
  readonly Wq: Float64Array;
  readonly Wk: Float64Array;
  readonly Wv: Float64Array;
  readonly Wo: Float64Array;
} {
  return {
    Wq: theta.subarray(0, 6),
    Wk: theta.subarray(6, 12),
    Wv: theta.subarray(12, 18),
    Wo: theta.subarray(18, 24),
  };
}

const ownTheta = new Float64Array(24);
const own_x = new Float64Array(12);
const own_y = new Float64Array(12);
const ownOutput = new Float64Array(12);
const ownGradient = new Float64Array(24);

/** Buffers of this module, for one model that lives here: the fast door. */
export const buffers = {
  theta: ownTheta,
  x: own_x,
  y: own_y,
  output: ownOutput,
  gradient: ownGradient,
} as const;

/** {@link forward} on the module's own buffers: x to output. */
export function forwardOwned(): void {
  forward(ownTheta, own_x, ownOutput);
}

/** {@link backward} on the module's own buffers: x and y to gradient. Returns J. */
export function backwardOwned(): number {
  return backward(ownTheta, own_x, own_y, ownGradient);
}
