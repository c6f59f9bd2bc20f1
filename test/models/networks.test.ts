import { describe, expect, test } from "vitest";
import { derive } from "../../src/derivation/index.ts";
import { print } from "../../src/expression/index.ts";
import { parseNetwork, type NetworkOptions } from "../../src/network/index.ts";
import { buildProgram } from "../../src/program/index.ts";
import { strategies } from "./modules.ts";
import { outcomeOf } from "./table.ts";

type Row = readonly [string, NetworkOptions];

const deep = Array.from({ length: 24 }, () => 2).join("-");
const normalised = "(z - mean(z)) / sqrt(mean((z - mean(z))^2) + 0.01)";
const penalties: readonly NetworkOptions[] = [{ l1: "0.1" }, { l2: "0.01" }, { l1: "0.1", l2: "0.01" }];

const rows: Readonly<Record<string, readonly Row[]>> = {
  "logistic regression": [
    ["5-3", { activation: "softmax", loss: "cross-entropy" }],
    ["4-1", { activation: "sigmoid", loss: "binary-cross-entropy" }],
  ],
  "an activation for each layer": [
    ["2-4-3-2", { activation: "tanh,relu,softmax", loss: "cross-entropy" }],
    ["2-4-3-2", { activation: "softmax,sin,log-softmax" }],
    ["2-4-3-2", { activation: "log-softmax,softmax,softmax", loss: "kl" }],
    ["2-4-3-5-2", { activation: `softmax,tanh,${normalised},exp(z)/sum(exp(z))` }],
  ],
  penalties: ["2-3-2", "2-4-3-5-2"].flatMap((sizes) => [
    ...penalties.map((penalty): Row => [sizes, penalty]),
    [sizes, { activation: "softmax", loss: "cross-entropy", l1: "0.1", l2: "0.01" }],
  ]),
  "an activation of the user's": [
    "z*tanh(log(1+exp(z)))",
    "max(0, z)",
    "z / sqrt(1 + z^2)",
    "exp(z)/sum(exp(z))",
    normalised,
    "z - mean(abs(z))",
  ].flatMap((activation): Row[] => [
    ["3-2", { activation }],
    ["2-4-3", { activation }],
  ]),
  "one with a constant": [["2-4-3", { activation: "z > 0 ? z : alpha*z", constant: ["alpha=0.3"] }]],
  "a loss of the user's": [
    "mean(log(cosh(a-y)))",
    "log(sum(exp(a))) - sum(y*a)",
    "sum((a-y)^2) + 0.1*sum(abs(a))",
    "sum((a-y)^2) / (1 + sum(a^2))",
  ].flatMap((loss): Row[] => [
    ["3-2", { activation: "identity", loss }],
    ["2-4-3", { activation: "tanh", loss }],
    ["2-4-3", { activation: "tanh,softmax", loss }],
  ]),
};

describe.each(Object.entries(rows))("%s", (_, networks) => {
  const both = networks.flatMap(([sizes, options]) =>
    strategies.map((strategy) => [sizes, options, strategy] as const),
  );
  test.each(both)("%s %o, %s: equal", async (sizes, options, strategy) => {
    expect(await outcomeOf(parseNetwork(sizes, options), strategy)).toBe("equal");
  });
});

test("24 layers, with the default strategy", async () => {
  expect(await outcomeOf(parseNetwork(deep), undefined)).toBe("equal");
});

describe.each([
  ["softmax", "exp(z)/sum(exp(z))"],
  ["log-softmax", "z - log(sum(exp(z)))"],
  ["relu", "z > 0 ? z : 0"],
  ["leaky-relu(0.2)", "z > 0 ? z : 0.2*z"],
  ["mish", "z*tanh(log(1+exp(z)))"],
])("%s is %s", (name, formula) => {
  const [named, written] = [name, formula].map((activation) => parseNetwork("2-4-3", { activation })) as [
    ReturnType<typeof parseNetwork>,
    ReturnType<typeof parseNetwork>,
  ];

  test("in its equations", () => {
    const linesOf = (network: typeof named): readonly string[] =>
      derive(network).equations.flatMap(({ steps, evaluation }) =>
        [...steps, ...evaluation].map(({ rule, after }) => `${rule} ${print(after)}`),
      );
    expect(linesOf(written)).toEqual(linesOf(named));
  });

  test.each(strategies)("in its code, %s", (strategy) => {
    expect(buildProgram(written, strategy).procedures).toEqual(buildProgram(named, strategy).procedures);
  });
});
