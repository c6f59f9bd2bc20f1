import { parseNetwork } from "../../src/network/index.ts";
import type { Cause, CheckVerdict, SourceSpan } from "../../src/check/verdict.ts";

const tensor = (name: string, expected: number, found: number, ratio?: number) => ({
  name,
  equal: expected === found,
  worst: { index: name === "J" ? [] : [2, 1], expected, found },
  ...(ratio === undefined ? {} : { ratio }),
});

/** A success, with everything that is said of one. */
export const equal: CheckVerdict = {
  network: parseNetwork("2-4-3", { activation: "relu" }),
  file: "src/my.ts",
  export: "backward",
  verdict: "equal",
  method: "exact",
  points: 5,
  draws: 4,
  regions: [
    "visited: both branches at src/my.ts:7",
    "not visited: the branch where the comparison does not hold, at src/my.ts:9",
  ],
  convention: "backward({ W2, b2, … }, x, y) returning { dW2, … }, nested arrays",
  layout: ["W2 has a column for each neuron"],
  tensors: [tensor("dW2", 0.5, 0.5), tensor("db2", 0.25, 0.25)],
  cause: null,
  notes: [],
  warnings: [],
  problem: null,
  forward: { equal: true, message: "its outputs are those of the network" },
};

export const where = {
  file: "src/net.ts",
  line: 12,
  column: 7,
  endLine: 12,
  endColumn: 10,
  text: "\t  s += net.W3[k][j] * d3[k];",
} satisfies SourceSpan;

export const cause = {
  id: "updated-weights",
  message: "layer 2's δ is taken through W3 after its update",
  formula: { found: "δ² = (W3 − η·dW3)ᵀδ³", right: "δ² = W3ᵀδ³" },
  where,
  fix: "delta2[j] += W3[k][j] * delta3[k];",
} satisfies Cause;

/** Two tensors differ, and the mistake and its place are known. */
export const different: CheckVerdict = {
  ...equal,
  verdict: "different",
  tensors: [tensor("dW2", 0.5, 0.55), tensor("db2", 0.25, 0.5, 2), tensor("dW3", 1, 1)],
  cause,
  notes: ["W3 is square, so that a transposed shape cannot show"],
};

/** It differs, and no mistake of the catalogue explains it. */
export const unexplained: CheckVerdict = { ...different, cause: null };

export const failed: CheckVerdict = {
  ...equal,
  network: null,
  export: null,
  verdict: "failed",
  method: "numeric",
  points: 0,
  draws: 0,
  regions: [],
  convention: null,
  layout: [],
  tensors: [],
  problem: { code: "timeout", message: "it did not finish within 10 s", advice: "look for a loop without an end" },
  forward: null,
};

export const undecided: CheckVerdict = {
  ...equal,
  verdict: "undecided",
  draws: 0,
  regions: [],
  problem: {
    code: "escaped",
    message: "src/my.ts:9:3 turns a number into text",
    advice: "accept a comparison in numbers with --method numeric",
  },
};

/** All tensors are right once, and it is another answer each time. */
export const unrepeatable: CheckVerdict = {
  ...equal,
  verdict: "different",
  forward: null,
  notes: ["called twice at the same point it gives different gradients"],
};
