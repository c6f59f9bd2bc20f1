import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const main = new URL("../../dist/cli/main.js", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "deltarule-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function deltarule(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  // What CI sets must not change what is printed.
  return spawnSync(process.execPath, [main, ...args], {
    env: { ...process.env, CI: "true" },
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
}

const model = `index j in 1..2, i in 1..n
parameter W[j,i]\ninput x[i], y[j]
z[j] = sum(W[j,i]*x[i], i)
J = sum((z[j]-y[j])^2, j)
with n=3
`;

describe("bad input ends with exit 2, a message and no stack", () => {
  mkdirSync(join(folder, "directory.tex"));
  writeFileSync(join(folder, "model.eq"), model);
  writeFileSync(
    join(folder, "jump.eq"),
    model.replace("J = sum((z[j]", "a[j] = z[j] > 1 ? z[j] : 2*z[j]\nJ = sum((a[j]"),
  );
  writeFileSync(join(folder, "bad.eq"), model.replace("x[i], i", "x[k], i"));
  test.each([
    [["derive", "2"], /names one layer/],
    [["derive", "0-3"], /no neurons/],
    [["derive", "2-3-"], /ends with a hyphen/],
    [["derive", "2--1"], /two hyphens/],
    [["derive", "-2-3-1"], /starts with a hyphen/],
    [["derive", "1e9-3"], /"1e9"/],
    [["derive", "2-3-1.5"], /"1.5"/],
    [["derive", "a-b"], /"a"/],
    [["derive", ""], /no layer sizes/],
    [["derive", "1000000-3"], /at most 100000/],
    [["emit", "99999-99999"], /at most 1000000/],
    [["derive", "2-3-1", "--colour"], /unknown option '--colour'/],
    [["derive", "2-3-1", "3-4-2"], /too many arguments|argument/],
    [["derive"], /neither a network nor a file of equations/],
    [["derive", "2-3-1", "--equations", "model.eq"], /describes a network/],
    [["emit", "--equations", "model.eq", "--loss", "mse"], /--loss describes a network/],
    [["derive", "--equations", "missing.eq"], /there is no file missing.eq/],
    [["derive", "--equations", "bad.eq"], /bad.eq:4:21: unknown index k/],
    [["derive", "--equations", "model.eq", "--example", "mazur"], /the subject is a file of equations/],
    [["derive", "2-3-1", "--constant", "alpha"], /"alpha" defines no constant/],
    [["derive", "2-3-1", "--constant", "z=1"], /z has a meaning of its own/],
    [["derive", "2-3-1", "--constant", "b=1", "--constant", "b=2"], /b is given twice/],
    [["derive", "2-3-1", "--l2", "-1"], /not a factor/],
    [["derive", "2-3-1", "--activation", "z > 0 ? 1 : 0"], /jumps at z = 0/],
    [["emit", "2-2", "--activation", "sign(z)"], /jumps at z = 0/],
    [["emit", "2-2", "--activation", "z > 0 ? z : z+1"], /jumps at z = 0/],
    [["emit", "2-2", "--loss", "sum(a > 0.5 ? a : y*a)"], /jumps at a = 0.5/],
    [["check", "x.ts", "--network", "2-2", "--activation", "sign(z)"], /jumps at z = 0/],
    [["emit", "--equations", "jump.eq"], /the equation of a\[j\] jumps/],
    [["derive", "--equations", "jump.eq"], /the equation of a\[j\] jumps/],
    [["emit", "2-3-2", "--activation", "log-softmax", "--loss", "cross-entropy"], /loss that fit each other/],
    [["derive", "2-3-2", "--activation", "log-softmax", "--loss", "cross-entropy"], /loss that fit each other/],
    [["fly"], /unknown command/],
    [["derive", "2-3-1", "--format", "doc"], /no format "doc"/],
    [["derive", "2-3-1", "--lang", "fr"], /no language "fr"/],
    [["derive", "2-3-1", "-o", "x.doc"], /does not tell a format/],
    [["derive", "2-3-1", "--target", "wiki", "--format", "md"], /no target "wiki"/],
    [["derive", "2-3-1", "--target", "github"], /the format is another/],
    [["derive", "2-3-1", "--without", "proof"], /no section "proof"/],
    [["derive", "2-3-1", "--only", ","], /--only names no section/],
    [["derive", "2-3-1", "--only", "check", "--without", "code"], /both given/],
    [["derive", "2-3-1", "--seed", "1.5"], /--seed 1.5 is not a whole number/],
    [["derive", "2-3-1", "--seed", "1", "--example", "mazur"], /both given/],
    [["derive", "2-3-1", "--example", "nielsen"], /no example "nielsen"/],
    [["derive", "2-3-1", "--example", "mazur"], /is the network 2-2-2/],
    [["derive", "2-2-2", "--example", "mazur", "--loss", "mse"], /loss half-squared/],
    [["derive", "2-3-1", "--width", "10"], /from 40 to 400/],
    [["derive", "2-3-1", "--width", "80", "--format", "md"], /--width is for text/],
    [["derive", "2-3-1", "--beamer", "-o", "slides.md"], /--beamer makes LaTeX/],
    [["derive", "2-3-1", "-o", "directory.tex"], /is a directory/],
    [["derive", "2-3-1", "-o", "missing/d.tex"], /folder does not exist/],
    [["derive", "2-3-1", "--activation", "sigmoyd"], /no activation called/],
    [["derive", "2-3-1", "--activation", "z.constructor"], /at column 2/],
    [["derive", "2-3-1", "--loss", "sum(a"], /cannot be read/],
    [["emit", "2-3-1", "--strategy", "fast"], /no strategy "fast"/],
    [["emit", "2-3-1", "--exp", "quick"], /no exp "quick"/],
    [["emit", "2-3-1", "--target", "c"], /no target "c"/],
    [["emit", "2-3-1", "--precision", "f32"], /--precision is for WebAssembly/],
    [["emit", "2-3-1", "--target", "wasm", "--precision", "f16"], /no precision "f16"/],
    [["emit", "2-3-1", "--target", "wasm", "--strategy", "tiled"], /--strategy is for TypeScript/],
    [["emit", "2-3-1", "--check"], /no file is named/],
    [["emit", "2-3-1", "-o", "."], /is a directory/],
    [["emit", "2-3-1", "-o", "m.md"], /does not end in .ts/],
    [["build"], /there is no deltarule.config.json/],
  ])("%j", (args, message) => {
    const before = readdirSync(folder);
    const { status, stdout, stderr } = deltarule(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ {4}at /);
    expect(stdout).toBe("");
    expect(readdirSync(folder)).toEqual(before);
  });

  test("an unwritable folder", () => {
    // To root no folder of a disk is locked; Linux's /sys is, to everyone.
    const isRoot = process.getuid?.() === 0;
    const locked = isRoot ? "/sys" : join(folder, "locked");
    if (!isRoot) mkdirSync(locked, { mode: 0o500 });
    const { status, stderr } = deltarule("derive", "2-3-1", "-o", join(locked, "d.tex"));
    expect([status, stderr]).toEqual([2, expect.stringMatching(/permission denied|read-only/)]);
  });

  test("a file that cannot be replaced", () => {
    const { status, stderr } = deltarule("derive", "2-3-1", "-o", "/dev/null/d.tex");
    expect(status).toBe(2);
    expect(stderr).toMatch(/its folder is a file/);
  });
});

describe("emit", () => {
  test("warns of a strategy that is much slower, and makes the module all the same", () => {
    const { status, stdout, stderr } = deltarule("emit", "16-24-8", "--strategy", "unrolled");
    expect(status).toBe(0);
    expect(stderr).toMatch(/16-24-8 takes [\d.]+ times as long unrolled/);
    expect(stdout).toContain("Strategy: unrolled.");
  });

  test.each([
    ["exact", "Math.exp("],
    ["fast", "= exp(-"],
  ])("--exp %s", (exp, call) => {
    const { status, stdout } = deltarule("emit", "2-3-1", "--exp", exp);
    expect([status, stdout.includes(call)]).toEqual([0, true]);
    expect(stdout).toContain(`Exp: ${exp}`);
  });

  test("names the options in the command that mends a file", () => {
    writeFileSync(join(folder, "stale.ts"), "");
    const { status, stdout } = deltarule(
      "emit",
      "2-3-1",
      "--target",
      "wasm",
      "--precision",
      "f32",
      "--check",
      "-o",
      "stale.ts",
    );
    rmSync(join(folder, "stale.ts"));
    expect(status).toBe(1);
    expect(stdout).toContain("mend it with: deltarule emit 2-3-1 --target wasm --precision f32 -o stale.ts");
  });
});

describe("derive", () => {
  test.each([
    ["d.tex", /^\\documentclass/],
    ["d.md", /^# Backpropagation/],
    ["d.json", /^\{\n {2}"deltarule"/],
    ["d.txt", /^Backpropagation/],
    ["d.html", /^<!doctype html>/i],
    ["d.ipynb", /^\{\n "cells"/],
  ])("writes %s in the format of its extension", (name, start) => {
    expect(deltarule("derive", "2-3-1", "-o", name).status).toBe(0);
    expect(readFileSync(join(folder, name), "utf8")).toMatch(start);
    expect(readdirSync(folder).filter((f) => f.startsWith(".deltarule"))).toEqual([]);
  });

  test("sends data to stdout and nothing to a stderr that is no terminal", () => {
    const { status, stdout, stderr } = deltarule("derive", "3-4-2", "--lang", "zh", "--format", "fragment");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("链式法则");
  });

  test("leaves out the sections named, and keeps those named", () => {
    const headings = (text: string): string[] => [...text.matchAll(/^## (.*)$/gm)].map((m) => m[1] as string);
    const of = (...args: string[]): string[] =>
      headings(deltarule("derive", "2-3-1", "--format", "md", ...args).stdout);
    const all = of();
    expect(all).toHaveLength(12);
    expect(of("--without", "picture,example")).toEqual(
      all.filter((name) => name !== "The network" && name !== "A worked example"),
    );
    expect(of("--only", "check,delta")).toEqual(["The error δ", "The check"]);
  });

  test("draws the example from a seed, and knows Mazur's", () => {
    const example = (...args: string[]): string => deltarule("derive", "2-2-2", "--only", "example", ...args).stdout;
    expect(example("--seed", "5")).toBe(example("--seed", "5"));
    expect(example("--seed", "5")).not.toBe(example("--seed", "6"));
    expect(example("--example", "mazur")).toContain("≈ 0.298371109");
  });

  test("--full writes out what is elided otherwise", () => {
    const forward = (...args: string[]): string =>
      deltarule("derive", "8-2", "--only", "forward", "--format", "fragment", ...args).stdout;
    expect(forward()).toContain("\\cdots");
    expect(forward("--full")).not.toContain("\\cdots");
    expect(forward("--full")).toContain("w_{18}^{2} x_{8}");
  });

  test("--width breaks text, --beamer makes slides, --target says where Markdown is read", () => {
    const narrow = deltarule("derive", "2-3-1", "--width", "60", "--only", "conventions").stdout;
    expect(Math.max(...narrow.split("\n").map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(deltarule("derive", "2-1", "--beamer").stdout).toContain("{beamer}");
    expect(deltarule("derive", "2-1", "--format", "md", "--target", "github").stdout).toContain("```math");
  });

  test("ends quietly when its reader stops reading", () => {
    const pipe = (command: string) =>
      spawnSync(
        "bash",
        ["-c", `"$0" "$1" ${command} | head -c 10 >/dev/null; echo \${PIPESTATUS[0]}`, process.execPath, main],
        { cwd: folder, encoding: "utf8" },
      );
    const { stdout, stderr } = pipe("derive 2-3-4-5-6-7-8-9 --format json");
    expect([stdout.trim(), stderr]).toEqual(["0", ""]);
  });

  test("writes through a link and keeps it", () => {
    writeFileSync(join(folder, "real.txt"), "");
    symlinkSync("real.txt", join(folder, "link.txt"));
    expect(deltarule("derive", "2-1", "-o", "link.txt").status).toBe(0);
    expect(lstatSync(join(folder, "link.txt")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, "real.txt"), "utf8")).toMatch(/^Backpropagation/);
  });

  test("takes a formula that starts with a minus sign", () => {
    expect(deltarule("derive", "2-1", "--loss=-2*sum(a*y)").status).toBe(0);
    expect(deltarule("derive", "2-1", "--loss", "-2*sum(a*y)").stderr).not.toMatch(/sizes/);
  });
});

describe("emit --check", () => {
  test("is 0 on a fresh file, 1 with the command that mends it on a stale or missing one", () => {
    expect(deltarule("emit", "2-3-1", "-o", "m.ts").status).toBe(0);
    expect(deltarule("emit", "2-3-1", "-o", "m.ts", "--check").status).toBe(0);
    const path = join(folder, "m.ts");
    const stale = readFileSync(path, "utf8").replace("0.5", "0.25");
    writeFileSync(path, stale);
    const { status, stdout } = deltarule("emit", "2-3-1", "-o", "m.ts", "--check");
    expect(status).toBe(1);
    expect(stdout).toMatch(/- .*0\.25/);
    expect(stdout).toContain("deltarule emit 2-3-1 -o m.ts");
    expect(readFileSync(path, "utf8")).toBe(stale);
    expect(deltarule("emit", "2-3-1", "-o", "absent.ts", "--check").status).toBe(1);
    expect(existsSync(join(folder, "absent.ts"))).toBe(false);
  });
});

describe("check", () => {
  test("exits 0, 1 and 2", () => {
    expect(deltarule("emit", "2-3-2", "-o", "g.ts").status).toBe(0);
    const { status, stdout } = deltarule("check", "g.ts", "--network", "2-3-2");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^EQUAL .*\n {2}compared at 5 random points/);
    writeFileSync(
      join(folder, "w.ts"),
      readFileSync(join(folder, "g.ts"), "utf8").replace("gradient[3] =", "gradient[3] = -"),
    );
    expect(deltarule("check", "w.ts", "--network", "2-3-2").stdout).toMatch(/✗ dW2: worst at dW2\[2, 2\]/);
    expect(deltarule("check", "w.ts", "--network", "2-3-2").status).toBe(1);
    expect(deltarule("check", "none.ts", "--network", "2-3-2").status).toBe(2);
    expect(
      (JSON.parse(deltarule("check", "w.ts", "--network", "2-3-2", "--reporter", "json").stdout) as { verdict: string })
        .verdict,
    ).toBe("different");
  });
});

describe("build", () => {
  const project = join(folder, "project");
  mkdirSync(project);
  const build = (...args: string[]) =>
    spawnSync(process.execPath, [main, "build", ...args], { cwd: project, encoding: "utf8" });
  const config = (value: unknown): void =>
    writeFileSync(join(project, "deltarule.config.json"), typeof value === "string" ? value : JSON.stringify(value));

  test("makes what is listed; --check finds changed, missing and extra files", () => {
    config({
      directory: "out",
      outputs: [
        { file: "a.md", network: "2-1" },
        { file: "deep/b.ts", network: "2-1" },
      ],
    });
    expect(build("--check").status).toBe(1);
    expect(build("--check").stdout).toMatch(/missing {2}out\/a.md/);
    expect(build().status).toBe(0);
    expect(build("--check").status).toBe(0);
    writeFileSync(join(project, "out/a.md"), "changed");
    writeFileSync(join(project, "out/extra.txt"), "mine");
    rmSync(join(project, "out/deep/b.ts"));
    const { status, stdout } = build("--check");
    expect(status).toBe(1);
    expect(stdout).toMatch(/changed {2}out\/a.md/);
    expect(stdout).toMatch(/missing {2}out\/deep\/b.ts/);
    expect(stdout).toMatch(/extra {4}out\/extra.txt/);
    expect(stdout).toMatch(/deltarule build/);
    expect(build().status).toBe(0);
    expect(readFileSync(join(project, "out/extra.txt"), "utf8")).toBe("mine");
    rmSync(join(project, "out/extra.txt"));
    expect(build("--check").status).toBe(0);
  });

  test.each([
    ["{", /is not JSON/],
    [[], /is not an object/],
    [{ outputs: [] }, /needs "directory"/],
    [{ directory: "out", outputs: [{ file: "a.md" }] }, /needs "file", and "network" or "equations"/],
    [{ directory: "out", outputs: [{ file: "a.md", network: "2-1", sizes: "2-1" }] }, /unknown key "sizes"/],
    [{ directory: "out", outputs: [{ file: "../a.md", network: "2-1" }] }, /lies outside/],
    [{ directory: "out", outputs: [{ file: "a.md", network: "2-1", full: "yes" }] }, /neither true nor false/],
    [{ directory: "out", outputs: [{ file: "a.md", network: "2-1", target: "wiki" }] }, /no target "wiki"/],
    [
      {
        directory: "out",
        outputs: [
          { file: "a.md", network: "2-1" },
          { file: "a.md", network: "2-2" },
        ],
      },
      /twice/,
    ],
    [{ directory: "out", outputs: [{ file: "a.md", network: "2-" }] }, /ends with a hyphen/],
  ])("a configuration like %j is refused", (value, message) => {
    config(value);
    const { status, stderr } = build();
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe("equations of one's own", () => {
  test("a network's list is printed, and stands for the network", () => {
    const listed = deltarule(
      "derive",
      "3-2",
      "--activation",
      "softmax",
      "--loss",
      "cross-entropy",
      "--print-equations",
    );
    expect(listed.status).toBe(0);
    writeFileSync(join(folder, "network.eq"), listed.stdout);
    expect(deltarule("derive", "--equations", "network.eq", "--print-equations").stdout).toBe(listed.stdout);
    expect(deltarule("emit", "--equations", "network.eq", "-o", "network.ts").status).toBe(0);
    expect(deltarule("check", "network.ts", "--equations", "network.eq").status).toBe(0);
    const check = ["check", "network.ts", "--network", "3-2", "--activation", "softmax", "--loss", "cross-entropy"];
    expect(deltarule(...check).status).toBe(0);
  });

  test("derive, emit and check take them; a warning goes to stderr", () => {
    writeFileSync(join(folder, "unused.eq"), model.replace("parameter ", "parameter u, "));
    const derived = deltarule("derive", "--equations", "unused.eq", "--lang", "zh", "--without", "code");
    expect(derived.status).toBe(0);
    expect(derived.stderr).toMatch(/warning: unused.eq:2:11: .*u/);
    expect(derived.stdout).toMatch(/unused.eq 的导数/);
    expect(deltarule("derive", "--equations", "model.eq", "-o", "model.json").status).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, "model.json"), "utf8"))).toMatchObject({ model: "model.eq" });
    expect(deltarule("emit", "--equations", "model.eq", "-o", "model.ts").status).toBe(0);
    expect(deltarule("emit", "--equations", "model.eq", "-o", "model.ts", "--check").status).toBe(0);
    writeFileSync(
      join(folder, "wrong.ts"),
      readFileSync(join(folder, "model.ts"), "utf8").replace(/ - y_1/g, " + y_1"),
    );
    expect(deltarule("check", "model.ts", "--equations", "model.eq").status).toBe(0);
    expect(deltarule("check", "wrong.ts", "--equations", "model.eq").status).toBe(1);
  });

  test("options of a network stand in the command that mends a file", () => {
    const options = ["--activation", "z > 0 ? z : c*z", "--constant", "c=0.2", "--l1", "0.01"];
    const { stdout } = deltarule("emit", "2-2", ...options, "-o", "absent.ts", "--check");
    expect(stdout).toContain('--activation "z > 0 ? z : c*z" --constant c=0.2 --l1 0.01 -o absent.ts');
  });
});

test("--help and --version go to stdout", () => {
  expect(deltarule("--version")).toMatchObject({ status: 0, stderr: "" });
  expect(deltarule("derive", "--help")).toMatchObject({ status: 0, stderr: "" });
  expect(deltarule("--help").stdout).toMatch(/derive .*\n[\s\S]*emit[\s\S]*check[\s\S]*build/);
});
