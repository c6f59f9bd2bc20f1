import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { changesSince, sourcesOf } from "../../src/cli/sources.ts";
import { watchFiles } from "../../src/cli/watch.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "deltarule-sources-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);
function write(name: string, text: string): string {
  mkdirSync(dirname(path(name)), { recursive: true });
  writeFileSync(path(name), text);
  return path(name);
}
const git = (...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
    cwd: folder,
    encoding: "utf8",
  });

beforeAll(() => {
  write(
    "packages/a/my.ts",
    `import { f } from "../b/lib.ts"; import "installed"; import type { T } from "../b/types.ts"; export const backward = f;`,
  );
  write("packages/b/lib.ts", `import data from "./data.json"; export const f = () => data;`);
  write("packages/b/data.json", "1");
  write("packages/b/types.ts", "export type T = 1;");
  write("packages/b/other.ts", "export {};");
  write("node_modules/installed/index.js", "export {};");
  mkdirSync(path("node_modules/@mono"));
  symlinkSync("../../packages/b", path("node_modules/@mono/b"));
  write("linked.ts", `import { f } from "@mono/b/lib.ts"; export const backward = f;`);
  write("adapter.ts", `import { defineCheck } from "deltarule/check"; export default defineCheck({});`);
  write("broken.ts", `import "./absent.ts"; export {};`);
  write(".gitignore", "node_modules\nignored.ts\n");
  write("strange é name.ts", "export {};");
  write("ignored.ts", "export {};");
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", "All of it");
});

describe("the sources of a file", () => {
  test.each([
    [
      "it and what it imports, but what is installed",
      "packages/a/my.ts",
      ["packages/a/my.ts", "packages/b/data.json", "packages/b/lib.ts"],
    ],
    [
      "a package of the same repository, though it is linked as an installed one",
      "linked.ts",
      ["linked.ts", "packages/b/data.json", "packages/b/lib.ts"],
    ],
    ["an adapter without deltarule", "adapter.ts", ["adapter.ts"]],
  ])("%s", async (_, file, expected) => {
    expect([...((await sourcesOf(path(file))) ?? [])].sort()).toEqual(expected.map(path));
  });
  test("cannot be told of what cannot be bundled", async () => {
    expect(await sourcesOf(path("broken.ts"))).toBeNull();
    expect(await sourcesOf(path("nowhere.ts"))).toBeNull();
  });
});

describe("what has changed since a commit", () => {
  const since = async (ref: string): Promise<(name: string) => boolean> => {
    const before = process.cwd();
    process.chdir(path("packages"));
    try {
      const hasChanged = await changesSince(ref);
      return (name) => hasChanged(path(name));
    } finally {
      process.chdir(before);
    }
  };
  afterEach(() => {
    vi.restoreAllMocks();
    git("reset", "-q", "--hard");
    git("clean", "-q", "-f", "-d");
  });

  test.each([
    ["nothing", () => undefined, []],
    ["a file that has been edited", () => write("packages/b/lib.ts", "1"), ["packages/b/lib.ts"]],
    ["one that is staged", () => [write("packages/b/data.json", "2"), git("add", "-A")], ["packages/b/data.json"]],
    ["one that has gone", () => rmSync(path("linked.ts")), ["linked.ts"]],
    ["a name that git quotes", () => write("strange é name.ts", "1"), ["strange é name.ts"]],
    ["a new one", () => write("new.ts", "1"), ["new.ts"]],
  ])("%s", async (_, change, expected) => {
    change();
    const hasChanged = await since("HEAD");
    const names = ["packages/a/my.ts", "packages/b/lib.ts", "packages/b/data.json", "linked.ts", "strange é name.ts"];
    expect([...names, ...(expected.includes("new.ts") ? ["new.ts"] : [])].filter(hasChanged)).toEqual(expected);
  });
  test("what git does not follow counts as changed", async () => {
    expect((await since("main"))("ignored.ts")).toBe(true);
  });
  test.each(["nowhere", "-rf", "--output=x", "HEAD~99", ""])("%j is refused: there is no such commit", async (ref) => {
    await expect(since(ref)).rejects.toMatchObject({ code: "ref-unknown" });
  });
  test("outside a repository it is refused", async () => {
    const outside = mkdtempSync(join(tmpdir(), "deltarule-outside-"));
    const before = process.cwd();
    process.chdir(outside);
    await expect(changesSince("HEAD")).rejects.toMatchObject({ code: "git-repository" });
    process.chdir(before);
    rmSync(outside, { recursive: true });
  });
  test("without git it is refused", async () => {
    vi.stubEnv("PATH", "");
    await expect(since("HEAD")).rejects.toMatchObject({ code: "git-missing" });
    vi.unstubAllEnvs();
  });
});

describe("watching", () => {
  const soon = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

  test("makes a round at first, one after a change, one for a change during a round, and ends at an interrupt", async () => {
    const file = write("watched.ts", "1");
    const rounds: string[] = [];
    const done = watchFiles(
      () => Promise.resolve({ files: [file], isWanted: (name) => name === "wanted.ts" }),
      async (signal) => {
        rounds.push(`round, ${signal.aborted ? "aborted" : "on"}`);
        if (rounds.length === 2) write("watched.ts", "3");
        await soon(20);
      },
    );
    await soon(200);
    expect(rounds).toHaveLength(1);
    write("beside.ts", "nothing to it");
    await soon(200);
    expect(rounds).toHaveLength(1);
    write("watched.ts", "2");
    await vi.waitFor(() => expect(rounds).toHaveLength(3), 3000);
    // As editors do: a new file in its place.
    const fresh = write("fresh.tmp", "4");
    execFileSync("mv", [fresh, file]);
    await vi.waitFor(() => expect(rounds).toHaveLength(4), 3000);
    write("wanted.ts", "");
    await vi.waitFor(() => expect(rounds).toHaveLength(5), 3000);
    process.emit("SIGINT");
    await done;
    await soon(150);
    expect(rounds).toHaveLength(5);
  });
});
