import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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
const project = join(folder, "project");
const actionFolder = join(folder, "action");
const ownMain = join(actionFolder, "dist", "cli", "main.js");
for (const name of [project, actionFolder]) mkdirSync(name);

/** A command that prints its name and arguments, a line each, and ends with 3, which nothing but it ends with. */
function fake(path: string, name: string): void {
  const script = [
    "#!/bin/sh",
    `printf "%s\\n" ${name} "$@"`,
    'case " $* " in *" --version "*) exit 0 ;; esac',
    "exit 3",
  ];
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${script.join("\n")}\n`, { mode: 0o755 });
}
fake(join(folder, "npx"), "npx");
fake(join(folder, "node"), "node");
/** What `npm ci` does in the action's folder. */
const npmIs = (script: string): void => {
  rmSync(join(actionFolder, "dist"), { recursive: true, force: true });
  writeFileSync(join(folder, "npm"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
};
npmIs('[ "$1" = ci ] && mkdir -p dist/cli && : > dist/cli/main.js');

/** Runs the action's step as GitHub starts it. */
function run(inputs: Readonly<Record<string, string>>): { status: number | null; stdout: string; stderr: string } {
  const value = (text: string): string =>
    text.replace(
      /\$\{\{ inputs\.([\w-]+) \}\}/g,
      (_, name: string) => inputs[name] ?? action.inputs[name]?.default ?? "?",
    );
  const env = Object.fromEntries(Object.entries(step?.env ?? {}).map(([name, text]) => [name, value(text)]));
  const script = join(folder, "step.sh");
  writeFileSync(script, step?.run ?? "");
  return spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
    cwd: project,
    env: { ...env, GITHUB_ACTION_PATH: actionFolder, PATH: `${folder}:${process.env.PATH ?? ""}` },
    encoding: "utf8",
  });
}

/** The command that the step runs, argument by argument. */
function commandOf(inputs: Readonly<Record<string, string>>): readonly string[] {
  const { status, stdout, stderr } = run(inputs);
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
      ["check", "--reporter", "github", "--network", "2-3-1", "--", "src/my.ts"],
    ],
    ["nothing: what the configuration lists", {}, ["check", "--reporter", "github", "--"]],
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
      },
      [
        ...["check", "--reporter", "text", "--reporter", "sarif=out put.sarif", "--network", "2-2"],
        ...["--activation", "z > 0 ? z : 0", "--loss", "sum((a-y)^2)", "--timeout", "20"],
        ...["--changed-since", "origin/main", "--", "a.ts", "b.ts"],
      ],
    ],
    [
      "files one a line, whatever their names",
      { files: "with space.ts\n$(touch x)`y`.ts\n-dash.ts\n" },
      ["check", "--reporter", "github", "--", "with space.ts", "$(touch x)`y`.ts", "-dash.ts"],
    ],
  ])("%s", (_, inputs, expected) => {
    expect(commandOf(inputs)).toEqual(["node", ownMain, ...expected]);
  });

  const rest = ["check", "--reporter", "github", "--"];
  test("runs the action's own copy, built once, where nothing else is said", () => {
    npmIs('echo built; [ "$1" = ci ] && mkdir -p dist/cli && : > dist/cli/main.js');
    expect(commandOf({})).toEqual(["built", "node", ownMain, ...rest]);
    expect(commandOf({})).toEqual(["node", ownMain, ...rest]);
  });
  test("builds it itself where npm runs no scripts", () => {
    npmIs('if [ "$1 $2" = "run build" ]; then mkdir -p dist/cli && : > dist/cli/main.js; fi');
    expect(commandOf({})).toEqual(["node", ownMain, ...rest]);
  });
  test("asks the registry for a version only", () => {
    expect(commandOf({ version: "1.2.3" })).toEqual(["npx", "--yes", "deltarule@1.2.3", ...rest]);
  });
  test("runs what the working directory has installed", () => {
    const installed = join(project, "node_modules", ".bin", "deltarule");
    fake(installed, "installed");
    expect(commandOf({})).toEqual(["installed", ...rest]);
    rmSync(installed);
  });

  test.each([
    ["npm fails", "exit 1", {}],
    ["what npm built does not start", "mkdir -p dist/cli && : > dist/cli/main.js", {}],
    ["the version is not there", "", { version: "9.9.9" }],
  ])("ends with 2 where %s: what could not start does not differ", (_, npm, inputs) => {
    npmIs(npm);
    const broken = { npx: "exit 1", node: "exit 1" };
    for (const [name, script] of Object.entries(broken))
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const { status, stdout } = run(inputs);
    expect(status).toBe(2);
    expect(stdout).toMatch(/^::error::deltarule cannot be started: /m);
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
