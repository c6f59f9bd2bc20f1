import { primeTower, seeded, DivisionByZero, leaning, type Residues } from "../exact/index.ts";
import type { Batch } from "./batch.ts";
import { execute } from "./execute.ts";
import { isLarge, type Program } from "./program.ts";

const seed = 515;
const mostAttempts = 60;
/**
 * Holds a batch against the gradient, itself certified, of each of its samples: what it adds to any numbers is the
 * sum of the gradients, in a prime field. Of large ones, for which this takes long, the emitted module is held
 * against its own gradients of single samples.
 *
 * @throws Error naming the tensors in which they differ
 */
export function certifyBatch(batch: Batch, program: Program): void {
  if (isLarge(program)) return;
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
  const areSame = (found: readonly Residues[], right: readonly Residues[]): boolean =>
    found.every((value, i) => field.same(value, right[i] as Residues));
  const points = Array.from({ length: batch.samples }, () => program.inputs.map(({ length }) => drawn(length)));
  const [theta, start] = [drawn(program.parameterCount), drawn(program.parameterCount)];
  const gradient = [...start];
  const blocks = batch.inputs.map(({ name }, i) => [name, points.flatMap((point) => point[i] as Residues[])] as const);
  const given = { ...Object.fromEntries(blocks), theta: [...theta], gradient };
  const loss = execute(batch, "accumulate", given, field) as Residues;

  const zero = field.constant({ numerator: 0n, denominator: 1n });
  const expected = [...start];
  let expectedLoss = zero;
  for (const point of points) {
    const own = theta.map(() => zero);
    const arrays = Object.fromEntries(program.inputs.map(({ name }, i) => [name, [...(point[i] as Residues[])]]));
    const its = execute(program, "backward", { ...arrays, theta: [...theta], gradient: own }, field) as Residues;
    expectedLoss = field.add(expectedLoss, its);
    own.forEach((value, i) => (expected[i] = field.add(expected[i] as Residues, value)));
  }
  const wrong = program.layout.filter(({ offset, rows, columns }) => {
    const end = offset + rows * columns;
    return !areSame(gradient.slice(offset, end), expected.slice(offset, end));
  });
  if (wrong.length > 0)
    throw new Error(`the batch's gradient fails the exact check in ${wrong.map((p) => p.name).join(", ")}`);
  if (!areSame([loss], [expectedLoss])) throw new Error("the batch's loss fails the exact check");
}
