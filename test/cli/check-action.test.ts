import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse, parseDocument } from "yaml";

const file = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");

interface Step {
  readonly if?: string;
  readonly uses?: string;
  readonly shell?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Action {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}
const action = parse(file("action.yml")) as Action;
const step = action.runs.steps.find(({ run }) => run !== undefined);

const folder = mkdtempSync(join(tmpdir(), "deltarule-action-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "npx"), '#!/bin/sh\nfor a in "$@"; do printf "%s\\n" "$a"; done\nexit 3\n');
chmodSync(join(folder, "npx"), 0o755);

/** The command that the action's step runs, argument by argument, as GitHub starts it. */
function commandOf(inputs: Readonly<Record<string, string>>): readonly string[] {
  const value = (text: string): string =>
    text.replace(
      /\$\{\{ inputs\.([\w-]+) \}\}/g,
      (_, name: string) => inputs[name] ?? action.inputs[name]?.default ?? "?",
    );
  const env = Object.fromEntries(Object.entries(step?.env ?? {}).map(([name, text]) => [name, value(text)]));
  const script = join(folder, "step.sh");
  writeFileSync(script, step?.run ?? "");
  const { status, stdout, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
    env: { ...env, PATH: `${folder}:${process.env.PATH ?? ""}` },
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(status, "the exit code is the check's").toBe(3);
  return stdout.trimEnd().split("\n");
}

describe("the GitHub Action", () => {
  test("is a composite action whose inputs all have a description and a default", () => {
    expect(parseDocument(file("action.yml")).errors).toEqual([]);
    expect(action.runs.using).toBe("composite");
    expect(step?.shell).toBe("bash");
    for (const input of Object.values(action.inputs)) {
      expect(input.description).toMatch(/\.$/);
      expect(typeof input.default).toBe("string");
    }
  });

  test("uses no input that it does not have, and has none in a script", () => {
    const used = [...file("action.yml").matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(Object.keys(action.inputs).sort());
    expect(step?.run).not.toContain("${{");
  });

  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      "a file and a network",
      { files: "src/my.ts", network: "2-3-1" },
      ["deltarule", "check", "--reporter", "github", "--network", "2-3-1", "--", "src/my.ts"],
    ],
    ["nothing: what the configuration lists", {}, ["deltarule", "check", "--reporter", "github", "--"]],
    [
      "everything",
      {
        files: "a.ts b.ts",
        network: "2-2",
        activation: "z > 0 ? z : 0",
        loss: "sum((a-y)^2)",
        args: "--timeout 20\n--changed-since origin/main",
        reporter: "text",
        sarif: "out put.sarif",
        version: "1.2.3",
      },
      [
        ...["deltarule@1.2.3", "check", "--reporter", "text", "--reporter", "sarif=out put.sarif", "--network", "2-2"],
        ...["--activation", "z > 0 ? z : 0", "--loss", "sum((a-y)^2)", "--timeout", "20"],
        ...["--changed-since", "origin/main", "--", "a.ts", "b.ts"],
      ],
    ],
    [
      "files one a line, whatever their names",
      { files: "with space.ts\n$(touch x)`y`.ts\n-dash.ts\n" },
      ["deltarule", "check", "--reporter", "github", "--", "with space.ts", "$(touch x)`y`.ts", "-dash.ts"],
    ],
  ])("%s", (_, inputs, expected) => {
    expect(commandOf(inputs)).toEqual(["--yes", ...expected]);
  });

  test("the README's workflow is one, and gives inputs that there are", () => {
    const workflows = [...file("README.md").matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
    const steps = workflows.flatMap((text) => {
      const { jobs } = parse(text) as {
        jobs: Record<string, { "runs-on": string; steps: { uses: string; with?: object }[] }>;
      };
      return Object.values(jobs).flatMap(({ steps }) => steps);
    });
    const ours = steps.filter(({ uses }) => uses.includes("/deltarule@"));
    expect(ours.length).toBeGreaterThan(0);
    for (const { with: given = {} } of ours)
      expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(given)));
  });
});
