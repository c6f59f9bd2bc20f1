import { describe, expect, test } from "vitest";
import { networkModel, numbered, printEquations, readEquations } from "../../src/equations/index.ts";
import { seeded } from "../../src/exact/index.ts";
import { parseNetwork, type NetworkOptions } from "../../src/network/index.ts";
import { buildProgram, certifyProgram, drawPoint, networkTask } from "../../src/program/index.ts";
import { moduleOf, numbersOf, strategies, taskOfModel } from "./modules.ts";

type Row = readonly [string, NetworkOptions];
const pointCount = 12;

/** Loss and gradient of a network's own module, and of the one for the equations that it prints, at random points. */
async function bothWays(
  [sizes, options]: Row,
  strategy: (typeof strategies)[number],
): Promise<(readonly number[])[][]> {
  const network = parseNetwork(sizes, options);
  const model = numbered(readEquations(printEquations(networkModel(network), new Map()), "printed.eq"));
  const own = buildProgram(networkTask(network), strategy);
  const again = buildProgram(taskOfModel(model), strategy);
  certifyProgram(again);
  expect(again.layout).toEqual(own.layout);
  expect(again.inputs.map(({ key }) => key)).toEqual(own.inputs.map(({ key }) => key));
  const [ownModule, againModule] = [await moduleOf(own), await moduleOf(again)];
  return Array.from({ length: pointCount }, (_, seed) => {
    const point = drawPoint(own, seeded(seed));
    return [numbersOf(ownModule, point), numbersOf(againModule, point)];
  });
}

describe.each(strategies)("%s: a network's equations, printed and read, give its loss and gradient", (strategy) => {
  test.each<Row>([
    ["2-3-1", {}],
    ["3-4-2", { activation: "tanh,softmax", loss: "cross-entropy" }],
    ["3-4-2", { activation: "relu,identity", l2: "0.01" }],
    ["3-4-2", { activation: "sigmoid", loss: "binary-cross-entropy" }],
    ["3-4-2", { activation: "gelu" }],
    ["2-3-4-2", { activation: "tanh" }],
    ["2-3-4-3-2", {}],
    ["2-3-4-3-2", { activation: "tanh,relu,gelu,softmax", loss: "cross-entropy" }],
    ["12-11-10", { activation: "elu,softplus", loss: "huber" }],
  ])("to the last bit: %s %o", async (...row) => {
    for (const [own, again] of await bothWays(row, strategy)) expect(again).toEqual(own);
  });

  test.each<Row>([
    // The penalty is a variable of its own: its slopes are added up before the error's is, not after.
    ["3-4-2", { activation: "relu", l1: "0.1", l2: "0.01" }],
    // The derivative of the loss is a quotient: the factors beside it are multiplied before or after dividing.
    ["3-4-2", { loss: "mean(log(cosh(a-y)))" }],
  ])("up to the order of operations: %s %o", async (...row) => {
    for (const [own = [], again = []] of await bothWays(row, strategy))
      own.forEach((value, i) =>
        expect(Math.abs((again[i] as number) - value)).toBeLessThanOrEqual(1e-12 * Math.abs(value)),
      );
  });
});
