import { describe, expect, test } from "vitest";
import { sourceOf } from "../../src/emit/emit.ts";
import { VerificationFailure } from "../../src/emit/index.ts";
import { compareWithReference } from "../../src/emit/verify.ts";
import { centralDifferences, differencesIn, digits64, double, doubleDouble, seeded } from "../../src/exact/index.ts";
import { inDecimals } from "../../src/exact/double-double.ts";
import { parseNetwork } from "../../src/network/index.ts";
import { buildProgram, drawPoint, gradientAt, slices } from "../../src/program/index.ts";

const large = "90-55-5";
const reach = 1e7;

describe("a gradient of more than 5000 entries", () => {
  test.each([
    ["tanh", "half-squared"],
    ["relu,softmax", "cross-entropy"],
    ["gelu,sigmoid", "binary-cross-entropy"],
    ["silu,identity", "mean-squared"],
  ])("%s with %s: differences at 31 digits are those at 64 to 18 places", (activation, loss) => {
    const program = buildProgram(parseNetwork(large, { activation, loss }));
    const { model } = program.task;
    const random = seeded(3);
    const { theta, inputs } = drawPoint(program, random);
    const tensors = new Map<string, readonly number[]>([
      ...program.inputs.map(({ key }, i) => [key, [...(inputs[i] as Float64Array)]] as const),
      ...slices([...theta], program.layout),
    ]);
    const lifted = new Map([...tensors].map(([key, entries]) => [key, entries.map(doubleDouble.from)]));
    const computable = { model, functions: model.functions };
    const at31 = differencesIn(doubleDouble, computable, lifted);
    // A double is taken for the number that it is, not for its shortest decimals.
    const exactly = new Map([...lifted].map(([key, entries]) => [key, entries.map(inDecimals)]));
    const at64 = centralDifferences(computable, exactly);
    for (const { name, rows, columns } of program.layout) {
      const direction = Array.from({ length: rows * columns }, () => random.whole(-reach, reach));
      const along = new Map([[name, direction]]);
      const expected = at64(along, digits64.from(1e-16 / reach)).toNumber();
      const found = at31(along, doubleDouble.from(1e-12 / reach)).high;
      // A double holds 53 bits of either.
      const most = 1e-18 * reach + Number.EPSILON * Math.abs(expected);
      expect(Math.abs(found - expected), name).toBeLessThanOrEqual(most);
    }
  });

  test("it agrees, and does not with an entry off by a thousandth", () => {
    const program = buildProgram(parseNetwork(large));
    const point = drawPoint(program, seeded(4));
    const { gradient, loss } = gradientAt(program, point, double, (value) => value);
    const compare = (changed: readonly number[]): void =>
      compareWithReference(Float64Array.from(changed), loss, program, point, seeded(5));
    compare(gradient);
    for (const { name, offset } of program.layout)
      expect(() => compare(gradient.map((g, i) => (i === offset ? g * 1.001 : g))), name).toThrow(VerificationFailure);
  });

  test.each([
    [large, "31 digits"],
    ["2-3-1", "64 digits"],
  ])("%s: the header says %s", async (sizes, digits) => {
    expect(await sourceOf(buildProgram(parseNetwork(sizes)), "0")).toContain(
      `${digits}   this module against central differences of the forward equations`,
    );
  });
});
