import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

const main = new URL("../../dist/cli/main.js", import.meta.url).pathname;
const folder = realpathSync(mkdtempSync(join(tmpdir(), "deltarule-check-cli-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);
const text = (name: string): string => readFileSync(path(name), "utf8");

/** What a job of CI sets is set only where it is said. */
const environment = (more: Readonly<Record<string, string>>): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries({ ...process.env, ...more }).filter(([name]) => name in more || !name.startsWith("GITHUB_")),
  );
function check(args: readonly string[], more: Readonly<Record<string, string>> = {}, cwd = folder) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, "check", ...args], {
    cwd,
    env: environment(more),
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const right = `
export function backward({ W2, b2 }, x, y) {
  const a = W2.map((row, j) => Math.tanh(row.reduce((sum, w, k) => sum + w * x[k], b2[j])));
  const d = a.map((v, j) => (v - y[j]) * slope(v));
  return { dW2: d.map((v) => x.map((u) => u * v)), db2: d };
}
`;
const slope = "export const slope = (a) => 1 - a * a;\n";
const network = ["--network", "3-2", "--activation", "tanh", "--loss", "half-squared"];
beforeAll(() => {
  writeFileSync(path("slope.js"), slope);
  writeFileSync(path("right.js"), `import { slope } from "./slope.js";${right}`);
  writeFileSync(path("wrong.js"), `const slope = (a) => a * (1 - a);${right}`);
  writeFileSync(path("throws.js"), "export function backward(parameters, x, y) { throw new Error('no such thing'); }");
  writeFileSync(
    path("net.js"),
    `export class Net {
  constructor(inputs, outputs) {
    this.weights = Array.from({ length: outputs }, () => new Array(inputs).fill(0.5));
    this.biases = new Array(outputs).fill(0.5);
  }
  train(x, y, rate) {
    const a = this.weights.map((row, j) => Math.tanh(row.reduce((s, w, k) => s + w * x[k], this.biases[j])));
    a.forEach((v, j) => {
      const d = (v - y[j]) * (1 - v * v);
      this.weights[j] = this.weights[j].map((w, k) => w - rate * d * x[k]);
      this.biases[j] -= rate * d;
    });
  }
}
`,
  );
  writeFileSync(
    path("net.check.ts"),
    `import { defineCheck } from "deltarule/check";
import { Net } from "./net.js";
export default defineCheck({
  network: "3-2",
  activation: "tanh",
  loss: "half-squared",
  create: () => new Net(3, 2),
  parameters: (net) => ({ W2: net.weights, b2: net.biases }),
  step: (net, x: number[], y: number[], rate) => net.train(x, y, rate),
});
`,
  );
});

describe("exit codes", () => {
  test.each([
    ["0: equal", ["right.js", ...network], 0, /^EQUAL .*\n {2}compared at 5 random points/],
    ["1: different", ["wrong.js", ...network], 1, /^DIFFERENT [\s\S]*✗ dW2/],
    ["2: it throws", ["throws.js", ...network], 2, /^FAILED [\s\S]*no such thing/],
    ["2: there is no such file", ["none.js", ...network], 2, /^FAILED [\s\S]*no file none\.js/],
    ["the worst of several", ["right.js", "wrong.js", ...network], 1, /\n2 checks: 1 different, 1 equal\n$/],
    ["2 before 1", ["throws.js", "wrong.js", ...network], 2, /\n2 checks: 1 failed, 1 different\n$/],
    [
      "an adapter names its network",
      ["net.check.ts"],
      0,
      /^EQUAL {2}net\.check\.ts against .* of 3-2 --activation tanh/,
    ],
    ["in numbers only", ["right.js", ...network, "--method", "numeric"], 0, /in numbers only: equal within rounding/],
    ["a file named twice is checked once", ["right.js", "./right.js", ...network], 0, /^(?![\s\S]*2 checks)EQUAL/],
  ])("%s", (_, args, status, stdout) => {
    const found = check(args);
    expect(found.stderr).toBe("");
    expect(found.stdout).toMatch(stdout);
    expect(found.status).toBe(status);
  });
});

describe("what cannot be done is told on stderr, with exit 2 and nothing on stdout", () => {
  test.each([
    [[], /no file is named, and there is no deltarule\.config\.json/],
    [["right.js"], /nothing says which network right\.js is for/],
    [["right.js", "--loss", "mse"], /--loss is given without --network/],
    [["right.js", "--network", "9999-9999"], /at most 200000/],
    [["right.js", ...network, "--reporter", "xml"], /no reporter "xml"/],
    [["right.js", ...network, "--reporter", "json", "--reporter", "text"], /two reports go to stdout/],
    [["right.js", ...network, "--timeout", "soon"], /not a number of seconds/],
    [["right.js", ...network, "--memory", "much"], /not a number of megabytes/],
    [["right.js", ...network, "--method", "guess"], /no method "guess"/],
    [["right.js", ...network, "--changed-since", "HEAD"], /no repository/],
    [["right.js", ...network, "--watch", "--changed-since", "HEAD"], /both given/],
    [["right.js", "--init", "net.js"], /--init writes an adapter/],
    [["--init", "none.js"], /no file none\.js/],
    [["--init", "net.js"], /net\.check\.ts is there already/],
  ])("%j", (args, message) => {
    const { status, stdout, stderr } = check(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ {4}at /);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});

describe("reports", () => {
  test("to files, with the text on stdout", () => {
    const reporters = ["--reporter", "json=out.json", "--reporter", "junit=out.xml", "--reporter", "sarif=out.sarif"];
    const { status, stdout } = check(["right.js", "wrong.js", ...network, ...reporters, "--summary", "out.md"]);
    expect([status, stdout]).toEqual([1, expect.stringMatching(/^EQUAL[\s\S]*\nDIFFERENT/)]);
    expect(JSON.parse(text("out.json"))).toMatchObject([{ verdict: "equal" }, { verdict: "different" }]);
    expect(text("out.xml")).toMatch(/<testsuites name="deltarule" tests="\d" failures="2" errors="0">/);
    expect(JSON.parse(text("out.sarif"))).toMatchObject({ version: "2.1.0" });
    expect(text("out.md")).toMatch(/^### deltarule check\n\n2 checks: 1 different, 1 equal\n/);
  });

  test("in a GitHub job: paths from the repository's root, and a summary that is added to what is there", () => {
    writeFileSync(path("summary.md"), "before\n");
    mkdirSync(path("packages/a"), { recursive: true });
    copyFileSync(path("wrong.js"), path("packages/a/wrong.js"));
    const job = { GITHUB_WORKSPACE: folder, GITHUB_STEP_SUMMARY: path("summary.md") };
    const { status, stdout } = check(["wrong.js", ...network, "--reporter", "github"], job, path("packages/a"));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error file=packages\/a\/wrong\.js,/m);
    expect(text("summary.md")).toMatch(/^before\n### deltarule check\n/);
  });

  test("a reader that ends early does not change the exit code", () => {
    const command = `"${process.execPath}" "${main}" check wrong.js ${network.join(" ")} | true; exit \${PIPESTATUS[0]}`;
    expect(spawnSync("bash", ["-c", command], { cwd: folder }).status).toBe(1);
  });
});

test("checks that the configuration lists", () => {
  const options = { network: "3-2", activation: "tanh", loss: "half-squared" };
  const checks = [
    { file: "wrong.js", ...options },
    { file: "net.check.ts" },
    { file: "right.js", network: "9999-9999" },
  ];
  mkdirSync(path("listed"));
  writeFileSync(
    path("listed/deltarule.config.json"),
    JSON.stringify({ checks: checks.map((c) => ({ ...c, file: `../${c.file}` })) }),
  );
  const { status, stdout } = check([], {}, path("listed"));
  expect(stdout).toMatch(/\n3 checks: 1 failed, 1 different, 1 equal\n$/);
  expect(stdout).toMatch(/at most 200000/);
  expect(status).toBe(2);
});

test("--init writes an adapter beside the file, and says what to do with it", () => {
  copyFileSync(path("net.js"), path("fresh.js"));
  const { status, stderr } = check(["--init", "fresh.js"]);
  expect(stderr).toMatch(/adapter for fresh\.js → fresh\.check\.ts\n.*then run: deltarule check fresh\.check\.ts\n$/);
  expect(status).toBe(0);
  expect(existsSync(path("fresh.check.ts"))).toBe(true);
  expect(check(["--init", "fresh.js"]).status).toBe(2);
});

test("--changed-since checks what has changed, or imports what has", () => {
  const project = path("project");
  mkdirSync(project);
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], { cwd: project });
  for (const name of ["right.js", "slope.js", "wrong.js"]) copyFileSync(path(name), join(project, name));
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", "All");
  const since = ["right.js", "wrong.js", ...network, "--changed-since", "main"];
  const none = check(since, {}, project);
  expect(none).toMatchObject({ status: 0, stdout: "" });
  expect(none.stderr).toMatch(
    /right\.js is unchanged since main\n.*wrong\.js is unchanged since main\n.*nothing to check/,
  );
  expect(check([...since, "--reporter", "json"], {}, project).stdout).toBe("[]\n");
  writeFileSync(join(project, "slope.js"), `${slope}// changed\n`);
  const one = check(since, {}, project);
  expect(one.stdout).toMatch(/^EQUAL {2}right\.js(?![\s\S]*wrong\.js)/);
  expect(one.stderr).toMatch(/wrong\.js is unchanged since main/);
  expect(one.status).toBe(0);
  expect(check([...since.slice(0, -1), "nowhere"], {}, project)).toMatchObject({ status: 2, stdout: "" });
});

test("--watch checks again when what a file imports changes, and ends with exit 0 at Ctrl-C", async () => {
  copyFileSync(path("slope.js"), path("slope2.js"));
  writeFileSync(path("watched.js"), `import { slope } from "./slope2.js";${right}`);
  const child = spawn(process.execPath, [main, "check", "watched.js", ...network, "--watch"], {
    cwd: folder,
    env: environment({}),
  });
  const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve(signal ?? code)));
  let stdout = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  const says = (expected: RegExp): Promise<void> => vi.waitFor(() => expect(stdout).toMatch(expected), 30_000);
  await says(/^EQUAL/);
  writeFileSync(path("slope2.js"), "export const slope = (a) => 1 - a;\n");
  await says(/^EQUAL[\s\S]*\nDIFFERENT/);
  writeFileSync(path("slope2.js"), "export const slope = (a) => {\n");
  await says(/^EQUAL[\s\S]*\nDIFFERENT[\s\S]*\nFAILED/);
  writeFileSync(path("slope2.js"), slope);
  await says(/^EQUAL[\s\S]*\nDIFFERENT[\s\S]*\nFAILED[\s\S]*\nEQUAL/);
  child.kill("SIGINT");
  expect(await ended).toBe(0);
});
