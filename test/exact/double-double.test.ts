import { expect, test } from "vitest";
import { doubleDouble, inDecimals as exactly, type DoubleDouble } from "../../src/exact/double-double.ts";
import { digits64, seeded } from "../../src/exact/index.ts";

test.each(["add", "subtract", "multiply", "divide"] as const)("%s of double-doubles is right to 31 digits", (name) => {
  const random = seeded(12);
  const draw = (): DoubleDouble =>
    doubleDouble.multiply(
      doubleDouble.from(random.real(-1, 1) * 10 ** random.whole(-6, 6)),
      doubleDouble.from(random.real(1, 2)),
    );
  for (let i = 0; i < 2000; i++) {
    const [a, b] = [draw(), draw()];
    const expected = digits64[name](exactly(a), exactly(b));
    const found = exactly(doubleDouble[name](a, b));
    expect(found.minus(expected).abs().lte(expected.abs().mul("1e-31")), `${i}`).toBe(true);
  }
});

test("functions of double-doubles are those of 64 digits", () => {
  for (const name of ["exp", "tanh", "logistic"]) {
    const x = doubleDouble.divide(doubleDouble.from(1), doubleDouble.from(3));
    const expected = digits64.apply(name, exactly(x));
    expect(exactly(doubleDouble.apply(name, x)).minus(expected).abs().lte("1e-31"), name).toBe(true);
  }
});

test("the exponential of double-doubles is right to 30 digits", () => {
  const random = seeded(13);
  for (const reach of [1e-9, 1, 40, 500])
    for (let i = 0; i < 100; i++) {
      const x = doubleDouble.divide(doubleDouble.from(random.real(-reach, reach)), doubleDouble.from(1.1));
      const expected = digits64.apply("exp", exactly(x));
      const most = expected.abs().mul("1e-30");
      expect(exactly(doubleDouble.apply("exp", x)).minus(expected).abs().lte(most), `${x.high}`).toBe(true);
    }
});
