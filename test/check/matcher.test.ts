import { describe, expect, test } from "vitest";
import "../../src/check/vitest.ts";
import { matchers } from "../../src/check/matcher.ts";
import { defineCheck } from "../../src/implementation/index.ts";

type Parameters = { W2: number[][]; b2: number[] };
const outputs = ({ W2, b2 }: Parameters, x: number[]): number[] =>
  W2.map((row, j) => Math.tanh(row.reduce((sum, w, k) => sum + w * (x[k] as number), b2[j] as number)));

/** Right for tanh and ½Σ(a−y)². */
function backward(parameters: Parameters, x: number[], y: number[]) {
  const d = outputs(parameters, x).map((a, j) => (a - (y[j] as number)) * (1 - a * a));
  return { dW2: d.map((v) => x.map((u) => u * v)), db2: d };
}
const doubled = (parameters: Parameters, x: number[], y: number[]) => {
  const { dW2, db2 } = backward(parameters, x, y);
  return { dW2: dW2.map((row) => row.map((v) => 2 * v)), db2 };
};
const throwing = () => {
  throw new Error("no such thing");
};
const options = { activation: "tanh", loss: "half-squared" } as const;
const failure = (promise: Promise<void>): Promise<string> =>
  promise.then(
    () => "passed",
    (error: unknown) => (error as Error).message,
  );

describe("toMatchDerivedGradient", () => {
  test("passes what is right, and fails what is not", async () => {
    await expect(backward).toMatchDerivedGradient("3-2", options);
    await expect(doubled).not.toMatchDerivedGradient("3-2", options);
    await expect(backward).not.toMatchDerivedGradient("3-2");
  });

  test("a failure says what the text report says, without colours", async () => {
    expect(await failure(expect(doubled).toMatchDerivedGradient("3-2", options))).toMatch(
      /^DIFFERENT {2}doubled against the derived gradient of 3-2 --activation tanh --loss half-squared\n {2}compared at 5 random points, in numbers only\n[\s\S]*✗ dW2: worst at dW2\[\d, \d\]: .*found\/expected is 2 everywhere\n {2}✓ db2\n {2}for the cause: npx deltarule check FILE --network 3-2 --activation tanh --loss half-squared --export doubled$/,
    );
  });

  test("what is equal fails where a difference is wanted", async () => {
    expect(await failure(expect(backward).not.toMatchDerivedGradient("3-2", options))).toMatch(
      /^a gradient that differs was expected\n\nEQUAL/,
    );
  });

  test.each([
    ["code that throws", throwing, /^FAILED {2}throwing .*\n.*no such thing/],
    ["a number", 3, /^3 is not a function\n.* expect\(backward\)/],
    ["an object that is no adapter", { a: 1 }, /^\{ a: 1 \} is not a function\n.* expect\(backward\)/],
  ])("%s fails either way: a check that did not run never passes", async (_, received, message) => {
    expect(await failure(expect(received).toMatchDerivedGradient("3-2", options))).toMatch(message);
    expect(await failure(expect(received).not.toMatchDerivedGradient("3-2", options))).toMatch(message);
  });

  test.each([
    ["sizes that are none", "3", {}, /names one layer\n {2}write at least two sizes/],
    [
      "an unknown loss",
      "3-2",
      { loss: "msse" },
      /^there is no loss called "msse": did you mean mse\?\n {2}.*known: mse, half-squared/,
    ],
    ["no sizes", undefined, {}, /^nothing says which network .*\n {2}name its sizes/],
  ])("%s fails either way, with what to do", async (_, sizes, given, message) => {
    expect(await failure(expect(backward).toMatchDerivedGradient(sizes, given))).toMatch(message);
    expect(await failure(expect(backward).not.toMatchDerivedGradient(sizes, given))).toMatch(message);
  });

  test("the forward pass given is checked first", async () => {
    await expect(backward).toMatchDerivedGradient("3-2", { ...options, forward: outputs });
    const other = (parameters: Parameters, x: number[]): number[] => outputs(parameters, x).map((a) => 2 * a);
    expect(await failure(expect(backward).toMatchDerivedGradient("3-2", { ...options, forward: other }))).toMatch(
      /✗ forward: /,
    );
  });

  test("penalties and constants are those of the command line", async () => {
    const penalised = (parameters: Parameters, x: number[], y: number[]) => {
      const { dW2, db2 } = backward(parameters, x, y);
      return { dW2: dW2.map((row, j) => row.map((v, k) => v + 0.1 * (parameters.W2[j]?.[k] as number))), db2 };
    };
    const given = { loss: "sum((a-y)^2)*c", activation: "tanh", constants: { c: 0.5 } };
    await expect(penalised).toMatchDerivedGradient("3-2", { ...given, l2: 0.1 });
    await expect(penalised).not.toMatchDerivedGradient("3-2", given);
  });

  test("an adapter names its network itself", async () => {
    class Net {
      parameters: Parameters = { W2: [], b2: [] };
    }
    const adapter = defineCheck<Net>({
      network: "3-2",
      ...options,
      create: () => new Net(),
      setParameters: (net, parameters) => (net.parameters = parameters),
      gradients: (net, x, y) => backward(net.parameters, x, y),
    });
    await expect(adapter).toMatchDerivedGradient();
    await expect(adapter).not.toMatchDerivedGradient("3-2", { activation: "sigmoid" });
  });

  test("another runner's expect.extend takes the same matchers", async () => {
    const { pass, message } = await matchers.toMatchDerivedGradient.call({ isNot: false }, doubled, "3-2", options);
    expect([pass, message()]).toEqual([false, expect.stringMatching(/^DIFFERENT/)]);
  });
});
