import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readEquations } from "../../src/equations/index.ts";
import { double } from "../../src/exact/index.ts";
import { parseNetwork } from "../../src/network/index.ts";
import {
  buildLoops,
  certifyProgram,
  countOperations,
  equationsTask,
  execute,
  spellOut,
  vectorise,
  type Subject,
  type VectorProgram,
  type VectorStatement,
} from "../../src/program/index.ts";

const folder = new URL("../samples/models/", import.meta.url);
const models = readdirSync(folder)
  .filter((file) => file.endsWith(".eq"))
  .map((file): [string, () => Subject] => [
    file,
    () => equationsTask(readEquations(readFileSync(new URL(file, folder), "utf8"), file), file, file),
  ]);

const networks = [
  ...["1-1", "2-3-1", "5-7-3", "16-9-8", "13-30-10", "3-4-5-6-7"].map((sizes): [string, () => Subject] => [
    sizes,
    () => parseNetwork(sizes),
  ]),
  ["6-5-4 with softmax", () => parseNetwork("6-5-4", { activation: "tanh,softmax", loss: "cross-entropy" })],
] satisfies [string, () => Subject][];

describe.each([2, 4])("a program of vectors of %d numbers passes the exact check:", (lanes) => {
  test.each([...networks, ...models])("%s", (_, subject) => {
    expect(() => certifyProgram(spellOut(vectorise(buildLoops(subject()), lanes)))).not.toThrow();
  });
});

/** The program with each of its statements changed. */
const changed = (program: VectorProgram, change: (s: VectorStatement) => VectorStatement): VectorProgram => {
  const inside = (s: VectorStatement): VectorStatement =>
    change(s.kind === "loop" ? { ...s, body: s.body.map(inside) } : s);
  return {
    ...program,
    procedures: program.procedures.map((p) => ({ ...p, statements: p.statements.map(inside) })),
  };
};

describe("a program of vectors is refused that has", () => {
  const corruptions: readonly [claim: string, change: (s: VectorStatement) => VectorStatement][] = [
    ["the sums of two rows changed about", (s) => (s.kind === "collect" ? { ...s, of: [...s.of].reverse() } : s)],
    [
      "a lane that nothing is done in",
      (s) => (s.kind === "lanes" && s.statement.kind === "store" && s.count === 4 ? { ...s, count: 3 } : s),
    ],
    [
      "entries left out that fill no vector",
      (s) =>
        s.kind === "pack" ? { ...s, values: s.values.map(() => s.values.at(-1) as (typeof s.values)[number]) } : s,
    ],
    ["a loop that ends early", (s) => (s.kind === "loop" && s.step === 4 ? { ...s, end: s.end - 4 } : s)],
  ];
  test.each(corruptions)("%s", (_, change) => {
    const program = vectorise(buildLoops(parseNetwork("9-8-4")), 4);
    const wrong = changed(program, change);
    expect(wrong).not.toEqual(program);
    expect(() => certifyProgram(spellOut(wrong))).toThrow(/fails the exact check/);
  });
});

describe("what a program of vectors means", () => {
  const empty = { ...vectorise(buildLoops(parseNetwork("1-1")), 4), scratch: [] };
  const of = (statements: readonly VectorStatement[]): VectorProgram => ({
    ...empty,
    plain: null,
    procedures: [{ name: "forward", arrays: ["x", "y"], statements, result: null }],
  });
  const each = { constant: 0, terms: [{ index: "#", scale: 1 }] };
  const load: VectorStatement = {
    kind: "lanes",
    count: 4,
    statement: { kind: "define", name: "v", value: { kind: "load", array: "x", at: each } },
  };

  test("the lanes of a vector are added by halves: (0 + 2) + (1 + 3)", () => {
    const program = of([
      load,
      { kind: "total", name: "s", of: "v" },
      { kind: "store", array: "y", at: { constant: 0, terms: [] }, value: { kind: "local", name: "s" } },
    ]);
    // In no other order do the great numbers cancel before a small one is added to them.
    const y = [0];
    execute(spellOut(program), "forward", { x: [1, 1e17, 1, -1e17], y }, double);
    expect(y).toEqual([2]);
  });

  test("a vector that is stored in part leaves the rest alone", () => {
    const program = of([
      load,
      {
        kind: "lanes",
        count: 3,
        statement: { kind: "store", array: "y", at: each, value: { kind: "local", name: "v" } },
      },
    ]);
    const y = [0, 0, 0, 9];
    execute(spellOut(program), "forward", { x: [1, 2, 3, 4], y }, double);
    expect(y).toEqual([1, 2, 3, 9]);
  });

  test("nothing is computed more often than by the loops, but what fills vectors", () => {
    const loops = buildLoops(parseNetwork("16-12-8"));
    const [before, after] = [loops, spellOut(vectorise(loops, 4))].map((p) => countOperations(p, "backward"));
    expect(after?.multiplications).toBe(before?.multiplications);
    expect(after?.functions).toBe(before?.functions);
  });
});
