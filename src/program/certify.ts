import {
  digits64,
  evaluateAlong,
  leaning,
  primeTower,
  seeded,
  DivisionByZero,
  type Certificate,
  type Digits,
  type Dual,
  type Residues,
  type Values,
} from "../exact/index.ts";
import { variableKey } from "../equations/index.ts";
import { execute } from "./execute.ts";
import { gradientAt } from "./point.ts";
import type { Program } from "./program.ts";
import type { Placement } from "./task.ts";

/** How programs are checked. */
export const programCertificate: Certificate = { draws: 2, seed: 4242 };

/**
 * Holds a program, as it is before its values are put into stable forms, against the forward equations of its
 * model in a prime field: the loss, the output, and the gradient against dual numbers. With stable forms it is then
 * held against the one without. One random direction v with Σ gᵢvᵢ = J′(θ; v) compares all entries of g at
 * once, since a difference in any of them survives a random v with probability 1 − 1/p.
 *
 * @throws Error naming the tensor in which the program and the equations differ
 */
export function certifyProgram(program: Program): Certificate {
  certifyExactly(program.plain ?? program);
  if (program.plain !== null) holdAgainst(program.plain, program);
  return programCertificate;
}

/** To 45 of 64 digits at a random point: logarithms, in which stable forms differ from plain ones, a field has not. */
function holdAgainst(plain: Program, program: Program): void {
  const random = seeded(programCertificate.seed);
  const draw = (count: number, least: number): Float64Array =>
    Float64Array.from({ length: count }, () => random.real(least, 0.8));
  const point = {
    theta: draw(plain.parameterCount, -0.8),
    inputs: plain.inputs.map(({ length }) => draw(length, 0.1)),
  };
  const [expected, found] = [plain, program].map((p) => gradientAt(p, point, digits64, digits64.from)) as [
    GradientAt<Digits>,
    GradientAt<Digits>,
  ];
  // Logarithms of negative numbers have a value on neither side.
  const isFar = (a: Digits, b: Digits): boolean =>
    a.isFinite() ? !a.sub(b).abs().lte(a.abs().add(1).mul(1e-45)) : b.isFinite();
  const wrong = program.layout.filter(({ offset, rows, columns }) =>
    expected.gradient
      .slice(offset, offset + rows * columns)
      .some((value, i) => isFar(value, found.gradient[offset + i] as Digits)),
  );
  if (wrong.length === 0 && !isFar(expected.loss, found.loss)) return;
  const where = wrong.length === 0 ? "the objective" : wrong.map((p) => p.name).join(", ");
  throw new Error(`the program differs from the one without stable forms in ${where}`);
}

type GradientAt<T> = ReturnType<typeof gradientAt<T>>;

const mostAttempts = 60;

function certifyExactly(program: Program): void {
  for (let draw = 0; draw < programCertificate.draws; draw++) {
    for (let attempt = 0; ; attempt++) {
      try {
        certifyAt(program, programCertificate.seed + 100 * draw + attempt, leaning(draw + attempt));
        break;
      } catch (error) {
        if (!(error instanceof DivisionByZero) || attempt === mostAttempts) throw error;
      }
    }
  }
}

/** What the equations say, with derivatives along a direction. */
interface Exact {
  readonly objective: Dual<Residues>;
  readonly output: readonly Dual<Residues>[];
}

function certifyAt(program: Program, seed: number, eighths: number): void {
  const { task, parameterCount, layout, inputs, outputLength } = program;
  const { model } = task;
  const field = primeTower(2, seeded(seed), eighths);
  const draw = (count: number): Residues[] => Array.from({ length: count }, field.draw);
  const theta = draw(parameterCount);
  const given = inputs.map(({ length }) => draw(length));
  const computable = { model, functions: model.functions };
  const tensors: Values<Residues> = new Map([
    ...inputs.map(({ key }, i) => [key, given[i] as Residues[]] as const),
    ...slices(theta, layout),
  ]);
  const copies = (): Readonly<Record<string, Residues[]>> =>
    Object.fromEntries(inputs.map(({ name }, i) => [name, [...(given[i] as Residues[])]]));

  const zero = field.constant({ numerator: 0n, denominator: 1n });
  const zeros = (count: number): Residues[] => Array.from({ length: count }, () => zero);
  const direction = Array.from({ length: parameterCount }, field.drawHighest);
  // All else that the equations compute need not be kept: it is as much as the program's own arrays.
  const along = (slopes: readonly Residues[]): Exact => {
    const values = evaluateAlong(computable, tensors, new Map(slices(slopes, layout)), field);
    const [objective] = values.get(variableKey(model.objective)) as [Dual<Residues>];
    return { objective, output: values.get(variableKey(model.output)) ?? [] };
  };
  const exact = along(direction);

  const output = zeros(outputLength);
  execute(program, "forward", { ...copies(), theta: [...theta], output }, field);
  if (!output.every((value, i) => field.same(value, (exact.output[i] as Dual<Residues>).value)))
    throw new Error("the program's forward pass fails the exact check");

  const gradient = zeros(parameterCount);
  const loss = execute(program, "backward", { ...copies(), theta: [...theta], gradient }, field) as Residues;
  const agrees = (slopes: readonly Residues[], { objective }: Exact): boolean => {
    const product = gradient.reduce((sum, g, i) => field.add(sum, field.multiply(g, slopes[i] as Residues)), zero);
    return field.same(product, objective.derivative) && field.same(loss, objective.value);
  };
  if (agrees(direction, exact)) return;
  const wrong = layout.filter(({ offset, rows, columns }) => {
    const slopes = direction.map((v, i) => (i >= offset && i < offset + rows * columns ? v : zero));
    return !agrees(slopes, along(slopes));
  });
  throw new Error(`the program's gradient fails the exact check in ${wrong.map((p) => p.name).join(", ")}`);
}

/** θ cut into its tensors. */
export function slices<T>(
  theta: readonly T[],
  layout: readonly Placement[],
): readonly (readonly [string, readonly T[]])[] {
  return layout.map(({ name, offset, rows, columns }) => [name, theta.slice(offset, offset + rows * columns)] as const);
}
