import { primeTower, seeded, DivisionByZero, leaning, type Arithmetic, type Residues } from "../exact/index.ts";
import type { Batch } from "./batch.ts";
import { execute } from "./execute.ts";
import type { Program } from "./program.ts";

const seed = 515;
const mostAttempts = 60;
/** Of larger ones, for which this takes long, the emitted module is held against its own gradients of single samples. */
const mostExactParameters = 5_000;

/**
 * Holds a batch against the gradient, itself certified, of each of its samples: what it adds to any numbers is the
 * sum of the gradients, in a prime field.
 *
 * @throws Error naming the tensors in which they differ
 */
export function certifyBatch(batch: Batch, program: Program): void {
  if (program.parameterCount > mostExactParameters) return;
  for (let attempt = 0; ; attempt++) {
    try {
      return certifyInField(batch, program, attempt);
    } catch (error) {
      if (!(error instanceof DivisionByZero) || attempt === mostAttempts) throw error;
    }
  }
}

function certifyInField(batch: Batch, program: Program, attempt: number): void {
  const field = primeTower(2, seeded(seed + attempt), leaning(attempt));
  const drawn = (count: number): Residues[] => Array.from({ length: count }, field.draw);
  const areSame = (found: readonly Residues[], expected: readonly Residues[]): boolean =>
    found.every((value, i) => field.same(value, expected[i] as Residues));
  const points = Array.from({ length: batch.samples }, () => program.inputs.map(({ length }) => drawn(length)));
  const [theta, start] = [drawn(program.parameterCount), drawn(program.parameterCount)];
  certifyIn(field, { theta, start, points }, areSame, batch, program);
}

interface Drawn<T> {
  readonly theta: readonly T[];
  /** What is in the gradient before. */
  readonly start: readonly T[];
  /** The inputs of each sample. */
  readonly points: readonly (readonly (readonly T[])[])[];
}

function certifyIn<T>(
  arithmetic: Arithmetic<T>,
  { theta, start, points }: Drawn<T>,
  areSame: (found: readonly T[], expected: readonly T[]) => boolean,
  batch: Batch,
  program: Program,
): void {
  const zero = arithmetic.constant({ numerator: 0n, denominator: 1n });
  const gradient = [...start];
  const blocks = batch.inputs.map(
    ({ name }, i) => [name, points.flatMap((given) => given[i] as readonly T[])] as const,
  );
  const given = { ...Object.fromEntries(blocks), theta: [...theta], gradient };
  const loss = execute(batch, "accumulate", given, arithmetic) as T;

  const expected = [...start];
  let expectedLoss = zero;
  for (const point of points) {
    const own = theta.map(() => zero);
    const arrays = Object.fromEntries(program.inputs.map(({ name }, i) => [name, [...(point[i] as readonly T[])]]));
    const its = execute(program, "backward", { ...arrays, theta: [...theta], gradient: own }, arithmetic) as T;
    expectedLoss = arithmetic.add(expectedLoss, its);
    own.forEach((value, i) => (expected[i] = arithmetic.add(expected[i] as T, value)));
  }
  const wrong = program.layout.filter(({ offset, rows, columns }) => {
    const [found, right] = [gradient, expected].map((all) => all.slice(offset, offset + rows * columns));
    return !areSame(found as T[], right as T[]);
  });
  if (wrong.length > 0)
    throw new Error(`the batch's gradient fails the exact check in ${wrong.map((p) => p.name).join(", ")}`);
  if (!areSame([loss], [expectedLoss])) throw new Error("the batch's loss fails the exact check");
}
