import { double, primeTower, seeded, DivisionByZero, leaning, type Arithmetic } from "../exact/index.ts";
import type { Batch } from "./batch.ts";
import { execute } from "./execute.ts";
import type { Program } from "./program.ts";

const seed = 515;
const mostAttempts = 60;
/** A larger gradient is added in doubles, in which the same operations have the same results to the last bit. */
const mostExactParameters = 5_000;

/**
 * Holds a batch against the gradient, itself certified, of each of its samples: what it adds to any numbers is the
 * sum of the gradients, in a prime field or, where that takes long, to the last bit in doubles.
 *
 * @throws Error naming the tensor in which they differ
 */
export function certifyBatch(batch: Batch, program: Program): void {
  if (program.parameterCount > mostExactParameters) {
    const random = seeded(seed);
    return certifyIn(
      double,
      () => random.real(0.1, 0.8),
      (a, b) => a === b,
      batch,
      program,
    );
  }
  for (let attempt = 0; ; attempt++) {
    try {
      const field = primeTower(2, seeded(seed + attempt), leaning(attempt));
      return certifyIn(field, field.draw, field.same, batch, program);
    } catch (error) {
      if (!(error instanceof DivisionByZero) || attempt === mostAttempts) throw error;
    }
  }
}

function certifyIn<T>(
  arithmetic: Arithmetic<T>,
  draw: () => T,
  isSame: (a: T, b: T) => boolean,
  batch: Batch,
  program: Program,
): void {
  const { layout, parameterCount } = program;
  const drawn = (count: number): T[] => Array.from({ length: count }, draw);
  const zero = arithmetic.constant({ numerator: 0n, denominator: 1n });
  const theta = drawn(parameterCount);
  const samples = Array.from({ length: batch.samples }, () => program.inputs.map(({ length }) => drawn(length)));
  const start = drawn(parameterCount);

  const gradient = [...start];
  const blocks = program.inputs.map(({ name }, i) => [name, samples.flatMap((given) => given[i] as T[])] as const);
  const loss = execute(batch, "accumulate", { ...Object.fromEntries(blocks), theta, gradient }, arithmetic) as T;

  const expected = [...start];
  let expectedLoss = zero;
  for (const given of samples) {
    const one = Array.from({ length: parameterCount }, () => zero);
    const arrays = Object.fromEntries(program.inputs.map(({ name }, i) => [name, given[i] as T[]]));
    const its = execute(program, "backward", { ...arrays, theta, gradient: one }, arithmetic);
    expectedLoss = arithmetic.add(expectedLoss, its as T);
    one.forEach((value, i) => (expected[i] = arithmetic.add(expected[i] as T, value)));
  }
  const wrong = layout.filter(({ offset, rows, columns }) =>
    expected.slice(offset, offset + rows * columns).some((value, i) => !isSame(value, gradient[offset + i] as T)),
  );
  if (wrong.length > 0)
    throw new Error(`the batch's gradient fails the exact check in ${wrong.map((p) => p.name).join(", ")}`);
  if (!isSame(loss, expectedLoss)) throw new Error("the batch's loss fails the exact check");
}
