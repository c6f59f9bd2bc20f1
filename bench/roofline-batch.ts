import type { LayerPlace } from "./networks.ts";
import { batchSize } from "./point.ts";

/**
 * A batch of samples side by side. Sums go over four terms at once, so that a vector of partial sums is read and
 * written once for four products. Inner loops run along memory: over samples on the way up and down, over inputs in
 * the outer product, which therefore has activations the other way round as well.
 */
export function batchSource(layers: readonly LayerPlace[], n: number, k: number): string {
  const S = batchSize;
  const top = layers.length + 1;
  const scratch = layers.map(
    ({ outputs }, i) =>
      `static double A${i + 2}[${outputs}][${S}], D${i + 2}[${outputs}][${S}], T${i + 2}[${S}][${outputs}];`,
  );
  const forward = layers.map(
    (
      { inputs, outputs, weights, biases },
      i,
    ) => `  for (int j = 0; j < ${outputs}; j++) for (int s = 0; s < ${S}; s++) A${i + 2}[j][s] = t[${biases} + j];
${chunks(
  inputs,
  (from, to) => `  for (int j = 0; j < ${outputs}; j++) {
    double *restrict z = A${i + 2}[j];
${fours(
  from,
  to,
  "k",
  (at) => `t[${weights} + ${inputs} * j + ${at}] * A${i + 1}[${at}][s]`,
  (sum) => `for (int s = 0; s < ${S}; s++) z[s] += ${sum};`,
)}
  }`,
)}
  for (int j = 0; j < ${outputs}; j++) for (int s = 0; s < ${S}; s++) A${i + 2}[j][s] = 1 / (1 + exp(-A${i + 2}[j][s]));
  for (int j = 0; j < ${outputs}; j++) for (int s = 0; s < ${S}; s++) T${i + 2}[s][j] = A${i + 2}[j][s];`,
  );
  const deltas = layers.slice(1).map(
    ({ inputs, outputs, weights }, i) => `  for (int k = 0; k < ${inputs}; k++) {
    double sum[${S}] = {0};
${fours(
  0,
  outputs,
  "j",
  (at) => `t[${weights} + ${inputs} * (${at}) + k] * D${i + 3}[${at}][s]`,
  (sum) => `for (int s = 0; s < ${S}; s++) sum[s] += ${sum};`,
)}
    for (int s = 0; s < ${S}; s++) D${i + 2}[k][s] = sum[s] * A${i + 2}[k][s] * (1 - A${i + 2}[k][s]);
  }`,
  );
  const products = layers.map(({ inputs, outputs, weights, biases }, i) => {
    const from = (at: string): string => (i === 0 ? `X[${n} * (${at}) + k]` : `T${i + 1}[${at}][k]`);
    return `  for (int j = 0; j < ${outputs}; j++) {
    double b = 0;
    for (int s = 0; s < ${S}; s++) b += D${i + 2}[j][s];
    g[${biases} + j] = b;
  }
${chunks(
  inputs,
  (first, end) => `  for (int j = 0; j < ${outputs}; j++) {
    double *restrict row = g + ${weights} + ${inputs} * j;
    for (int k = ${first}; k < ${end}; k++) row[k] = 0;
${fours(
  0,
  S,
  "s",
  (at) => `D${i + 2}[j][${at}] * ${from(at)}`,
  (sum) => `for (int k = ${first}; k < ${end}; k++) row[k] += ${sum};`,
)}
  }`,
)}`;
  });
  return `static double A1[${n}][${S}];
${scratch.join("\n")}

COLD static double batch(const double *restrict t, const double *restrict X, const double *restrict Y, double *restrict g) {
  for (int k = 0; k < ${n}; k++) for (int s = 0; s < ${S}; s++) A1[k][s] = X[${n} * s + k];
${forward.join("\n")}
  double loss = 0;
  for (int j = 0; j < ${k}; j++)
    for (int s = 0; s < ${S}; s++) {
      double a = A${top}[j][s], e = a - Y[${k} * s + j];
      loss += e * e;
      D${top}[j][s] = e * (1.0 / ${k * S}) * a * (1 - a);
    }
${deltas.reverse().join("\n")}
${products.join("\n")}
  return loss / ${2 * k * S};
}
`;
}

/** So many inputs of all samples stay in the first cache while all rows go over them. */
const chunk = 64;

/** Code for some inputs after the other, where there are many; all chunks are alike, save the last. */
function chunks(count: number, code: (from: string, to: string) => string): string {
  const whole = count <= chunk ? 0 : count - (count % chunk);
  return [
    whole > 0 ? `  for (int c = 0; c < ${whole}; c += ${chunk}) {\n${code("c", `c + ${chunk}`)}\n  }` : "",
    whole < count ? code(`${whole}`, `${count}`) : "",
  ].join("\n");
}

/** A loop whose body takes four terms at once, and what is left over. */
function fours(
  from: number | string,
  to: number | string,
  index: string,
  term: (at: string) => string,
  body: (sum: string) => string,
): string {
  const count = Number(to) - Number(from);
  const rest = Number.isNaN(count) ? 0 : count % 4;
  const sum = (terms: number): string => Array.from({ length: terms }, (_, i) => term(`${index} + ${i}`)).join(" + ");
  return [
    count < 4
      ? ""
      : `    for (int ${index} = ${from}; ${index} < ${to}${rest > 0 ? ` - ${rest}` : ""}; ${index} += 4) ${body(sum(4))}`,
    rest > 0 ? `    { const int ${index} = ${to} - ${rest}; ${body(sum(rest))} }` : "",
  ].join("\n");
}
