import { describe, expect, test } from "vitest";
import { deviation, gradientOf, outputsOf, requestFor, runHere, unpack, type Weights } from "./reference.ts";

type Function = (...args: never[]) => unknown;
interface Named {
  readonly W2: number[][];
  readonly b2: number[];
  readonly W3: number[][];
  readonly b3: number[];
}

const turn = (W: readonly (readonly number[])[]): number[][] =>
  (W[0] ?? []).map((_, k) => W.map((row) => row[k] as number));
const rowsOf = (flat: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: flat.length / width }, (_, j) => Array.from(flat).slice(j * width, (j + 1) * width));
const weightsOf = ({ W2, b2, W3, b3 }: Named): Weights => ({ W: [W2, W3], b: [b2, b3] });
const turned = ({ W2, b2, W3, b3 }: Named): Weights => {
  // Code with rows = in stumbles over parameters with rows = out.
  const z = b2.map((_, j) => W2.reduce((sum, row) => sum + (row[j] as number), 0));
  return { W: [turn(W2), turn(W3)], b: [b2.map((v, j) => v + 0 * (z[j] as number)), b3] };
};
const named = ({ W, b }: Weights): object => ({ dW2: W[0], db2: b[0], dW3: W[1], db3: b[1] });
const list = (values: ArrayLike<number>): number[] => Array.from(values);
const typedTurned = ({ W2, b2, W3, b3 }: Record<keyof Named, Float64Array>): Weights => ({
  W: [turn(rowsOf(W2, b2.length)), turn(rowsOf(W3, b3.length))],
  b: [list(b2), list(b3)],
});
const flat = ({ W, b }: Weights): number[] => W.flatMap((rows, l) => [...rows.flat(), ...(b[l] as number[])]);
const inWords = ["W2 is taken with a row for each input", "W3 is taken with a row for each input"];

/** A gradient function that gives what `give` makes of the right gradient. */
const gives =
  (give: (gradient: Weights, x: number[], y: number[], weights: Weights) => unknown) =>
  (p: Named, x: number[], y: number[]): unknown =>
    give(gradientOf(weightsOf(p), x, y), x, y, weightsOf(p));

const lossOf = (weights: Weights, x: number[], y: number[]): number =>
  outputsOf(weights, x).reduce((sum, a, j) => sum + (a - (y[j] as number)) ** 2, 0) / (2 * y.length);

const back = (p: Weights, x: ArrayLike<number>, y: ArrayLike<number>): Weights => gradientOf(p, list(x), list(y));

describe("a function is called", () => {
  const rows: readonly (readonly [string, Record<string, Function>, string, string[]])[] = [
    [
      "with θ and an array for the gradient",
      {
        backward: (theta: Float64Array, x: Float64Array, y: Float64Array, gradient: Float64Array) => {
          gradient.set(flat(back(unpack(theta, [2, 3, 4]), x, y)));
          return lossOf(unpack(theta, [2, 3, 4]), list(x), list(y));
        },
      },
      "backward(theta, x, y, gradient)",
      [],
    ],
    [
      "with θ, for a list as long",
      { backward: (theta: ArrayLike<number>, x: number[], y: number[]) => flat(back(unpack(theta, [2, 3, 4]), x, y)) },
      "backward(theta, x, y)",
      [],
    ],
    ["with nested tensors by name", { backward: gives(named) }, "backward({ W2, b2, … }, x, y)", []],
    [
      "with flat tensors by name",
      {
        backward: ({ W2, b2, W3, b3 }: Record<keyof Named, Float64Array>, x: number[], y: number[]) =>
          named(back({ W: [rowsOf(W2, 2), rowsOf(W3, 3)], b: [list(b2), list(b3)] }, x, y)),
      },
      "backward({ W2, b2, … }, x, y), each tensor a flat array",
      [],
    ],
    [
      "with nested tensors one after another",
      {
        backward: (W2: number[][], b2: number[], W3: number[][], b3: number[], x: number[], y: number[]) =>
          named(gradientOf(weightsOf({ W2, b2, W3, b3 }), x, y)),
      },
      "backward(W2, b2, …, x, y)",
      [],
    ],
    [
      "with inputs before the parameters",
      { backward: (x: number[], y: number[], p: Named) => gives(named)(p, x, y) },
      "backward(x, y, { W2, b2, … })",
      [],
    ],
    [
      "with inputs before the parameters one after another",
      {
        backward: (x: number[], y: number[], W2: number[][], b2: number[], W3: number[][], b3: number[]) =>
          gives(named)({ W2, b2, W3, b3 }, x, y),
      },
      "backward(x, y, W2, b2, …)",
      [],
    ],
    [
      "with a row of weights for each input",
      {
        backward: (p: Named, x: number[], y: number[]) => {
          const { W, b } = gradientOf(turned(p), x, y);
          return named({ W: W.map(turn), b });
        },
      },
      "backward({ W2, b2, … }, x, y)",
      inWords,
    ],
    [
      "with flat tensors, a row for each input, told by its forward pass",
      {
        backward: (p: Record<keyof Named, Float64Array>, x: number[], y: number[]) => {
          const { W, b } = back(typedTurned(p), x, y);
          const [dW2, dW3] = W.map((rows) => turn(rows).flat());
          return { dW2, db2: b[0], dW3, db3: b[1] };
        },
        forward: (p: Record<keyof Named, Float64Array>, x: number[]) => outputsOf(typedTurned(p), list(x)),
      },
      "backward({ W2, b2, … }, x, y), each tensor a flat array",
      inWords,
    ],
    [
      "with flat tensors, a row for each input, told by its loss",
      {
        backward: (p: Record<keyof Named, Float64Array>, x: number[], y: number[]) => {
          const { W, b } = back(typedTurned(p), x, y);
          const [dW2, dW3] = W.map((rows) => turn(rows).flat());
          return { loss: lossOf(typedTurned(p), list(x), list(y)), dW2, db2: b[0], dW3, db3: b[1] };
        },
      },
      "backward({ W2, b2, … }, x, y), each tensor a flat array",
      inWords,
    ],
  ];

  test.each(rows)("%s", async (_, exports, convention, layout) => {
    const request = requestFor("2-3-4");
    const reply = await runHere(() => Promise.resolve(exports), request);
    expect(deviation(reply, request)).toBeLessThan(1e-12);
    expect(reply).toMatchObject({ convention, layout });
  });

  test("with square matrices, a row for each input, told by its forward pass", async () => {
    const request = requestFor("3-3-3");
    const exports = {
      backward: (p: Named, x: number[], y: number[]) => {
        const { W, b } = gradientOf(turned(p), x, y);
        return named({ W: W.map(turn), b });
      },
      forward: (p: Named, x: number[]) => ({ a3: outputsOf(turned(p), x), z3: x }),
    };
    const reply = await runHere(() => Promise.resolve(exports), request);
    expect(deviation(reply, request)).toBeLessThan(1e-12);
    expect(reply).toMatchObject({ layout: inWords });
  });

  test("with lists of samples where there are several", async () => {
    const request = requestFor("2-3-4", { samples: 3 });
    const backward = (p: Named, xs: number[][], ys: number[][]): object => {
      const all = xs.map((x, i) => flat(gradientOf(weightsOf(p), x, ys[i] as number[])));
      return flat(weightsOf(p)).map((_, i) => all.reduce((sum, g) => sum + (g[i] as number), 0) / all.length);
    };
    const forward = (p: Named, xs: number[][]): number[][] => turn(xs.map((x) => outputsOf(weightsOf(p), x)));
    const exports = { backward: (p: Named, x: number[][], y: number[][]) => ({ grads: backward(p, x, y) }), forward };
    const reply = await runHere(() => Promise.resolve(exports), request);
    expect(deviation(reply, request)).toBeLessThan(1e-12);
    if (reply.kind === "problem") throw new Error(reply.message);
    const digits = (values?: Float64Array): string[] => Array.from(values ?? [], (v) => v.toFixed(12));
    expect(digits(reply.results[0]?.output?.values)).toEqual(digits(request.expected?.outputs?.[0]));
  });

  test("in the manner of an earlier run, and not once more than asked", async () => {
    let count = 0;
    const exports = { backward: gives((g) => (count++, named(g))) };
    const request = requestFor("2-3-4");
    const reply = await runHere(() => Promise.resolve(exports), request);
    if (reply.kind === "problem") throw new Error(reply.message);
    count = 0;
    await runHere(() => Promise.resolve(exports), { ...request, manner: reply.manner });
    expect(count).toBe(request.calls.length);
  });
});

describe("a gradient is read", () => {
  const rows: readonly (readonly [string, (g: Weights, x: number[], y: number[], w: Weights) => unknown])[] = [
    ["from its own names", ({ W, b }) => ({ W2: W[0], b2: b[0], W3: W[1], b3: b[1] })],
    ["from names in any case", ({ W, b }) => ({ DW3: W[1], DB3: b[1], DW2: W[0], DB2: b[0] })],
    ["from gradW2", ({ W, b }) => ({ gradW2: W[0], gradB2: b[0], gradW3: W[1], gradB3: b[1] })],
    ["from W2_grad", ({ W, b }) => ({ W2_grad: W[0], b2_grad: b[0], W3_grad: W[1], b3_grad: b[1] })],
    ["from names counted from 1", ({ W, b }) => ({ dW2: W[1], db2: b[1], dW1: W[0], db1: b[0] })],
    ["from names counted from 0", ({ W, b }) => ({ dW0: W[0], db0: b[0], dW1: W[1], db1: b[1] })],
    ["from a list", ({ W, b }) => [W[0], b[0], W[1], b[1]]],
    ["from two lists", ({ W, b }) => [W, b]],
    ["from lists by name", ({ W, b }) => ({ weights: W, biases: b })],
    ["from { dW, db }", ({ W, b }) => ({ dW: W, db: b })],
    ["from a list of layers", ({ W, b }) => W.map((w, l) => ({ dWeights: w, dBias: b[l] }))],
    [
      "from layers by names of their own",
      ({ W, b }) => ({ hidden: { w: W[0], b: b[0] }, output: { w: W[1], b: b[1] } }),
    ],
    ["beside the loss", (g, x, y, w) => ({ loss: lossOf(w, x, y), gradients: named(g) })],
    ["after the loss in a list", (g, x, y, w) => [lossOf(w, x, y), named(g)]],
    ["beside the weights", (g, _x, _y, { W, b }) => ({ W2: W[0], b2: b[0], W3: W[1], b3: b[1], ...named(g) })],
    [
      "beside what else was computed",
      ({ W, b }, x) => ({ a2: x, delta2: b[0], dW2: W[0], delta3: b[1], dW3: W[1], db2: b[0], db3: b[1] }),
    ],
    ["from vectors as columns", ({ W, b }) => ({ dW2: W[0], db2: b[0]?.map((v) => [v]), dW3: W[1], db3: [b[1]] })],
    ["from a promise", (g) => Promise.resolve(named(g))],
  ];
  test.each(rows)("%s", async (_, give) => {
    for (const sizes of ["2-3-4", "3-3-3"]) {
      const request = requestFor(sizes);
      const reply = await runHere(() => Promise.resolve({ backward: gives(give) }), request);
      expect(deviation(reply, request)).toBeLessThan(1e-12);
    }
  });

  test("from tensors by names of their own, where each has its shape", async () => {
    const request = requestFor("2-3-4");
    const give = ({ W, b }: Weights): object => ({ output: W[1], outputBias: b[1], hidden: W[0], hiddenBias: b[0] });
    const reply = await runHere(() => Promise.resolve({ backward: gives(give) }), request);
    expect(deviation(reply, request)).toBeLessThan(1e-12);
    const square = await runHere(() => Promise.resolve({ backward: gives(give) }), requestFor("3-3-3"));
    expect(square).toMatchObject({ code: "missing-gradient" });
  });

  test("with the loss", async () => {
    const request = requestFor("2-3-4");
    for (const give of rows.filter(([title]) => title.includes("the loss")).map(([, made]) => made)) {
      const reply = await runHere(() => Promise.resolve({ backward: gives(give as never) }), request);
      expect(reply).toMatchObject({
        results: [{ loss: { values: Float64Array.of(request.expected?.losses?.[0] ?? NaN) } }, {}],
      });
    }
  });
});

describe("a function is found", () => {
  class Trainer {
    static scale = 1;
    static backward(p: Named, x: number[], y: number[]): unknown {
      return this.scale === 1 ? gives(named)(p, x, y) : null;
    }
    gradient(): null {
      return null;
    }
  }
  function Old(this: object): void {
    Object.assign(this, {});
  }
  Old.prototype = { train: () => null };
  const right = gives(named);
  test.each<[string, Record<string, unknown>, string | null]>([
    ["as backward", { backward: right, other: 1 }, null],
    ["as the default export", { default: right }, null],
    ["in CommonJS", { default: { backward: right } }, null],
    ["as the default export of CommonJS", { default: { default: right } }, null],
    ["by name", { gradient: right }, "gradient"],
    ["as a static method", { Trainer }, "Trainer.backward"],
    ["as a static method of the default export", { default: { Trainer } }, "Trainer.backward"],
  ])("%s", async (_, exports, name) => {
    const request = requestFor("2-3-4");
    expect(deviation(await runHere(() => Promise.resolve(exports), request, name), request)).toBeLessThan(1e-12);
  });

  test.each<[string, Record<string, unknown>, string | null, RegExp, RegExp]>([
    ["that is not there", { gradient: right }, null, /^the file exports no backward$/, /--export: gradient/],
    ["that is no function", { backward: 3 }, null, /^the export backward is not a function$/, /^export the function/],
    ["that is a class", { Trainer }, "Trainer", /is a class/, /^it is a class: run deltarule check --init FILE/],
    ["that is a class by default", { default: Old }, null, /default is a class/, /^it is a class: run/],
    [
      "of a file with a class only",
      { Trainer, rate: 1 },
      null,
      /exports no backward, only the class Trainer$/,
      /^for the class Trainer run deltarule check --init FILE/,
    ],
    [
      "of a file with a constructor only",
      { default: { Old } },
      null,
      /exports no backward, only the class Old$/,
      /--init/,
    ],
    [
      "of a file with a class and a function",
      { Trainer, right },
      null,
      /exports no backward$/,
      /--export: right; for the class Trainer run .*--init/,
    ],
    [
      "of a file with a network only",
      { net: new Trainer() },
      null,
      /exports no backward$/,
      /^say how it is used in an adapter/,
    ],
    ["that is a method of instances", { Trainer }, "Trainer.gradient", /method of instances/, /--init/],
    ["of a file without exports", {}, null, /no backward/, /^export the function/],
  ])("not one %s", async (_, exports, name, message, advice) => {
    expect(await runHere(() => Promise.resolve(exports), requestFor("2-3-4"), name)).toMatchObject({
      code: "export-missing",
      message: expect.stringMatching(message) as string,
      advice: expect.stringMatching(advice) as string,
    });
  });
});

describe("what does not fit is told", () => {
  const withoutW3 = ({ W, b }: Weights): object => ({ dW2: W[0], db2: b[0], db3: b[1] });
  test.each<[string, Function, string, RegExp]>([
    ["throws", () => JSON.parse("{") as object, "threw", /^it throws SyntaxError/],
    ["rejects", () => Promise.reject(new Error("late")), "threw", /^it throws Error: late/],
    ["returns nothing", gives(() => undefined), "no-gradient", /^it returns nothing where/],
    ["returns a number", gives(() => 3), "no-gradient", /^it returns a number/],
    [
      "writes nothing",
      (t: unknown, x: unknown, y: unknown, g: unknown) => [t, x, y, g].length,
      "no-gradient",
      /^it writes nothing/,
    ],
    ["lacks a tensor", gives(withoutW3), "missing-gradient", /^it returns { dW2, db2, db3 }, without dW3$/],
    [
      "transposes a gradient",
      gives(({ W, b }) => named({ W: [turn(W[0] as number[][]), W[1] as number[][]], b })),
      "wrong-shape",
      /^dW2 is 2 × 3; expected 3 × 2, as W2 is$/,
    ],
    [
      "gives shapes of its own",
      (p: Named, x: number[], y: number[]) => ({
        dW2: x.map(() => p.b2.map(() => 0)),
        db2: p.b2,
        dW3: p.b2.map(() => y.map(() => 0)),
        db3: p.b3,
      }),
      "wrong-shape",
      /^dW2 is 2 × 3; expected 3 × 2, as W2 is$/,
    ],
    [
      "is short of a row",
      gives(({ W, b }) => named({ W: [W[0]?.slice(1) as number[][], W[1] as number[][]], b })),
      "wrong-shape",
      /^dW2 is 2 × 2; expected 3 × 2 \(rows: neurons of layer 2\) or 6 numbers row by row$/,
    ],
    [
      "has words among numbers",
      gives(({ W, b }) => ({ ...named({ W, b }), db3: b[1]?.map(String) })),
      "wrong-shape",
      /^db3 holds a string where a number is expected$/,
    ],
    [
      "is not finite",
      gives(({ W, b }) => ({
        ...named({ W, b }),
        dW3: W[1]?.map((row, j) => row.map((v, k) => (j + k === 2 ? v / 0 : v))),
      })),
      "not-finite",
      /^dW3\[1, 3\] is -?Infinity$/,
    ],
    [
      "changes its input",
      (p: Named, x: number[], y: number[]) => {
        const g = gives(named)(p, x, y);
        x[0] = 5;
        return g;
      },
      "mutated-input",
      /^it changes its inputs/,
    ],
    [
      "changes its parameters",
      (p: Named, x: number[], y: number[]) => {
        const g = gives(named)(p, x, y);
        p.b2[0] = 5;
        return g;
      },
      "mutated-input",
      /^it changes its inputs/,
    ],
  ])("%s", async (_, backward, code, message) => {
    const reply = await runHere(() => Promise.resolve({ backward }), requestFor("2-3-4"));
    expect(reply).toMatchObject({ kind: "problem", code, message: expect.stringMatching(message) as string });
    expect(reply).toMatchObject({ advice: expect.stringMatching(/./) as string });
  });

  /** The error passed back with W3's indices in the wrong order. */
  const mistaken = (W2: number[][], b2: number[], W3: number[][], b3: number[], x: number[], y: number[]): object => {
    const row = (w: number[][], j: number): number[] => w[j] as number[];
    const layer = (w: number[][], b: number[], a: number[]): number[] =>
      b.map((v, j) => 1 / (1 + Math.exp(-a.reduce((z, u, k) => z + (row(w, j)[k] as number) * u, v))));
    const a2 = layer(W2, b2, x);
    const d3 = layer(W3, b3, a2).map((a, j) => (a - (y[j] as number)) * a * (1 - a));
    const d2 = a2.map((a, j) => d3.reduce((sum, d, k) => sum + d * (row(W3, j)[k] as number), 0) * a * (1 - a));
    return { dW2: d2.map((d) => x.map((v) => d * v)), db2: d2, dW3: d3.map((d) => a2.map((v) => d * v)), db3: d3 };
  };
  const byTheta = (theta: Float64Array): unknown => {
    const rows = [Array.from(theta.subarray(0, 6))];
    return (rows[1] as number[])[1];
  };
  const outOfRange =
    /^it throws TypeError: Cannot read properties of undefined \(reading '0'\) \(.*child\.test\.ts:\d+:\d+\)$/;
  test.each<[string, Function, string, string, RegExp]>([
    ["an object", ({ W2, b2, W3, b3 }: Named, x: number[], y: number[]) => mistaken(W2, b2, W3, b3, x, y), "2-3-2", "threw", outOfRange],
    ["an object, where it gives NaN", ({ W2, b2, W3, b3 }: Named, x: number[], y: number[]) => mistaken(W2, b2, W3, b3, x, y), "2-3-4", "not-finite", /^dW2\[1, 1\] is NaN$/],
    ["an object, where it would run with rows for inputs", ({ W2, W3, b3 }: Named, x: number[], y: number[]) => mistaken(W2, W2.map((_, j) => j), W3, b3.slice(0, W3.length), x, y), "2-3-4", "not-finite", /^dW2\[1, 1\] is NaN$/],
    ["one after another", mistaken, "2-3-2", "threw", outOfRange],
    ["as θ", (...[theta]: [Float64Array]) => byTheta(theta), "2-3-2", "threw", /\(reading '1'\)/],
    ["as θ, where it lacks a tensor", (...[theta]: [Float64Array]) => ({ dW2: theta.subarray(0, 6) }), "2-3-2", "missing-gradient", /without db2$/],
    ["as flat tensors", (...[p]: [Record<keyof Named, Float64Array>]) => [(p.W2[0] as number) * 2, (p.W2.subarray(9)[0] as number).toFixed()], "2-3-2", "threw", /reading 'toFixed'/],
  ])("in the form that code reads its parameters in: %s", async (_, backward, sizes, code, message) => {
    const reply = await runHere(() => Promise.resolve({ backward }), requestFor(sizes));
    expect(reply).toMatchObject({ code, message: expect.stringMatching(message) as string });
  }); // prettier-ignore

  test("entries that are left unwritten or added to differ from call to call", async () => {
    const request = requestFor("2-3-4");
    const [first] = request.calls;
    if (first === undefined) throw new Error("no call");
    const backward = (theta: Float64Array, _x: unknown, _y: unknown, gradient: Float64Array): void =>
      theta.forEach((_, i) => (gradient[i] = i < 3 ? (gradient[i] as number) : 1));
    const reply = await runHere(() => Promise.resolve({ backward }), { ...request, calls: [first, first] });
    if (reply.kind === "problem") throw new Error(reply.message);
    const [a, b] = reply.results.map(({ gradient }) => gradient.values);
    expect(a?.map((v, i) => Number(v === b?.[i])).indexOf(1)).toBe(3);
  });
});

test("each instance has a module of its own where the file is loaded anew", async () => {
  const request = requestFor("2-3-4", { calls: 3 });
  const load = () => {
    let calls = 0;
    const backward = gives(({ W, b }) => (calls++, named({ W, b: b.map((list) => list.map(() => calls)) })));
    return Promise.resolve({ backward });
  };
  const calls = request.calls.map((call, i) => ({ ...call, instance: Math.min(i, 1) }));
  const reply = await runHere(load, { ...request, calls });
  expect(reply.kind === "success" && reply.results.map(({ gradient }) => gradient.values.at(-1))).toEqual([1, 1, 2]);
});
