import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { programToEmit, sourceOf } from "../../src/emit/emit.ts";
import { loadSource, VerificationFailure, type GradientModule } from "../../src/emit/index.ts";
import { verifyBatch } from "../../src/emit/verify-batch.ts";
import { readEquations } from "../../src/equations/index.ts";
import { seeded } from "../../src/exact/index.ts";
import { parseNetwork, type NetworkOptions } from "../../src/network/index.ts";
import { productsTogether } from "../../src/program/batch-products.ts";
import {
  batchOf,
  certifyBatch,
  drawPoint,
  equationsTask,
  type Batch,
  type GradientPoint,
  type Program,
  type Statement,
  type Strategy,
  type Subject,
} from "../../src/program/index.ts";

const equations = (name: string): Subject => {
  const text = readFileSync(new URL(`../samples/models/${name}.eq`, import.meta.url), "utf8");
  return equationsTask(readEquations(text, name), name, name);
};

interface Emitted {
  readonly program: Program;
  readonly module: GradientModule;
}

async function emitted(subject: Subject, strategy?: Strategy): Promise<Emitted> {
  const program = programToEmit(subject, strategy);
  return { program, module: await loadSource(await sourceOf(program, undefined)) };
}

function pointsOf(program: Program, count: number): readonly GradientPoint[] {
  const random = seeded(7);
  const first = drawPoint(program, random);
  return [first, ...Array.from({ length: count - 1 }, () => drawPoint(program, random, { theta: first.theta }))];
}

/** Loss and gradient of the batch of all points. */
function batch({ module, program }: Emitted, points: readonly GradientPoint[]): readonly number[] {
  const arrays = program.inputs.map((_, i) => Float64Array.from(points.flatMap((p) => [...(p.inputs[i] ?? [])])));
  const gradient = new Float64Array(program.parameterCount).fill(NaN);
  const loss = module.backwardBatch((points[0] as GradientPoint).theta, ...arrays, gradient, points.length);
  return [loss, ...gradient];
}

function mean({ module, program }: Emitted, points: readonly GradientPoint[]): readonly number[] {
  const gradient = new Float64Array(program.parameterCount);
  const all = points.map(({ theta, inputs }) => [module.backward(theta, ...inputs, gradient), ...gradient]);
  return (all[0] as number[]).map((_, i) => all.reduce((sum, one) => sum + (one[i] as number), 0) / points.length);
}

const softmax: NetworkOptions = { activation: "tanh,relu,softmax", loss: "cross-entropy" };

const subjects: readonly [name: string, subject: () => Subject, strategy?: Strategy][] = [
  ["2-3-1", () => parseNetwork("2-3-1")],
  ["2-3-1 in loops", () => parseNetwork("2-3-1"), "tiled"],
  ["4-8-3", () => parseNetwork("4-8-3")],
  ["5-7-6-3 with softmax", () => parseNetwork("5-7-6-3", softmax), "unrolled"],
  ["5-7-6-3 with softmax in loops", () => parseNetwork("5-7-6-3", softmax), "tiled"],
  ["3-4-2 with silu and penalties", () => parseNetwork("3-4-2", { activation: "silu", l1: "0.03", l2: "0.2" })],
  ["3-9-2 with penalties in loops", () => parseNetwork("3-9-2", { l1: "0.03", l2: "0.2" }), "tiled"],
  ["16-32-8", () => parseNetwork("16-32-8")],
  ["300-20-5, products of four samples at once", () => parseNetwork("300-20-5")],
  ["300-8-2 with penalties and relu", () => parseNetwork("300-8-2", { activation: "relu", l2: "0.1" })],
  ["40-48-20, straight-line code in several functions", () => parseNetwork("40-48-20"), "unrolled"],
  ["attention, of matrices", () => equations("attention")],
  ["attention, of matrices, unrolled", () => equations("attention"), "unrolled"],
  ["recurrent", () => equations("recurrent"), "unrolled"],
];

describe("backwardBatch gives the mean of what backward gives", () => {
  test.each(subjects)("%s", async (_, subject, strategy) => {
    const both = await emitted(subject(), strategy);
    const points = pointsOf(both.program, 17);
    for (const count of [1, 2, 7, 15, 16, 17]) {
      const found = batch(both, points.slice(0, count));
      const expected = mean(both, points.slice(0, count));
      const size = Math.max(...expected.map(Math.abs));
      found.forEach((value, i) => expect(Math.abs(value - (expected[i] as number))).toBeLessThan(1e-14 * size));
    }
  });

  test.each([
    ["2-3-1", 16],
    ["16-32-8", 1],
    ["300-20-5", 4],
  ] as const)("%s goes by blocks of %i", (sizes, samples) => {
    expect(batchOf(programToEmit(parseNetwork(sizes))).samples).toBe(samples);
  });

  test.each(["4-3-2", "4-9-3-2"])("products of four samples of %s, too small for them, are right", (sizes) => {
    const program = programToEmit(parseNetwork(sizes, { activation: "tanh" }), "tiled");
    const together = productsTogether(program);
    expect(together?.samples).toBe(4);
    certifyBatch(together as Batch, program);
  });

  test("a penalty counts once: the mean of one sample again and again is that of the sample", async () => {
    const both = await emitted(parseNetwork("3-4-2", { l2: "0.5" }));
    const [point] = pointsOf(both.program, 1) as [GradientPoint];
    const found = batch(both, [point, point, point, point]);
    mean(both, [point]).forEach((value, i) => expect(found[i]).toBeCloseTo(value, 14));
  });

  test("leaves its arguments and the module's own buffers alone", async () => {
    for (const strategy of ["unrolled", "tiled"] as const) {
      const both = await emitted(parseNetwork("2-9-3"), strategy);
      for (const array of Object.values(both.module.buffers)) array.fill(9);
      const points = pointsOf(both.program, 3);
      const theta = [...(points[0] as GradientPoint).theta];
      batch(both, points);
      expect([...(points[0] as GradientPoint).theta]).toEqual(theta);
      expect(Object.values(both.module.buffers).every((array) => array.every((value) => value === 9))).toBe(true);
    }
  });

  test("refuses no samples, and arrays of another length, by name", async () => {
    const { module } = await emitted(parseNetwork("2-3-1"));
    const run = (theta: number, x: number, y: number, gradient: number, count: number) => () =>
      module.backwardBatch(...([theta, x, y, gradient].map((n) => new Float64Array(n)) as [Float64Array]), count);
    expect(run(13, 0, 0, 13, 0)).toThrow(RangeError);
    expect(run(13, 0, 0, 13, 0)).toThrow("count is 0; a batch has one sample or more");
    expect(run(12, 4, 2, 13, 2)).toThrow("theta has 12 entries; 13 are needed");
    expect(run(13, 2, 2, 13, 2)).toThrow("x has 2 entries; 4 are needed");
    expect(run(13, 4, 1, 13, 2)).toThrow("y has 1 entries; 2 are needed");
    expect(run(13, 4, 2, 14, 2)).toThrow("gradient has 14 entries; 13 are needed");
  });
});

describe("what is wrong is refused", () => {
  const change = (made: Batch, of: (statement: Statement) => Statement): Batch => {
    const inside = (s: Statement): Statement => of(s.kind === "loop" ? { ...s, body: s.body.map(inside) } : s);
    return { ...made, procedures: made.procedures.map((p) => ({ ...p, statements: p.statements.map(inside) })) };
  };
  /** Stores where the others add. */
  const overwriting = (made: Batch): Batch =>
    change(made, (s) =>
      s.kind === "store" && s.array === "gradient" && s.at.constant === 0 && s.value.kind === "operation"
        ? { ...s, value: s.value.right }
        : s,
    );
  const withoutLast = (made: Batch): Batch =>
    change(made, (s) => (s.kind === "loop" && s.perSample === 1 ? { ...s, end: s.end - 1 } : s));

  test.each<[what: string, strategy: Strategy, corrupt: (made: Batch) => Batch, message: string]>([
    ["an entry that forgets other samples", "unrolled", overwriting, "gradient fails the exact check in W2"],
    ["loops that forget other samples", "tiled", overwriting, "gradient fails the exact check in W2"],
    ["a block without its last sample", "unrolled", withoutLast, "fails the exact check"],
  ])("a program with %s (%s)", (_, strategy, corrupt, message) => {
    const program = programToEmit(parseNetwork("2-3-1"), strategy);
    const made = batchOf(program);
    certifyBatch(made, program);
    expect(() => certifyBatch(corrupt(made), program)).toThrow(message);
  });

  test.each<[what: string, from: string | RegExp, to: string, message: string]>([
    ["a gradient that is not cleared", "batch_gradient.fill(0);", "", "not what its program says"],
    ["a sum instead of a mean", "batch_gradient[at]! * share", "batch_gradient[at]!", "not what its program says"],
    ["targets of the block before", "batch_y[at] = y[from + at]!", "batch_y[at] = y[at]!", "not what its program says"],
    ["a last block taken for a full one", "Math.min(16, count - from)", "16", "not what its program says"],
    ["a length that is not looked at", /requireLength\("y".*/, "", "an array of the wrong length in place 3"],
  ])("a module with %s", async (_, from, to, message) => {
    const program = programToEmit(parseNetwork("2-3-1"));
    const source = await sourceOf(program, undefined);
    const wrong = source.replace(from, to);
    expect(wrong).not.toBe(source);
    const module = await loadSource(wrong);
    expect(() => verifyBatch(module, program, seeded(1))).toThrow(VerificationFailure);
    expect(() => verifyBatch(module, program, seeded(1))).toThrow(message);
  });
});
