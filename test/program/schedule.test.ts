import { describe, expect, test } from "vitest";
import { double, seeded } from "../../src/exact/index.ts";
import { parseNetwork } from "../../src/network/index.ts";
import {
  buildLoops,
  buildProgram,
  certifyProgram,
  chooseStrategy,
  drawPoint,
  gradientAt,
  slowdownOf,
  visitStatements,
  visitValue,
  type Program,
  type Statement,
} from "../../src/program/index.ts";

const tiled = (sizes: string, activation = "sigmoid"): Program =>
  buildProgram(parseNetwork(sizes, { activation }), "tiled");

type Loop = Extract<Statement, { kind: "loop" }>;

function loopsIn({ procedures }: Program): readonly Loop[] {
  const found: Loop[] = [];
  for (const { statements } of procedures) visitStatements(statements, (s) => s.kind === "loop" && found.push(s));
  return found;
}

describe("loops that are arranged give the bits of loops as they are", () => {
  test.each(["9-1-1", "8-2-3", "9-7-5", "16-13-8", "17-12-11", "8-16-16-16-4", "20-9", "33-6-31"])("%s", (sizes) => {
    const plain = buildLoops(parseNetwork(sizes));
    for (const seed of [1, 2]) {
      const point = drawPoint(plain, seeded(seed));
      const [expected, found] = [plain, tiled(sizes)].map((p) => gradientAt(p, point, double, (x) => x));
      expect(found).toEqual(expected);
    }
  });
});

describe("every row is in one tile", () => {
  test.each([1, 2, 3, 5, 6, 7, 11, 13, 17, 30, 32, 64, 128])("of %i", (rows) => {
    const stored: number[] = [];
    for (const loop of loopsIn(tiled(`12-${rows}-2`)))
      for (let at = loop.start; at < loop.end; at += loop.step)
        for (const s of loop.body)
          if (s.kind === "store" && s.array === "z2")
            stored.push(s.at.constant + s.at.terms.reduce((sum, { scale }) => sum + scale * at, 0));
    expect(stored.toSorted((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i));
  });

  test("of at most six rows, since more find no registers", () => {
    for (const sizes of ["16-32-8", "64-64-10", "784-128-10"])
      for (const { step } of loopsIn(tiled(sizes))) expect(step).toBeLessThanOrEqual(6);
  });
});

describe("a sum down the columns of a matrix", () => {
  test("joins the loop over its rows", () => {
    const program = tiled("16-32-8");
    expect(program.scratch.map(({ name }) => name)).toContain("sums1");
    // δ is read where it is computed: no array of it is left.
    expect(program.scratch.map(({ name }) => name)).not.toContain("d3");
  });

  test("is set by the first tile, whatever an earlier call has left, and added to by the others", () => {
    const readsItself: boolean[] = [];
    for (const { statements } of tiled("16-32-8").procedures)
      visitStatements(statements, (s) => {
        if (s.kind !== "store" || s.array !== "sums1") return;
        let reads = false;
        visitValue(s.value, (v) => (reads ||= v.kind === "load" && v.array === "sums1"));
        readsItself.push(reads);
      });
    expect(readsItself).toEqual([false, true]);
  });

  test("that lacks the terms of a row is refused", () => {
    const program = tiled("16-32-8");
    const spoiled: Program = {
      ...program,
      procedures: program.procedures.map((p) => ({ ...p, statements: p.statements.map(withoutFirstTile) })),
    };
    expect(spoiled).not.toEqual(program);
    expect(() => certifyProgram(spoiled)).toThrow(/fails the exact check/);
  });

  test("of a matrix whose columns are not neighbours is left where it is", () => {
    const names = buildProgram(parseNetwork("12-1"), "tiled").scratch.map(({ name }) => name);
    expect(names).not.toContain("sums1");
  });
});

/** Takes the first of the values that a sum is set to, so that the terms of other rows are missing. */
function withoutFirstTile(statement: Statement): Statement {
  if (statement.kind === "loop") return { ...statement, body: statement.body.map(withoutFirstTile) };
  if (statement.kind !== "store" || statement.array !== "sums1" || statement.value.kind !== "operation")
    return statement;
  return { ...statement, value: statement.value.left };
}

describe("exponentials of loops", () => {
  test.each(["sigmoid", "softplus", "silu"])("of %s have a loop of their own, with nothing to jam", (activation) => {
    for (const loop of loopsIn(tiled("16-32-8", activation))) {
      const calls = JSON.stringify(loop.body, (_, v: unknown) => (typeof v === "bigint" ? String(v) : v)).match(
        /"kind":"call"/g,
      );
      if (calls !== null) expect(loop.body.every((s) => s.kind !== "loop")).toBe(true);
    }
  });

  test("in straight-line code of several units are computed in a loop, but for a few", () => {
    const exps = ({ procedures }: Program): number =>
      JSON.stringify(procedures.at(-1), (_, v: unknown) => (typeof v === "bigint" ? String(v) : v)).match(
        /"name":"exp"/g,
      )?.length ?? 0;
    expect(exps(buildProgram(parseNetwork("2-3-1"), "unrolled"))).toBe(4);
    expect(exps(buildProgram(parseNetwork("4-8-3"), "unrolled"))).toBe(1 + 3);
  });
});

describe("the strategy", () => {
  test.each([
    ["1-1", "unrolled"],
    ["2-3-1", "unrolled"],
    ["4-8-3", "unrolled"],
    ["16-32-8", "tiled"],
    ["784-30-10", "tiled"],
  ] as const)("of %s is %s", (sizes, strategy) => {
    expect(chooseStrategy(parseNetwork(sizes))).toBe(strategy);
  });

  test("that is not chosen is said to be slow where it is", () => {
    expect(slowdownOf(buildProgram(parseNetwork("16-32-8")))).toBe(1);
    expect(slowdownOf(buildProgram(parseNetwork("32-32-10"), "unrolled"))).toBeGreaterThan(1.5);
    expect(slowdownOf(tiled("2-3-1"))).toBeGreaterThan(1);
  });
});
