import { mkdtempSync, readdirSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { openImplementation } from "../../src/implementation/index.ts";
import { callTwice, entriesOf, patient, request } from "./opened.ts";

const unruly = new URL("../samples/check/unruly.ts", import.meta.url).pathname;
const impatient = { seconds: 2, megabytes: 128 };

describe("an unruly function is told", () => {
  test.each([
    ["an endless loop", "endless", "timeout", /^it did not finish within 2 s$/, impatient],
    ["a wait without end beside a timer", "waiting", "timeout", /within 2 s/, impatient],
    ["a wait for nothing", "unsettled", "unsettled", /waits for a promise that nothing will settle/, patient],
    ["a recursion without end", "recursing", "threw", /throws RangeError: Maximum call stack size exceeded/, patient],
    [
      "a heap that grows without end",
      "hoarding",
      "memory",
      /^it uses more than 128 MB of memory$/,
      { ...patient, megabytes: 128 },
    ],
    [
      "typed arrays without end",
      "devouring",
      "memory",
      /^it uses more than 128 MB of memory$/,
      { ...patient, megabytes: 128 },
    ],
    ["one typed array larger than memory", "allocating", "threw", /RangeError: .*(?:length|allocation)/i, patient],
    ["process.exit", "exiting", "ended", /ended before it answered \(exit code 0\)$/, patient],
    ["process.abort", "aborting", "ended", /ended before it answered \(SIGABRT\)/, patient],
    ["process.kill", "killing", "ended", /ended before it answered \(SIGTERM\)/, patient],
    ["process.disconnect", "disconnecting", "ended", /ended before it answered \(exit code 0\)/, patient],
    [
      "an error, with its place",
      "throwing",
      "threw",
      /throws RangeError: no luck \(test\/samples\/check\/unruly\.ts:\d+:9\)$/,
      patient,
    ],
    ["a thrown undefined", "throwingNothing", "threw", /throws undefined$/, patient],
    ["a thrown number", "throwingNumber", "threw", /throws 42$/, patient],
    ["a thrown object that throws", "throwingUnreadable", "threw", /throws something that cannot be read$/, patient],
    ["a rejection", "rejecting", "threw", /throws Error: no luck/, patient],
    [
      "a rejection beside the result",
      "failingBeside",
      "background",
      /work that it leaves running fails: Error: no luck beside \(/,
      patient,
    ],
    ["an exception beside the result", "failingLater", "background", /fails: Error: no luck later/, patient],
    ["NaN", "notANumber", "not-finite", /./, patient],
    ["infinity", "infinite", "not-finite", /./, patient],
    ["a gradient of another shape", "wrongSize", "wrong-shape", /W2/, patient],
    ["a gradient without a tensor", "missingTensor", "missing-gradient", /./, patient],
    ["no gradient", "nothing", "no-gradient", /./, patient],
    ["a changed input", "mutating", "mutated-input", /changes its inputs/, patient],
    ["reading a file", "reading", "threw", /reading a file is not allowed in a check: \/etc\/hostname/, patient],
    ["writing a file", "writing", "threw", /writing a file is not allowed in a check: .*weights\.json/, patient],
    ["starting a process", "spawning", "threw", /starting a process is not allowed in a check/, patient],
    ["starting a thread", "threading", "threw", /starting a thread is not allowed in a check/, patient],
    ["opening a connection", "connecting", "threw", /the network is not allowed in a check: example\.org:80/, patient],
    ["fetching", "fetching", "threw", /the network is not allowed in a check: 127\.0\.0\.1:8080/, patient],
  ])("%s", async (_, name, code, message, limits) => {
    const reply = await callTwice(unruly, name, limits);
    expect(reply).toMatchObject({ kind: "problem", code, message: expect.stringMatching(message) as string });
  });
});

describe("an unruly function that answers is heard", () => {
  test.each([
    ["frozen results", "frozen"],
    ["a promise that takes its time", "late"],
    ["ten megabytes of noise", "noisy"],
    ["forged answers", "forging"],
  ])("%s", async (_, name) => {
    expect(entriesOf(await callTwice(unruly, name))).toEqual([0.5, 0.5]);
  });

  test("and finds an empty environment", async () => {
    expect(entriesOf(await callTwice(unruly, "prying"))).toEqual([0, 0]);
  });

  test.each([
    ["chance", "random"],
    ["time", "timed"],
  ])("%s shows in two calls that differ", async (_, name) => {
    const reply = await callTwice(unruly, name);
    const [first, second] = entriesOf(reply) as number[];
    expect(first).toBeGreaterThan(0);
    expect(second).not.toBe(first);
  });
});

test("a rejection beside the only call is told, not its result", async () => {
  const plain = await callTwice(unruly, "frozen");
  if (plain.kind === "problem") throw new Error(plain.message);
  const { manner } = plain;
  const session = await openImplementation(unruly, { exportName: "failingBeside", limits: patient, isRecorded: false });
  if (session.kind === "problem") throw new Error(session.message);
  expect(await session.run({ ...request, calls: request.calls.slice(0, 1), manner })).toMatchObject({
    code: "background",
  });
  await session.close();
});

test("nothing is left behind", async () => {
  // In a folder of its own: other tests run meanwhile.
  const folder = mkdtempSync(join(tmpdir(), "isolation-test-"));
  vi.stubEnv("TMPDIR", folder);
  for (const name of ["exiting", "throwing", "frozen", "missing"]) await callTwice(unruly, name);
  vi.unstubAllEnvs();
  expect(readdirSync(folder)).toEqual([]);
  rmdirSync(folder);
});
