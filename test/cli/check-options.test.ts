import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { listChecks, type ListFlags } from "../../src/cli/check-list.ts";
import { chooseDeliveries, chooseLimits } from "../../src/cli/check-options.ts";

const folder = mkdtempSync(join(tmpdir(), "deltarule-check-options-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("where reports go", () => {
  test.each([
    ["text to stdout, where nothing is said", [], ["text→stdout"]],
    ["the one named", ["json"], ["json→stdout"]],
    [
      "files, and then the text to stdout nevertheless",
      ["sarif=a.sarif", "junit=b=c.xml"],
      ["text→stdout", "sarif→a.sarif", "junit→b=c.xml"],
    ],
    ["one to stdout, one to a file", ["github", "sarif=a.sarif"], ["github→stdout", "sarif→a.sarif"]],
  ])("%s", async (_, reporter, expected) => {
    const deliveries = await chooseDeliveries({ reporter });
    expect(deliveries.map(({ reporter: name, file }) => `${name}→${file ?? "stdout"}`)).toEqual(expected);
  });
  test.each([
    ["an unknown one", { reporter: ["xml"] }, /no reporter "xml"/],
    ["no file after the sign", { reporter: ["json="] }, /names no file/],
    ["two to stdout", { reporter: ["json", "text"] }, /two reports go to stdout/],
    ["two to one file", { reporter: ["json=a", "text=a"] }, /two reports go to a/],
    ["a report where the summary goes", { reporter: ["json=a"], summary: "a" }, /two reports go to a/],
    ["a folder", { reporter: [`json=${folder}`] }, /is a directory/],
  ])("%s is refused", async (_, flags, message) => {
    await expect(chooseDeliveries(flags)).rejects.toThrow(message);
  });
});

describe("limits", () => {
  test("are handed on, and nothing is where nothing is said", () => {
    expect(chooseLimits({ timeout: "2.5", memory: "128", method: "numeric" })).toEqual({
      limits: { seconds: 2.5, megabytes: 128 },
      method: "numeric",
    });
    expect(chooseLimits({})).toEqual({ limits: {}, method: "exact" });
  });
  test.each([
    [{ timeout: "soon" }, /not a number of seconds/],
    [{ timeout: "0" }, /not a number of seconds/],
    [{ timeout: "" }, /not a number of seconds/],
    [{ memory: "1.5" }, /not a number of megabytes/],
    [{ memory: "8" }, /not a number of megabytes/],
    [{ method: "guess" }, /no method "guess"/],
  ])("%j is refused", (flags, message) => {
    expect(() => chooseLimits(flags)).toThrow(message);
  });
});

describe("what is checked", () => {
  const here = (name: string): string => relative(".", join(folder, name));
  const config = (value: unknown): string => {
    writeFileSync(join(folder, "deltarule.config.json"), JSON.stringify(value));
    return join(folder, "deltarule.config.json");
  };
  const network = (subject: unknown): unknown => (subject as { network: unknown } | null)?.network;

  test("a file named twice is checked once", async () => {
    const checks = await listChecks(["a.ts", "b.ts", "./a.ts"], { network: "2-3-1" });
    expect(checks.map(({ file }) => file)).toEqual(["a.ts", "b.ts"]);
  });
  test("an adapter says what it is checked against", async () => {
    expect(await listChecks(["a.ts"], {})).toEqual([
      { file: "a.ts", subject: null, claims: {}, exportName: undefined, besides: [] },
    ]);
  });
  test("without a file, the list of the configuration, its paths from where that lies", async () => {
    const path = config({
      checks: [
        { file: "a.ts", network: "2-2", activation: "c*z", constants: { c: 0.5 }, l2: "0.1" },
        { file: "b.check.ts" },
        { file: "a.ts", network: "2-2", export: "other" },
        { file: "a.ts", network: "2-2", export: "third" },
        { file: "b.check.ts" },
      ],
    });
    const checks = await listChecks([], { config: path });
    expect(checks.map(({ file, exportName }) => [file, exportName])).toEqual([
      [here("a.ts"), undefined],
      [here("b.check.ts"), undefined],
      [here("a.ts"), "other"],
      [here("a.ts"), "third"],
    ]);
    expect(network(checks[0]?.subject)).toMatchObject({
      activations: ["c*z"],
      constants: { c: "0.5" },
      penalties: { l2: "0.1" },
    });
    expect(checks[1]).toMatchObject({ subject: null, besides: [path] });
  });
  test.each<[string, readonly string[], ListFlags, RegExp]>([
    ["options of a network without its sizes", ["a.ts"], { loss: "mse" }, /--loss is given without --network/],
    ["a network without a file", [], { network: "2-1" }, /--network is about a file, and none is named/],
    ["nothing at all", [], { config: join(folder, "absent.json") }, /no file is named, and there is no/],
    ["a network and a file of equations", ["a.ts"], { network: "2-1", equations: "m.eq" }, /--equations names a file/],
  ])("%s is refused", async (_, files, flags, message) => {
    await expect(listChecks(files, flags)).rejects.toThrow(message);
  });
  test.each([
    [{ directory: "out", outputs: [] }, /lists no "checks"/],
    [{ checks: {} }, /lists no "checks"/],
    [{ checks: ["a.ts"] }, /checks\[0\] is not an object/],
    [{ checks: [{ network: "2-1" }] }, /checks\[0\] needs "file"/],
    [{ checks: [{ file: "a.ts", sizes: "2-1" }] }, /unknown key "sizes"/],
    [{ checks: [{ file: "a.ts", loss: "mse" }] }, /^loss is given without network/],
    [{ checks: [{ file: "a.ts", network: 21 }] }, /"network" is not a text/],
    [{ checks: [{ file: "a.ts", network: "2" }] }, /names one layer/],
    [{ tests: [] }, /unknown key "tests"/],
  ])("the configuration %j is refused", async (value, message) => {
    await expect(listChecks([], { config: config(value) })).rejects.toThrow(message);
  });
});
