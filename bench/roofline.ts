import { layerPlaces, type LayerPlace } from "./networks.ts";
import { batchSize } from "./point.ts";
import { batchSource } from "./roofline-batch.ts";

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
${layers.map((layer, i) => outer(layer, i, kind)).join("\n")}
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

/** Four rows share each load of a⁻; the rows that are left over go together. */
function activateTiled({ inputs, outputs, weights, biases }: LayerPlace, at: number, into: string): string {
  return inTiles("j", outputs, 4, (count) => {
    const each = Array.from({ length: count }, (_, r) => r);
    return `${each.map((r) => `    double z${r} = t[${biases + r} + j];`).join("\n")}
    for (int k = 0; k < ${inputs}; k++) {
      double v = ${before(at)}[k];
${each.map((r) => `      z${r} += t[${weights + r * inputs} + ${inputs} * j + k] * v;`).join("\n")}
    }
${each.map((r) => `    ${into}[j + ${r}] = 1 / (1 + exp(-z${r}));`).join("\n")}`;
  });
}

function deltaOf({ inputs, outputs, weights }: LayerPlace, at: number, kind: Roofline): string {
  const [to, above, a] = [`d${at + 1}`, `d${at + 2}`, `a${at + 1}`];
  if (kind === "plain")
    return `  for (int k = 0; k < ${inputs}; k++) ${to}[k] = 0;
  for (int j = 0; j < ${outputs}; j++)
    for (int k = 0; k < ${inputs}; k++) ${to}[k] += t[${weights} + ${inputs} * j + k] * ${above}[j];
  for (int k = 0; k < ${inputs}; k++) ${to}[k] *= ${a}[k] * (1 - ${a}[k]);`;
  return inTiles("k", inputs, 4, (count) => {
    const each = Array.from({ length: count }, (_, c) => c);
    return `    double ${each.map((c) => `s${c} = 0`).join(", ")};
    for (int j = 0; j < ${outputs}; j++) {
      double v = ${above}[j];
${each.map((c) => `      s${c} += t[${weights + c} + ${inputs} * j + k] * v;`).join("\n")}
    }
${each.map((c) => `    ${to}[k + ${c}] = s${c} * ${a}[k + ${c}] * (1 - ${a}[k + ${c}]);`).join("\n")}`;
  });
}

function outer({ inputs, outputs, weights, biases }: LayerPlace, at: number, kind: Roofline): string {
  const rows = (count: number): string => {
    const each = Array.from({ length: count }, (_, r) => r);
    return `${each.map((r) => `    double v${r} = d${at + 2}[j + ${r}];`).join("\n")}
    for (int k = 0; k < ${inputs}; k++) {
      double a = ${before(at)}[k];
${each.map((r) => `      g[${weights + r * inputs} + ${inputs} * j + k] = v${r} * a;`).join("\n")}
    }
${each.map((r) => `    g[${biases + r} + j] = v${r};`).join("\n")}`;
  };
  return inTiles("j", outputs, kind === "plain" ? 1 : 4, rows);
}

/** A loop over whole tiles, and a smaller tile for what is left over. */
function inTiles(index: string, count: number, tile: number, body: (rows: number) => string): string {
  const whole = count - (count % tile);
  return [
    whole > 0 ? `  for (int ${index} = 0; ${index} < ${whole}; ${index} += ${tile}) {\n${body(tile)}\n  }` : "",
    whole < count ? `  {\n    const int ${index} = ${whole};\n${body(count - whole)}\n  }` : "",
  ]
    .filter((text) => text !== "")
    .join("\n");
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
