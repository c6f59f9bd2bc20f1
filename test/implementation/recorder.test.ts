import { beforeAll, describe, expect, it } from "vitest";
import { operations, type Recording } from "../../src/implementation/recording.ts";
import { escaping } from "./recorder-escapes.ts";
import { runAll, type Ran } from "./recorder-runner.ts";
import { followed } from "./recorder-sources.ts";

const inputs = [0.3, -0.7, 1.9, 2.6, -1.1, 0.8];
const movedInputs = inputs.map((x, i) => x + (i + 1) * 1e-3);

describe("a recorded run", () => {
  const titles = Object.keys(followed);
  let runs: readonly Ran[] = [];
  beforeAll(async () => void (runs = await runAll(Object.values(followed), inputs, movedInputs)));

  it.each(titles.map((title, i) => [title, i] as const))("follows %s", (_, i) => {
    const { plain, moved, recorded } = runs[i] as Ran;
    expect(plain.thrown).toBeNull();
    expect(recorded.thrown).toBeNull();
    expect(recorded.escape).toBeNull();
    // To the bit what the code gives by itself.
    expect(recorded.leaves).toEqual(plain.leaves);
    expect(recorded.printed).toBe(plain.printed);
    // What is recorded depends on the inputs as the code does.
    const there = evaluate(recorded.recording, movedInputs);
    expect(recorded.nodes.map((node, k) => there[node] ?? recorded.leaves[k])).toEqual(
      moved.leaves.map((x) => (typeof x === "number" ? close(x) : x)),
    );
  });
});

describe("a record", () => {
  const decisions = "a > b, a === 0.3, Math.max(0, b, -1), Math.abs(b), Math.min(a, Infinity), 2 > 1, a !== a, !a";
  const constants = [
    ["keeps a third as a quotient", "1 / 3", "divide(1, 3)"],
    ["keeps a sum of decimals as a sum", "0.1 + 0.2", "add(0.1, 0.2)"],
    ["keeps a root as a root", "Math.SQRT2 * Math.sqrt(3)", "multiply(sqrt(2), sqrt(3))"],
    ["has nothing of what doubles hold exactly", "(6 / 4 - 0.25) * 2 ** 10", "1280"],
  ] as const;
  let runs: readonly Ran[] = [];
  beforeAll(async () => {
    const texts = [decisions, ...constants.map(([, text]) => text)];
    const sources = texts.map((text) => ({ extension: "js", text: `export const run = ([a, b]) => [${text}];` }));
    runs = await runAll(sources, inputs, inputs);
  });

  it("notes what was decided on inputs, and where", () => {
    const { recorded, sites } = runs[0] as Ran;
    const indent = "export const run = ([a, b]) => [".length;
    const found = recorded.recording.comparisons.map(({ left, relation, right, holds, site }) => {
      const { column = 0, endColumn = 0 } = sites[site] ?? {};
      const place = decisions.slice(column - 1 - indent, endColumn - 1 - indent);
      return `${place}: ${shown(recorded.recording, left)} ${relation} ${shown(recorded.recording, right)} is ${holds}`;
    });
    expect(found).toEqual([
      "a > b: x0 > x1 is true",
      "a === 0.3: x0 == 0.3 is true",
      "Math.max(0, b, -1): 0 >= x1 is true",
      "Math.abs(b): x1 >= 0 is false",
      "a: x0 != 0 is true",
    ]);
  });

  it.each(constants.map(([title, , expected], i) => [title, i, expected] as const))("%s", (_, i, expected) => {
    const { recorded } = runs[i + 1] as Ran;
    expect(shown(recorded.recording, recorded.nodes[0] ?? -1)).toBe(expected);
  });
});

describe("an escape from the record", () => {
  const sources = Object.entries(escaping);
  const plainText = (text: string): string => text.replace(/[«»]/g, "");
  let runs: readonly Ran[] = [];
  beforeAll(async () => {
    runs = await runAll(
      sources.map(([, { text }]) => ({ extension: "js", text: plainText(text) })),
      inputs,
      inputs,
    );
  });

  it.each(sources.map(([title, source], i) => [title, source, i] as const))("is found in %s", (_, source, i) => {
    const { plain, recorded, sites } = runs[i] as Ran;
    expect(plain.thrown).toBeNull();
    expect(recorded.escape?.how).toBe(source.how);
    expect(recorded.thrown).toBe(`not recorded: ${source.how}`);
    const site = sites[recorded.escape?.site ?? -1];
    const lines = plainText(source.text).split("\n");
    expect(site?.file).toMatch(new RegExp(`source-${i}.js$`));
    expect(lines[(site?.line ?? 0) - 1]?.slice((site?.column ?? 0) - 1, (site?.endColumn ?? 0) - 1)).toBe(
      /«(.*)»/.exec(source.text)?.[1],
    );
  });
});

/** Near enough for a power by multiplication, or for another order of a quotient. */
const close = (x: number): unknown => (Number.isFinite(x) ? expect.closeTo(x, 6) : x);

/** The doubles of all nodes, by the record alone. */
function evaluate({ operations: codes, left, right, constants }: Recording, at: readonly number[]): number[] {
  const values: number[] = [];
  codes.forEach((code, node) => {
    const operation = operations[code] ?? "input";
    const [l, r] = [left[node] ?? -1, right[node] ?? -1];
    const [x, y] = [values[l] ?? NaN, values[r] ?? NaN];
    const special = { input: at[r] ?? NaN, constant: Number(constants[l]), pi: Math.PI, negate: -x };
    const binary = { add: x + y, subtract: x - y, multiply: x * y, divide: x / y };
    const known: Readonly<Record<string, number>> = { ...special, ...binary };
    values.push(known[operation] ?? Math[operation as "exp"](x));
  });
  return values;
}

/** A node written out. */
function shown(recording: Recording, node: number): string {
  const operation = operations[recording.operations[node] ?? 0] ?? "";
  const [left, right] = [recording.left[node] ?? -1, recording.right[node] ?? -1];
  if (operation === "input") return `x${right}`;
  if (operation === "constant") return recording.constants[left] ?? "";
  return `${operation}(${[left, right]
    .filter((each) => each >= 0)
    .map((each) => shown(recording, each))
    .join(", ")})`;
}
