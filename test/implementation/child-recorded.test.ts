import { describe, expect, test } from "vitest";
import { openImplementation, operations, type RunSuccess } from "../../src/implementation/index.ts";
import { requestFor } from "./reference.ts";

const sample = (name: string): string => new URL(`../samples/check/corpus/${name}`, import.meta.url).pathname;

async function runTwice(name: string, sizes: string): Promise<{ plain: RunSuccess; recorded: RunSuccess }> {
  const replies: RunSuccess[] = [];
  for (const isRecorded of [false, true]) {
    const limits = { seconds: 30, megabytes: 512 };
    const session = await openImplementation(sample(name), { exportName: null, limits, isRecorded });
    if (session.kind === "problem") throw new Error(session.message);
    const reply = await session.run({ ...requestFor(sizes), manner: replies[0]?.manner ?? null });
    await session.close();
    if (reply.kind === "problem") throw new Error(reply.message);
    replies.push(reply);
  }
  const [plain, recorded] = replies as [RunSuccess, RunSuccess];
  return { plain, recorded };
}

describe.each([
  ["right-loops.js", "2-4-3"],
  ["right-typed.ts", "2-5-4-3"],
  ["right-class.check.ts", "2-5-3"],
  ["right-rows-in.check.ts", "3-4-2"],
])("a recorded run of %s", (name, sizes) => {
  test("gives what a plain one gives, and of each entry the node", async () => {
    const { plain, recorded } = await runTwice(name, sizes);
    const { recording, escape } = recorded;
    expect(escape).toBeNull();
    expect(recorded.results.map(({ gradient }) => gradient.values)).toEqual(
      plain.results.map(({ gradient }) => gradient.values),
    );
    for (const { gradient } of recorded.results)
      expect(Array.from(gradient.nodes ?? [], (node) => recording?.values[node])).toEqual([...gradient.values]);
  });

  test("takes its inputs by call and slot", async () => {
    const { recorded } = await runTwice(name, sizes);
    const { recording } = recorded;
    const { calls, layout, inputs } = requestFor(sizes);
    const count = layout.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    const given = calls.map(({ point }) => [...point.theta, ...point.samples.flat().flatMap((list) => [...list]), 0.5]);
    expect(given[0]).toHaveLength(count + inputs.reduce((sum, { length }) => sum + length, 0) + 1);
    const input = operations.indexOf("input");
    const nodes = Array.from(recording?.operations ?? []).flatMap((operation, i) => (operation === input ? [i] : []));
    expect(nodes.length).toBeGreaterThan(count);
    for (const node of nodes)
      expect(recording?.values[node]).toBe(given[recording?.left[node] ?? -1]?.[recording?.right[node] ?? -1]);
  });
});
