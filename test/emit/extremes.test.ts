import { describe, expect, test } from "vitest";
import { modelAdjoints } from "../../src/derivation/index.ts";
import { activationFormula, activations, isOfLayer, numbered, readEquations } from "../../src/equations/index.ts";
import {
  applyDefinition,
  derivativeForm,
  digits64,
  double,
  type Arithmetic,
  type Digits,
} from "../../src/exact/index.ts";
import { parseNetwork } from "../../src/network/index.ts";
import { adjointEquations, buildProgram, modelTask, type Program } from "../../src/program/index.ts";
import { execute } from "../../src/program/execute.ts";

const roundoff = 2 ** -53;
/** Below the normal range digits go missing; a factor of up to 1000 may stand beside. */
const smallest = 2.3e-308 * 1000;
const greatest = Number.MAX_VALUE;
const digits = digits64.from;

interface Computed<T> {
  readonly loss: T;
  readonly output: readonly T[];
  /** By the biases of the output layer: they are its pre-activations, the weights and the input being 0. */
  readonly gradient: readonly T[];
}

function compute<T>(
  program: Program,
  z: readonly T[],
  y: readonly number[],
  arithmetic: Arithmetic<T>,
  into: (x: number) => T,
): Computed<T> {
  const zeros = (count: number): T[] => Array.from({ length: count }, () => into(0));
  const theta = (): T[] => [...zeros(z.length), ...z];
  const [output, gradient] = [zeros(z.length), zeros(2 * z.length)];
  execute(program, "forward", { theta: theta(), x: zeros(1), output }, arithmetic);
  const given = { theta: theta(), x: zeros(1), y: y.map(into), gradient };
  const loss = execute(program, "backward", given, arithmetic) as T;
  return { loss, output, gradient: gradient.slice(z.length) };
}

const inDoubles = (program: Program, z: readonly number[], y: readonly number[]): Computed<number> =>
  compute(program, z, y, double, (x) => x);
const inDigits = (program: Program, z: readonly Digits[], y: readonly number[]): Computed<Digits> =>
  compute(program, z, y, digits64, digits);

/** |found − exact| in units of roundoff·scale; what is below the normal range counts for nothing. */
function errorOf(found: number, exact: Digits, scale: Digits): number {
  if (exact.abs().gt(greatest)) return Math.abs(found) === Infinity ? 0 : Infinity;
  if (!Number.isFinite(found)) return Infinity;
  const excess = digits(found).sub(exact).abs().sub(smallest);
  if (excess.lte(0)) return 0;
  return scale.isZero() ? Infinity : excess.div(scale.mul(roundoff)).toNumber();
}

describe("activations from −1000 to 1000", () => {
  const sizes = [
    1e-300,
    1e-20,
    1e-10,
    1e-8,
    1e-5,
    1e-3,
    0.01,
    0.1,
    0.5,
    1 - 2 ** -53,
    1,
    1 + 2 ** -52,
    1.278,
    2,
    3 - 2 ** -51,
    3,
    3 + 2 ** -51,
    5,
    8,
    13,
    18.7,
    20,
    30,
    36.7,
    37,
    40,
    100,
    300,
    354,
    356,
    400,
    700,
    709.5,
    709.9,
    710.5,
    745,
    746,
    1000,
  ];
  const points = [0, ...sizes, ...sizes.map((z) => -z)];

  /**
   * f is held to |error| ≤ c·u·(|f| + |z f′|): what rounding z alone may do, c times. f′ where it is given in z, to
   * the same with f′ and f″ for f and f′; where it is given in a, to c·u·(|f′| + |df′/da|·(|f| + |z f′|)), since a
   * has been rounded before.
   */
  const most = 4;

  const names = Object.keys(activations).filter((name) => !isOfLayer(activationFormula(name)));
  test.each(names)("%s and its derivative are accurate", (name) => {
    const program = buildProgram(parseNetwork("1-1", { activation: name, loss: "sum(a*y)" }), "unrolled");
    const byPoint = points.map((z) => errorsAt(program, name, z));
    const worst = (at: 0 | 1): { readonly z: number; readonly error: number } =>
      byPoint
        .map((errors, i) => ({ z: points[i] as number, error: errors[at] }))
        .reduce((a, b) => (b.error > a.error ? b : a));
    expect(worst(0).error, `f at ${worst(0).z}`).toBeLessThanOrEqual(most);
    expect(worst(1).error, `f′ at ${worst(1).z}`).toBeLessThanOrEqual(most);
  });

  function errorsAt(program: Program, name: string, z: number): readonly [number, number] {
    const at = (x: Digits): readonly [Digits, Digits] => {
      const { output, gradient } = inDigits(program, [x], [1]);
      return [output[0] as Digits, gradient[0] as Digits];
    };
    const step = digits(Math.max(Math.abs(z), 1e-3)).mul(1e-20);
    const [value, slope] = at(digits(z));
    const reach = value.abs().add(slope.abs().mul(Math.abs(z)));
    const bend = at(digits(z).add(step))[1]
      .sub(at(digits(z).sub(step))[1])
      .div(step.mul(2))
      .abs();
    // A jump at a kink is no curvature.
    const curvature = bend.gt(1e6) && !value.abs().gt(1e6) ? digits(0) : bend;
    const inValue = slopeInValue(name, value);
    const slopeReach = slope.abs().add(inValue === null ? curvature.mul(Math.abs(z)) : inValue.mul(reach));
    const found = inDoubles(program, [z], [1]);
    return [errorOf(found.output[0] as number, value, reach), errorOf(found.gradient[0] as number, slope, slopeReach)];
  }

  /** |df′/da| where f′ is given in a, else null. */
  function slopeInValue(name: string, value: Digits): Digits | null {
    const form = derivativeForm({ name: "sigma", layer: null, argument: "z", value: activationFormula(name) });
    if (form.in !== "a") return null;
    const definition = { name: "f", layer: null, argument: "a", value: form.formula };
    const step = value.abs().add(1e-30).mul(1e-20);
    const at = (a: Digits): Digits => applyDefinition(definition, a, digits64);
    return at(value.add(step))
      .sub(at(value.sub(step)))
      .div(step.mul(2))
      .abs();
  }
});

describe("losses on logits between −1000 and 1000", () => {
  const logits: readonly (readonly [string, readonly number[]])[] = [
    ["one dominates", [1000, -1000, -1000]],
    ["two far above", [1000, 998, -3]],
    ["all equal", [0.3, 0.3, 0.3]],
    ["all −1000", [-1000, -1000, -1000]],
    ["all 1000", [1000, 1000, 1000]],
    ["below the range of exp", [-740, -720, -745.5]],
    ["small beside large", [5, -40, 36]],
    ["almost zero", [1e-9, -1e-9, 0]],
  ];
  const targets = [
    [1, 0, 0],
    [0, 1, 0],
    [0.2, 0.5, 0.3],
  ];
  /**
   * The loss is held to c·u·(1 + |J| + Σ_k |z_k ∂J/∂z_k|), 1 for targets and outputs of that order; an entry of the
   * gradient, a difference of such, to c·u·(1 + its size).
   */
  const most = 4;

  const pairs = [
    ...["cross-entropy", "binary-cross-entropy", "kl", "mse", "half-squared"].map((loss) => ["softmax", loss] as const),
    ...["mse", "half-squared"].map((loss) => ["log-softmax", loss] as const),
    ...["binary-cross-entropy", "cross-entropy", "kl", "mse"].map((loss) => ["sigmoid", loss] as const),
    ...["cross-entropy", "kl"].map((loss) => ["exp", loss] as const),

    ...["1/(1+exp(-2*z))", "(1+tanh(z))/2", "tanh(z/2)/2+1/2"].flatMap((activation) =>
      ["binary-cross-entropy", "cross-entropy"].map((loss) => [activation, loss] as const),
    ),
    ["identity", "sum(log(cosh(a-y)))"] as const,
    ["softmax", "sum(y*log(y/a))"] as const,
    ["log(1/(1+exp(-z)))", "-sum(y*a)"] as const,
  ];
  const rows = pairs.flatMap(([activation, loss]) => logits.map(([what, z]) => ({ activation, loss, what, z })));

  test.each(rows)("$activation with $loss, $what", ({ activation, loss, z }) => {
    for (const strategy of ["unrolled", "tiled"] as const) {
      const program = buildProgram(parseNetwork("1-3", { activation, loss }), strategy);
      for (const y of targets)
        expect(worstError(program, z, y), `${strategy}, y = ${y.join()}`).toBeLessThanOrEqual(most);
    }
  });

  function worstError(program: Program, z: readonly number[], y: readonly number[]): number {
    const exact = inDigits(program, z.map(digits), y);
    const found = inDoubles(program, z, y);
    const scale = z.reduce(
      (sum, value, k) => sum.add((exact.gradient[k] as Digits).abs().mul(Math.abs(value))),
      exact.loss.abs().add(1),
    );
    return Math.max(
      errorOf(found.loss, exact.loss, scale),
      ...found.gradient.map((value, k) => {
        const entry = exact.gradient[k] as Digits;
        return errorOf(value, entry, entry.abs().add(1));
      }),
    );
  }
});

describe("equations between −1000 and 1000", () => {
  const squares = "J = sum((g[i]-y[i])^2, i)/2";
  const rows = [
    ["g[i] = z[i]/(1+exp(-z[i]))", squares],
    ["g[i] = z[i]*exp(z[i])/(1+exp(z[i]))", squares],
    ["g[i] = (exp(z[i])-exp(-z[i]))/(exp(z[i])+exp(-z[i]))", squares],
    ["g[i] = log(exp(z[i])+exp(-z[i]))", squares],
    ["g[i] = 1/(1+exp(-z[i]))", "J = -sum(y[i]*log(g[i]) + (1-y[i])*log(1-g[i]), i)"],
    ["g[i] = 1/(1+exp(-z[i]))", "J = -sum(y[i]*log(g[i]), i)"],
  ];
  const points = [0, 1e-9, 1, 3, 20, 36.7, 40, 300, 356, 400, 709.9, 710.5, 745.5, 1000];
  /** Held to c·u·(1 + |z|)² for J and for the entries of its gradient, products of two such numbers. */
  const most = 4;

  test.each(rows)("%s", (...lines) => {
    const model = numbered(readEquations(`${head}${lines.join("\n")}\nwith n = 1\n`, "x.eq"));
    const about = { name: "x.eq", command: "", about: [] };
    const program = buildProgram(modelTask(model, adjointEquations(modelAdjoints(model)), about), "unrolled");
    for (const z of points.flatMap((size) => [size, -size]))
      for (const y of [0, 1]) {
        const [exact, exactSlope] = run(program, digits(z), digits(y), digits64);
        const [loss, slope] = run(program, z, y, double);
        const scale = digits(1 + Math.abs(z)).pow(2);
        expect(errorOf(loss, exact, scale), `J at ${z}, ${y}`).toBeLessThanOrEqual(most);
        expect(errorOf(slope, exactSlope, scale), `its slope at ${z}, ${y}`).toBeLessThanOrEqual(most);
      }
  });

  const head = "index i in 1..n\nparameter z[i]\ninput y[i]\n";

  function run<T>(program: Program, z: T, y: T, arithmetic: Arithmetic<T>): readonly [T, T] {
    const gradient = [z];
    const loss = execute(program, "backward", { theta: [z], y: [y], gradient }, arithmetic) as T;
    return [loss, gradient[0] as T];
  }
});
