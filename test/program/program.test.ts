import { describe, expect, test } from "vitest";
import { activations, losses } from "../../src/equations/index.ts";
import { rational } from "../../src/expression/index.ts";
import { parseNetwork } from "../../src/network/index.ts";
import {
  buildProgram,
  certifyProgram,
  chooseStrategy,
  countOperations,
  mapParts,
  type Program,
  type Statement,
  type Value,
} from "../../src/program/index.ts";

describe("programs pass the exact check", () => {
  const sizes = ["2-3-1", "1-1", "5-4", "4-8-3", "3-9-17-2", "2-3-4-5-6-7"];
  test.each(sizes)("%s, unrolled and tiled", (text) => {
    for (const strategy of ["unrolled", "tiled"] as const)
      expect(certifyProgram(buildProgram(parseNetwork(text), strategy)).draws).toBe(2);
  });

  const functions = Object.keys(activations).flatMap((activation) =>
    Object.keys(losses).map((loss) => ({ activation, loss })),
  );
  test.each(functions)("$activation with $loss", (options) => {
    for (const strategy of ["unrolled", "tiled"] as const)
      certifyProgram(buildProgram(parseNetwork("3-9-2", options), strategy));
  });

  const bounded = ["relu", "hard-tanh", "hard-sigmoid"].flatMap((activation) =>
    ["2-3-2", "2-2-3-2-2"].map((text) => ({ text, activation })),
  );
  test.each(bounded)("$text of $activation, whose bounds are where its loss divides by 0", ({ text, activation }) => {
    certifyProgram(buildProgram(parseNetwork(text, { activation, loss: "binary-cross-entropy" })));
  });

  test.each([
    "sum(log(cosh(a-y)))",
    "-sum(y*log(a)+(1-y)*log(1-a))",
    "sum((a-y)^2/(1+y^2))",
    "sum((a-y)^2+a)",
    "sum(a*a-2*a*y+y*y)",
    "2/3*sum((y-a)^3)*0.5",
    "sum(a/y)",
    "mean(sqrt(1+(a-y)^2))",
    "mean(-y*log(a))",
  ])("the loss %s", (loss) => {
    for (const strategy of ["unrolled", "tiled"] as const)
      certifyProgram(buildProgram(parseNetwork("2-3-2", { loss }), strategy));
  });

  test("an activation of its own for each layer", () => {
    for (const strategy of ["unrolled", "tiled"] as const)
      certifyProgram(
        buildProgram(parseNetwork("3-4-5-2", { activation: "tanh,silu,z*tanh(log(1+exp(z)))" }), strategy),
      );
  });
});

/** Changes the first value in a procedure that `change` has something for. */
function corrupt(program: Program, change: (value: Value) => Value | null, procedure = "backward"): Program {
  let isDone = false;
  const inValue = (value: Value): Value => {
    const changed = isDone ? null : change(value);
    if (changed !== null) {
      isDone = true;
      return changed;
    }
    return mapParts(value, inValue);
  };
  const inStatement = (s: Statement): Statement => {
    if (s.kind === "loop") return { ...s, body: s.body.map(inStatement) };
    return s.kind === "define" || s.kind === "store" || s.kind === "add" ? { ...s, value: inValue(s.value) } : s;
  };
  return {
    ...program,
    procedures: program.procedures.map((p) =>
      p.name === procedure ? { ...p, statements: p.statements.map(inStatement) } : p,
    ),
  };
}

describe("a corrupted program is refused", () => {
  const corruptions: [string, (value: Value) => Value | null][] = [
    ["a sign", (v) => (v.kind === "operation" && v.operator === "-" ? { ...v, operator: "+" } : null)],
    [
      "a factor",
      (v) => (v.kind === "number" && v.value.denominator === 4n ? { kind: "number", value: rational(1, 3) } : null),
    ],
    [
      "an offset",
      (v) =>
        v.kind === "load" && v.array === "theta" && v.at.constant === 17
          ? { ...v, at: { ...v.at, constant: 18 } }
          : null,
    ],
    ["an operand", (v) => (v.kind === "local" && v.name === "a2_1" ? { kind: "local", name: "a2_2" } : null)],
  ];
  test.each(corruptions)("%s in unrolled code", (_, change) => {
    const program = buildProgram(parseNetwork("3-4-2"), "unrolled");
    const spoiled = corrupt(program, change);
    expect(spoiled).not.toEqual(program);
    expect(() => certifyProgram(spoiled)).toThrow(/fails the exact check/);
  });

  test("a stride in loops", () => {
    const program = buildProgram(parseNetwork("3-9-24"), "tiled");
    const spoiled = corrupt(
      program,
      (v) =>
        v.kind === "load" && v.array === "theta" && v.at.terms.some((t) => t.scale === 9)
          ? { ...v, at: { ...v.at, terms: v.at.terms.map((t) => ({ ...t, scale: t.scale === 9 ? 8 : t.scale })) } }
          : null,
      "propagate",
    );
    expect(spoiled).not.toEqual(program);
    expect(() => certifyProgram(spoiled)).toThrow(/fails the exact check/);
  });
});

describe("operations", () => {
  test("of 2-3-1 are those that one counts by hand", () => {
    const program = buildProgram(parseNetwork("2-3-1"));
    // Forward: 3·2 + 1·3 products; four sigmoids of one exp, one division, one addition and one negation each.
    expect(countOperations(program, "forward")).toEqual({
      multiplications: 9,
      additions: 6 + 3 + 4 * 2,
      divisions: 4,
      functions: 4,
    });
    expect(countOperations(program, "backward").functions).toBe(4);
  });

  test("each activation is computed once: the backward pass adds no exp", () => {
    for (const sizes of ["4-8-3", "16-32-8"]) {
      const program = buildProgram(parseNetwork(sizes));
      expect(countOperations(program, "backward").functions).toBe(countOperations(program, "forward").functions);
    }
  });

  test("silu computes its exp once more in the loops of the backward pass, not three times", () => {
    const program = buildProgram(parseNetwork("3-9-2", { activation: "silu" }), "tiled");
    expect(countOperations(program, "forward").functions).toBe(11);
    expect(countOperations(program, "backward").functions).toBe(22);
  });

  test("silu shares its exp with its derivative in unrolled code", () => {
    const program = buildProgram(parseNetwork("2-3-1", { activation: "silu" }), "unrolled");
    expect(countOperations(program, "backward").functions).toBe(4);
  });
});

test("small networks are unrolled, large ones tiled", () => {
  expect(["2-3-1", "4-8-3", "16-32-8", "784-30-10"].map((s) => chooseStrategy(parseNetwork(s)))).toEqual([
    "unrolled",
    "unrolled",
    "tiled",
    "tiled",
  ]);
});
