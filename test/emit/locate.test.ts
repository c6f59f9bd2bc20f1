import { beforeAll, describe, expect, test } from "vitest";
import { emitModule, locateEquations, programToEmit, type CodePlace } from "../../src/emit/index.ts";
import { parseNetwork } from "../../src/network/index.ts";
import { chooseStrategy, networkTask } from "../../src/program/index.ts";

describe.each(["2-3-1", "20-30-10", "10-10", "6-6-6"])("the lines of the module of %s", (sizes) => {
  const network = parseNetwork(sizes);
  let places: readonly CodePlace[];
  let lines: readonly string[];
  beforeAll(async () => {
    places = await locateEquations(programToEmit(network), "0.0.0");
    lines = (await emitModule(network, { version: "0.0.0" })).source.split("\n");
  });

  test("are those that the emitted module has at their numbers", () => {
    for (const { ranges, lines: named } of places) {
      expect(named.map(({ number }) => number)).toEqual(
        ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i)),
      );
      for (const { number, text } of named) {
        expect(text).not.toBe("");
        expect([text, `  ${text}`]).toContain(lines[number - 1]);
      }
    }
  });

  test("stand right below the comments of their equations, and end where something else begins", () => {
    for (const { equations, ranges } of places) {
      const [{ first }] = ranges as [(typeof ranges)[0]];
      const comments = lines.slice(first - 1 - equations.length, first - 1).map((line) => line.trim());
      expect(comments).toEqual(equations.map((equation) => `// ${(equation as { comment?: string }).comment ?? ""}`));
      for (const { last } of ranges) expect(lines[last]).toMatch(/^\s*(\/\/.*|return\b.*)?$|^\}/);
    }
  });

  test("are of each equation of the network once, forward and backward", () => {
    const { forward, objective, backward } = networkTask(network);
    const located = places.flatMap(({ equations }) => equations.map(({ tag, goal }) => `${tag} ${goal.toString()}`));
    const all = [...forward, objective, ...backward].map(({ tag, goal }) => `${tag} ${goal.toString()}`);
    expect(located.toSorted()).toEqual(all.toSorted());
    expect(new Set(located).size).toBe(located.length);
  });

  test("do not overlap, and follow each other down the module in one function or several", () => {
    const ranges = places
      .flatMap((place) => place.ranges)
      .map(({ first, last }) => [first, last] as const)
      .toSorted(([a], [b]) => a - b);
    for (const [i, [first, last]] of ranges.entries()) {
      expect(first).toBeLessThanOrEqual(last);
      if (i > 0) expect(first).toBeGreaterThan((ranges[i - 1] as readonly [number, number])[1]);
    }
  });

  test("of BP4 at layer 2 assign the gradient of its weights, all of it", () => {
    const isWeightOf2 = ({ goal }: CodePlace["equations"][number]): boolean => goal.toString().includes("W2[");
    const [place, ...others] = places.filter(({ equations }) =>
      equations.some((equation) => equation.tag === "BP4" && isWeightOf2(equation)),
    );
    expect(others).toEqual([]);
    const text = place?.lines.map((line) => line.text).join("\n") ?? "";
    const weights = (network.sizes[0] as number) * (network.sizes[1] as number);
    if (chooseStrategy(network) === "unrolled")
      expect([...text.matchAll(/\bgradient\[(\d+)\] = /g)].map(([, at]) => Number(at))).toEqual(
        Array.from({ length: weights }, (_, i) => i),
      );
    else expect(text).toMatch(/\b(gradient|dW2_\w+)\[[^\]]+\] = /);
  });
});
