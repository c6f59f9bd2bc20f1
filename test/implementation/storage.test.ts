import { describe, expect, test } from "vitest";
import { defineCheck } from "../../src/implementation/index.ts";
import { deviation, gradientOf, outputsOf, requestFor, runHere, type Weights } from "./reference.ts";

/** How a network's code may keep its weights: a way to lay them out, and to read them back. */
interface Store {
  readonly lay: (weights: Weights) => object;
  readonly read: (kept: never, sizes: readonly number[]) => Weights;
  readonly words?: readonly string[];
}

const store = <K extends object>(
  lay: (weights: Weights) => K,
  read: (kept: K, sizes: readonly number[]) => Weights,
  words?: readonly string[],
): Store => ({ lay, read, ...(words !== undefined && { words }) });

const turn = (W: readonly (readonly number[])[]): number[][] =>
  (W[0] ?? []).map((_, k) => W.map((row) => row[k] as number));
const rowsOf = (flat: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: flat.length / width }, (_, j) => Array.from(flat).slice(j * width, (j + 1) * width));
const copy = (W: readonly (readonly number[])[]): number[][] => W.map((row) => [...row]);
const flatOut = ({ W, b }: Weights): number[] => W.flatMap((rows, l) => [...rows.flat(), ...(b[l] as number[])]);
const slices = (
  flat: ArrayLike<number>,
  sizes: readonly number[],
  isGrouped = false,
): { W: number[][]; b: number[][] } => {
  let at = 0;
  const take = (count: number): number[] => Array.from(flat).slice(at, (at += count));
  const pairs = sizes.slice(1).map((rows, l) => [rows * (sizes[l] as number), rows] as const);
  if (isGrouped) return { W: pairs.map(([count]) => take(count)), b: pairs.map(([, rows]) => take(rows)) };
  const both = pairs.map(([count, rows]) => [take(count), take(rows)] as const);
  return { W: both.map(([w]) => w), b: both.map(([, b]) => b) };
};

class Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly cells: Float64Array;
  constructor(rows: number[][]) {
    this.rows = rows.length;
    this.cols = rows[0]?.length ?? 0;
    this.cells = Float64Array.from(rows.flat());
  }
  list(): number[][] {
    return rowsOf(this.cells, this.cols);
  }
}
const column = (b: readonly number[]): number[][] => b.map((v) => [v]);
const inWords = ["W2 is stored with a row for each input", "W3 is stored with a row for each input"];

const stores: Readonly<Record<string, Store>> = {
  "named, nested": store(
    ({ W, b }) => ({
      W2: copy(W[0] as number[][]),
      b2: [...(b[0] as number[])],
      W3: copy(W[1] as number[][]),
      b3: [...(b[1] as number[])],
    }),
    ({ W2, b2, W3, b3 }) => ({ W: [W2, W3], b: [b2, b3] }),
    [],
  ),
  "numbered from 1 and backwards, rows = in": store(
    ({ W, b }) => ({
      w2: turn(W[1] as number[][]),
      b2: [...(b[1] as number[])],
      w1: turn(W[0] as number[][]),
      b1: [...(b[0] as number[])],
    }),
    ({ w1, b1, w2, b2 }) => ({ W: [turn(w1), turn(w2)], b: [b1, b2] }),
    inWords,
  ),
  "a list in the order of layers": store(
    ({ W, b }) => W.flatMap((rows, l): (number[] | number[][])[] => [copy(rows), [...(b[l] as number[])]]),
    ([W2, b2, W3, b3]) => ({ W: [W2, W3] as number[][][], b: [b2, b3] as number[][] }),
    [],
  ),
  "weights and biases in lists, the input's place empty": store(
    ({ W, b }) => ({ weights: [null, ...W.map(copy)], biases: [[], ...b.map((v) => [...v])] }),
    ({ weights, biases }) => ({ W: weights.slice(1) as number[][][], b: biases.slice(1) }),
    [],
  ),
  "layers as objects": store(
    ({ W, b }) => ({ layers: W.map((rows, l) => ({ weights: turn(rows), bias: [...(b[l] as number[])] })) }),
    ({ layers }) => ({ W: layers.map(({ weights }) => turn(weights)), b: layers.map(({ bias }) => bias) }),
    inWords,
  ),
  "neurons as objects": store(
    ({ W, b }) =>
      W.map((rows, l) => ({ w: rows.map((row) => ({ delta: 0, weights: [...row] })), b: [...(b[l] as number[])] })),
    (layers) => ({ W: layers.map(({ w }) => w.map(({ weights }) => weights)), b: layers.map(({ b }) => b) }),
    [],
  ),
  "matrices, the bias a column": store(
    ({ W, b }) => W.flatMap((rows, l) => [new Matrix(rows), new Matrix(column(b[l] as number[]))]),
    ([W2, b2, W3, b3]) => ({ W: [W2, W3].map((m) => m?.list() ?? []), b: [b2, b3].map((m) => m?.list().flat() ?? []) }),
    [],
  ),
  "matrices with rows = in, the bias a row": store(
    ({ W, b }) => ({ w: W.map((rows) => new Matrix(turn(rows))), b: b.map((v) => new Matrix([v])) }),
    ({ w, b }) => ({ W: w.map((m) => turn(m.list())), b: b.map((m) => m.list().flat()) }),
    inWords,
  ),
  "one flat list": store(
    (weights) => Float64Array.from(flatOut(weights)),
    (flat, sizes) => {
      const { W, b } = slices(flat, sizes);
      return { W: W.map((w, l) => rowsOf(w, sizes[l] as number)), b };
    },
    [],
  ),
  "one flat list with rows = in": store(
    ({ W, b }) => flatOut({ W: W.map(turn), b }),
    (flat, sizes) => {
      const { W, b } = slices(flat, sizes);
      return { W: W.map((w, l) => turn(rowsOf(w, sizes[l + 1] as number))), b };
    },
    inWords,
  ),
  "one flat list, all weights first": store(
    ({ W, b }) => [...W.flat(2), ...b.flat()],
    (flat, sizes) => {
      const { W, b } = slices(flat, sizes, true);
      return { W: W.map((w, l) => rowsOf(w, sizes[l] as number)), b };
    },
    [],
  ),
  "one flat list, neuron by neuron": store(
    ({ W, b }) => W.flatMap((rows, l) => rows.flatMap((row, j) => [...row, b[l]?.[j] as number])),
    (flat, sizes) => {
      let at = 0;
      const layers = sizes.slice(1).map((rows, l) => {
        const width = (sizes[l] as number) + 1;
        const part = rowsOf(flat.slice(at, (at += rows * width)), width);
        return { W: part.map((row) => row.slice(0, -1)), b: part.map((row) => row.at(-1) as number) };
      });
      return { W: layers.map(({ W }) => W), b: layers.map(({ b }) => b) };
    },
    ["b2 is stored as the last column of W2", "b3 is stored as the last column of W3"],
  ),
  "flat matrices with rows = in": store(
    ({ W, b }) => ({
      w1: turn(W[0] as number[][]).flat(),
      b1: b[0] as number[],
      w2: turn(W[1] as number[][]).flat(),
      b2: b[1] as number[],
    }),
    ({ w1, b1, w2, b2 }) => ({ W: [turn(rowsOf(w1, b1.length)), turn(rowsOf(w2, b2.length))], b: [b1, b2] }),
    inWords,
  ),
  "the second layer only with rows = in": store(
    ({ W, b }) => ({
      W2: copy(W[0] as number[][]),
      b2: b[0] as number[],
      W3: turn(W[1] as number[][]),
      b3: b[1] as number[],
    }),
    ({ W2, b2, W3, b3 }) => ({ W: [W2, turn(W3)], b: [b2, b3] }),
    [inWords[1] as string],
  ),
  "the bias as the first input": store(
    ({ W, b }) => W.map((rows, l) => rows.map((row, j) => [b[l]?.[j] as number, ...row])),
    (list) => ({
      W: list.map((rows) => rows.map((row) => row.slice(1))),
      b: list.map((rows) => rows.map((row) => row[0] as number)),
    }),
    ["b2 is stored as the first column of W2", "b3 is stored as the first column of W3"],
  ),
  "the bias as the last row": store(
    ({ W, b }) => ({ weights: W.map((rows, l) => [...turn(rows), [...(b[l] as number[])]]) }),
    ({ weights }) => ({
      W: weights.map((rows) => turn(rows.slice(0, -1))),
      b: weights.map((rows) => rows.at(-1) as number[]),
    }),
    [
      inWords[0] as string,
      "b2 is stored as the last row of W2",
      inWords[1] as string,
      "b3 is stored as the last row of W3",
    ],
  ),
};

interface Net {
  kept: object;
}
const zero = (sizes: readonly number[]): Weights => ({
  W: sizes
    .slice(1)
    .map((rows, l) => Array.from({ length: rows }, () => Array.from({ length: sizes[l] as number }, () => 0))),
  b: sizes.slice(1).map((rows) => Array.from({ length: rows }, () => 0)),
});

const numbersOf = (sizes: string): number[] => sizes.split("-").map(Number);

/** An adapter for code that keeps its weights in some way, and its gradient in the same. */
const adapterFor = ({ lay, read }: Store, sizes: readonly number[], isStep: boolean) => {
  const own = (net: Net): Weights => read(net.kept as never, sizes);
  const common = {
    create: (): Net => ({ kept: lay(zero(sizes)) }),
    parameters: (net: Net) => net.kept,
    forward: (net: Net, x: number[]) => outputsOf(own(net), x),
  };
  const gradients = (net: Net, x: number[], y: number[]): object => lay(gradientOf(own(net), x, y));
  if (!isStep) return defineCheck<Net>({ ...common, gradients });
  const step = (net: Net, x: number[], y: number[], rate: number): void => {
    const { W, b } = own(net);
    const g = gradientOf({ W, b }, x, y);
    const less = (v: number, d: number | undefined): number => v - rate * (d as number);
    // New arrays take the place of the old ones.
    net.kept = lay({
      W: W.map((rows, l) => rows.map((row, j) => row.map((w, k) => less(w, g.W[l]?.[j]?.[k])))),
      b: b.map((list, l) => list.map((v, j) => less(v, g.b[l]?.[j]))),
    });
  };
  return defineCheck<Net>({ ...common, step });
};

describe.each(Object.entries(stores))("weights stored as %s", (_, kept) => {
  test.each([
    ["2-3-4", false],
    ["3-3-3", false],
    ["2-3-4", true],
    ["3-3-3", true],
    ["3-1-2", false],
  ])("at %s are found, with a step: %s", async (sizes, isStep) => {
    const request = requestFor(sizes);
    const adapter = adapterFor(kept, numbersOf(sizes), isStep);
    const reply = await runHere(() => Promise.resolve({ default: adapter }), request);
    expect(deviation(reply, request)).toBeLessThan(1e-12);
    if (sizes !== "3-1-2") expect(reply).toMatchObject({ layout: kept.words });
  });
});
