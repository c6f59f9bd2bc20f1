import { layerPlaces, type LayerPlace } from "./networks.ts";
import { batchSize } from "./point.ts";

/** How the C of a roofline is written. */
export type Roofline = "plain" | "tiled";

/**
 * C for one network, sizes constant: a program that reads a packed point, says how far its results are from the
 * reference, and clocks itself in windows as the JavaScript contenders are clocked.
 *
 *     roofline POINT gradient|forward|batch WARM-UP-MS WINDOWS WINDOW-MS
 *
 * It prints the deviation, the window times in ns per call, one a line. `plain` is written for the compiler to
 * vectorise; `tiled` computes four rows at once, so that scalar code is not held up by the adder.
 */
export function rooflineSource(sizes: readonly number[], kind: Roofline): string {
  const layers = layerPlaces(sizes);
  const last = layers.at(-1) as LayerPlace;
  const parameters = last.biases + last.outputs;
  const [n, k] = [sizes[0] as number, last.outputs];
  const scratch = layers.flatMap(({ outputs }, i) => [`static double a${i + 2}[${outputs}], d${i + 2}[${outputs}];`]);
  const activate = kind === "plain" ? activatePlain : activateTiled;
  const descending = layers.map((layer, i) => (i === 0 ? "" : deltaOf(layer, i, kind))).reverse();
  return `#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#define COLD __attribute__((noinline))
static double theta[${parameters}], gradient[${parameters}], inputs[${batchSize * n}], targets[${batchSize * k}];
static double output[${k}], expected[${k}], expectedGradient[${parameters}], other[${parameters}], expectedBatch[${parameters}];
${scratch.join("\n")}

COLD static double forward(const double *restrict t, const double *restrict x, double *restrict out) {
${layers.map((layer, i) => activate(layer, i, layer === last ? "out" : `a${i + 2}`)).join("\n")}
  return out[0];
}

COLD static double backward(const double *restrict t, const double *restrict x, const double *restrict y, double *restrict g) {
${layers.map((layer, i) => activate(layer, i, `a${i + 2}`)).join("\n")}
  double loss = 0;
  for (int j = 0; j < ${k}; j++) {
    double a = a${layers.length + 1}[j], e = a - y[j];
    loss += e * e;
    d${layers.length + 1}[j] = e * (1.0 / ${k}) * a * (1 - a);
  }
${descending.filter((text) => text !== "").join("\n")}
${layers.map((layer, i) => outer(layer, i)).join("\n")}
  return loss / ${2 * k};
}
${kind === "plain" ? batchSource(layers, n, k) : ""}
${mainSource(layers, kind)}`;
}

const before = (at: number): string => (at === 0 ? "x" : `a${at + 1}`);

const activatePlain = ({ inputs, outputs, weights, biases }: LayerPlace, at: number, into: string): string =>
  `  for (int j = 0; j < ${outputs}; j++) {
    double z = t[${biases} + j];
    for (int k = 0; k < ${inputs}; k++) z += t[${weights} + ${inputs} * j + k] * ${before(at)}[k];
    ${into}[j] = z;
  }
  for (int j = 0; j < ${outputs}; j++) ${into}[j] = 1 / (1 + exp(-${into}[j]));`;

/** Four rows share each load of a⁻; the rows that are left over go one by one. */
function activateTiled({ inputs, outputs, weights, biases }: LayerPlace, at: number, into: string): string {
  const whole = outputs - (outputs % 4);
  const rows = (from: number, count: number): string => {
    const each = Array.from({ length: count }, (_, r) => r);
    return `${each.map((r) => `    double z${r} = t[${biases + r} + ${from === 0 ? "j" : from}];`).join("\n")}
    for (int k = 0; k < ${inputs}; k++) {
      double v = ${before(at)}[k];
${each.map((r) => `      z${r} += t[${weights + r * inputs} + ${inputs} * ${from === 0 ? "j" : from} + k] * v;`).join("\n")}
    }
${each.map((r) => `    ${into}[${from === 0 ? "j" : from} + ${r}] = 1 / (1 + exp(-z${r}));`).join("\n")}`;
  };
  const tiles = whole > 0 ? `  for (int j = 0; j < ${whole}; j += 4) {\n${rows(0, 4)}\n  }` : "";
  const rest = whole < outputs ? `  {\n    const int j = ${whole};\n${rows(0, outputs - whole)}\n  }` : "";
  return [tiles, rest].filter((text) => text !== "").join("\n");
}

function deltaOf({ inputs, outputs, weights }: LayerPlace, at: number, kind: Roofline): string {
  const [to, above, a] = [`d${at + 1}`, `d${at + 2}`, `a${at + 1}`];
  if (kind === "plain")
    return `  for (int k = 0; k < ${inputs}; k++) ${to}[k] = 0;
  for (int j = 0; j < ${outputs}; j++)
    for (int k = 0; k < ${inputs}; k++) ${to}[k] += t[${weights} + ${inputs} * j + k] * ${above}[j];
  for (int k = 0; k < ${inputs}; k++) ${to}[k] *= ${a}[k] * (1 - ${a}[k]);`;
  const whole = inputs - (inputs % 4);
  const columns = (count: number): string => {
    const each = Array.from({ length: count }, (_, c) => c);
    return `    double ${each.map((c) => `s${c} = 0`).join(", ")};
    for (int j = 0; j < ${outputs}; j++) {
      double v = ${above}[j];
${each.map((c) => `      s${c} += t[${weights + c} + ${inputs} * j + k] * v;`).join("\n")}
    }
${each.map((c) => `    ${to}[k + ${c}] = s${c} * ${a}[k + ${c}] * (1 - ${a}[k + ${c}]);`).join("\n")}`;
  };
  return [
    whole > 0 ? `  for (int k = 0; k < ${whole}; k += 4) {\n${columns(4)}\n  }` : "",
    whole < inputs ? `  {\n    const int k = ${whole};\n${columns(inputs - whole)}\n  }` : "",
  ]
    .filter((text) => text !== "")
    .join("\n");
}

const outer = ({ inputs, outputs, weights, biases }: LayerPlace, at: number): string =>
  `  for (int j = 0; j < ${outputs}; j++) {
    double d = d${at + 2}[j];
    for (int k = 0; k < ${inputs}; k++) g[${weights} + ${inputs} * j + k] = d * ${before(at)}[k];
    g[${biases} + j] = d;
  }`;

/**
 * A batch of samples side by side. Sums go over four terms at once, so that a vector of partial sums is read and
 * written once for four products. Inner loops run along memory: over samples on the way up and down, over inputs in
 * the outer product, which therefore has activations the other way round as well.
 */
function batchSource(layers: readonly LayerPlace[], n: number, k: number): string {
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

function mainSource(layers: readonly LayerPlace[], kind: Roofline): string {
  const { outputs } = layers.at(-1) as LayerPlace;
  const tensors = layers.flatMap(({ weights, biases, outputs: rows }) => [
    [weights, biases],
    [biases, biases + rows],
  ]);
  const batch = kind === "plain" ? "batch(theta, inputs, targets, gradient)" : "NAN";
  return `static double run(int mode) {
  __asm__ volatile("" ::: "memory");
  if (mode == 0) return backward(theta, inputs, targets, gradient);
  if (mode == 1) return forward(theta, inputs, output);
  return ${batch};
}

static double far(const double *found, const double *wanted, int from, int to) {
  double difference = 0, size = 0;
  for (int i = from; i < to; i++) {
    if (!(fabs(found[i] - wanted[i]) <= difference)) difference = fabs(found[i] - wanted[i]);
    if (fabs(wanted[i]) > size) size = fabs(wanted[i]);
  }
  return difference / size;
}

static double deviation(int mode) {
  if (mode == 1) return far(output, expected, 0, ${outputs});
  const double *wanted = mode == 0 ? expectedGradient : expectedBatch;
  double worst = 0, one;
${tensors.map(([from, to]) => `  one = far(gradient, wanted, ${from}, ${to}); if (!(one <= worst)) worst = one;`).join("\n")}
  return worst;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static volatile double sink;

static double window(int mode, long count) {
  double start = now(), sum = 0;
  for (long i = 0; i < count; i++) sum += run(mode);
  sink = sum;
  return now() - start;
}

static void take(FILE *file, double *to, size_t count) {
  if (fread(to, sizeof(double), count, file) != count) exit(3);
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  FILE *file = fopen(argv[1], "rb");
  if (!file) return 3;
  take(file, theta, sizeof theta / sizeof(double));
  take(file, inputs, sizeof inputs / sizeof(double));
  take(file, targets, sizeof targets / sizeof(double));
  take(file, expected, sizeof expected / sizeof(double));
  take(file, expectedGradient, sizeof expectedGradient / sizeof(double));
  take(file, other, sizeof other / sizeof(double));
  take(file, expectedBatch, sizeof expectedBatch / sizeof(double));
  int mode = strcmp(argv[2], "gradient") == 0 ? 0 : strcmp(argv[2], "forward") == 0 ? 1 : 2;
  double warm = atof(argv[3]) * 1e6, length = atof(argv[5]) * 1e6;
  int windows = atoi(argv[4]);
  run(mode);
  printf("%.3e\\n", deviation(mode));
  long count = 1;
  double start = now(), took = 0;
  while (windows > 0 && (now() - start < warm || took < length / 2)) {
    took = window(mode, count);
    if (took < length / 2) count *= 2;
  }
  count = took > 0 ? (long)(count * length / took) + 1 : 1;
  for (int w = 0; w < windows; w++) printf("%.4f\\n", window(mode, count) / count);
  return 0;
}
`;
}
