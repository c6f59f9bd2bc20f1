import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { afterAll, describe, expect, test } from "vitest";
import { openImplementation } from "../../src/implementation/index.ts";
import { callTwice, entriesOf, patient, request } from "./opened.ts";

const folder = mkdtempSync(join(tmpdir(), "session-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, string>>;
let count = 0;

/** Writes files to a folder of their own and gives the path of the first. */
function write(files: Files): string {
  const place = join(folder, String(count++));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    writeFileSync(join(place, name), text);
  }
  return join(place, Object.keys(files)[0] ?? "");
}

/** A gradient with 0.5 everywhere, or what the expression says. */
const body = (value = "0.5"): string =>
  `({ W2, b2, W3, b3 }, x, y) => ({ dW2: W2.map((r) => r.map(() => ${value})), db2: b2.map(() => ${value}), dW3: W3.map((r) => r.map(() => ${value})), db3: b3.map(() => ${value}) })`;
const esm = (value?: string): string => `export const backward = ${body(value)};\n`;
const cjs = (value?: string): string => `exports.backward = ${body(value)};\n`;

describe("a file is refused that", () => {
  const rows: readonly (readonly [string, Files, string, RegExp])[] = [
    ["is empty", { "a.ts": "" }, "file-empty", /a\.ts is empty$/],
    ["is in another language", { "a.py": "print()" }, "file-kind", /neither TypeScript nor JavaScript/],
    [
      "has ten megabytes",
      { "a.js": `${esm()}//${"x".repeat(1e7)}` },
      "file-size",
      /has 10\.0 MB; at most 2 MB are read/,
    ],
    ["has a syntax error", { "a.ts": "export const x = 1;\nconst = 2;\n" }, "syntax", /a\.ts:2:7: Expected identifier/],
    ["imports what has one", { "a.ts": 'import "./b.js";', "b.js": "\n  )" }, "syntax", /b\.js:2:3: Unexpected "\)"/],
    [
      "imports no such module",
      { "a.ts": 'import "nowhere";' },
      "import-missing",
      /a\.ts:1:8: Could not resolve "nowhere"/,
    ],
    [
      "requires no such module",
      { "a.cjs": 'const b = require("./b");' },
      "import-missing",
      /a\.cjs:1:19: Could not resolve/,
    ],
    [
      "imports no such name",
      { "a.ts": 'import { b } from "./b.ts"; b();', "b.ts": "export {};" },
      "import-missing",
      /a\.ts:1:10: No matching export/,
    ],
    [
      "imports a name of a file that exports nothing",
      { "a.ts": 'import { Net } from "./b.ts"; new Net();', "b.ts": "class Net {}" },
      "import-missing",
      /a\.ts:1:10: .*b\.ts exports no Net, nor anything else$/,
    ],
    [
      "imports of deltarule what an adapter has no use for",
      { "a.ts": 'import { derive } from "deltarule"; derive();' },
      "import-missing",
      /a\.ts:1:10: No matching export/,
    ],
    [
      "imports WebAssembly",
      { "a.ts": 'import "./b.wasm";', "b.wasm": "" },
      "import-kind",
      /a\.ts:1:8: No loader is configured for "\.wasm"/,
    ],
    [
      "throws when it is imported",
      { "a.ts": "\nthrow new TypeError('no luck');" },
      "import-failed",
      /importing the file throws TypeError: no luck \(.*a\.ts:2:7\)$/,
    ],
    [
      "rejects when it is imported",
      { "a.ts": "await Promise.reject(new Error('no luck'));" },
      "import-failed",
      /no luck/,
    ],
    [
      "leaves a rejection behind",
      { "a.ts": `void Promise.reject(new Error('no luck')); ${esm()}` },
      "background",
      /fails: Error: no luck/,
    ],
    ["ends its process", { "a.ts": `process.exit(0); ${esm()}` }, "ended", /exit code 0/],
    ["waits for nothing", { "a.ts": `await new Promise(() => {}); ${esm()}` }, "unsettled", /nothing will settle/],
    [
      "requires what is found at run time only",
      { "a.cjs": 'const name = "./b.js"; require(name);' },
      "import-failed",
      /Cannot find module '\.\/b\.js'/,
    ],
    [
      "reads a file",
      { "a.ts": 'import { readFileSync } from "fs"; readFileSync(new URL("weights", import.meta.url));' },
      "import-failed",
      /reading a file is not allowed in a check: .*\d\/weights/,
    ],
  ];
  test.each(rows)("%s", async (_, files, code, message) => {
    expect(await callTwice(write(files), "backward")).toMatchObject({
      kind: "problem",
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  test.each([
    ["is missing", "missing.ts", "file-missing", /^there is no file .*missing\.ts$/],
    ["is a folder", ".", "file-kind", /is a folder$/],
    ["is a device", "/dev/null", "file-kind", /is not a file$/],
    ["is a link to nowhere", "link.ts", "file-missing", /link\.ts links to a file that is missing$/],
  ])("%s", async (_, name, code, message) => {
    if (name === "link.ts") symlinkSync("nowhere.ts", join(folder, name));
    const path = name.startsWith("/") ? name : join(folder, name);
    expect(await callTwice(path, "backward")).toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  test("exports a class only, and is told the command that writes its adapter", async () => {
    const file = write({ "a.ts": "export class Net {}" });
    const session = await openImplementation(file, { exportName: null, limits: patient, isRecorded: false });
    expect(session).toMatchObject({
      code: "export-missing",
      advice: `for the class Net run deltarule check --init ${file}, which writes an adapter to fill in`,
    });
  });

  test("trains without end when it is imported", async () => {
    const file = write({ "a.ts": `let w = 0; for (;;) w += 1; ${esm()}` });
    expect(await callTwice(file, "backward", { ...patient, seconds: 2 })).toMatchObject({
      code: "timeout",
      message: "it did not finish within 2 s",
    });
  });
});

describe("a file is read", () => {
  const rows: readonly (readonly [string, Files])[] = [
    ["with spaces and signs in its name", { "my net #1 %41 50%?.ts": esm() }],
    ["with letters and a star in its name", { "réseau 网络 *.ts": esm() }],
    ["with a byte order mark and carriage returns", { "a.ts": `\uFEFF// a\r\n${esm().replaceAll("\n", "\r\n")}` }],
    ["of nearly two megabytes", { "a.js": `${esm()}export const data = [${"0.25,".repeat(380_000)}];` }],
    ["with top-level await", { "a.mts": `const half = await Promise.resolve(0.5); ${esm("half")}` }],
    ["with type errors", { "a.ts": `const half: string = 0.5; ${esm("half")}` }],
    ["with an enumeration", { "a.ts": `enum Rate { half = 0.5 } ${esm("Rate.half")}` }],
    ["of JSX", { "a.jsx": `export const page = () => <p>1</p>; ${esm()}` }],
    ["in CommonJS", { "a.cjs": cjs() }],
    ["in CommonJS that is TypeScript", { "a.cts": `const half: number = 0.5; ${cjs("half")}` }],
    ["in CommonJS that replaces its exports", { "a.js": `module.exports = { backward: ${body()} };` }],
    ["in CommonJS that declares no variables", { "a.js": `half = 0.5; ${cjs("half")}` }],
    [
      "in CommonJS that asks where it is",
      { "a.cjs": cjs('(__dirname + __filename).includes("session-test") ? 0.5 : 0') },
    ],
    [
      "that makes its own require",
      {
        "a.mjs": `import { createRequire } from "node:module"; const require = createRequire(import.meta.url); const __dirname = require("path").sep; ${esm("__dirname.length / 2")}`,
      },
    ],
    [
      "that can do without a module",
      { "a.cjs": `let v = 0.25; try { v = require("nowhere"); } catch { v = 0.5; } ${cjs("v")}` },
    ],
    [
      "that can do without a native addon",
      { "a.cjs": `let v = 0.25; try { v = require("./b.node"); } catch { v = 0.5; } ${cjs("v")}`, "b.node": "" },
    ],
    [
      "with its libraries",
      {
        "a.ts": `import half from "half"; import { one } from "one/deep"; ${esm("half * one")}`,
        "node_modules/half/package.json": '{ "main": "m.js" }',
        "node_modules/half/m.js": "module.exports = 0.5",
        "node_modules/one/package.json": '{ "type": "module", "exports": { "./deep": "./d.js" } }',
        "node_modules/one/d.js": "export const one = 1",
      },
    ],
    [
      "with the paths of its tsconfig",
      {
        "a.ts": `import { half } from "@/half"; ${esm("half")}`,
        "tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./deep/*"] } } }',
        "deep/half.ts": "export const half = 0.5",
      },
    ],
    [
      "with data",
      {
        "a.ts": `import { half } from "./b.json"; import text from "./b.txt"; ${esm("half * Number(text)")}`,
        "b.json": '{ "half": 0.5 }',
        "b.txt": "1",
      },
    ],
    [
      "that trains when it is imported",
      {
        "a.ts": `let w = 1; for (let i = 0; i < 1e7; i++) w -= 1e-3 * (w - 0.5); console.log("trained", w); ${esm("Math.round(w * 10) / 10")}`,
      },
    ],
    [
      "that freezes what all share",
      {
        "a.ts": `[Array, Object, Map, Promise, Float64Array, Error, Function].forEach((c) => Object.freeze(c.prototype)); Object.freeze(Math); ${esm()}`,
      },
    ],
    [
      "that adds to what all share",
      {
        "a.ts": `Array.prototype.last = function () { return this.at(-1); }; Object.prototype.half = 0.5; String.prototype.shout = Number.prototype.plus = () => 1; ${esm("({}).half")}`,
      },
    ],
    [
      "that replaces functions of Math",
      { "a.ts": `Math.exp = Math.random = Math.max = Math.sqrt = () => 0.5; ${esm("Math.exp(1)")}` },
    ],
    [
      "that replaces timers",
      { "a.ts": `globalThis.setImmediate = globalThis.setTimeout = globalThis.queueMicrotask = () => 0; ${esm()}` },
    ],
  ];
  test.each(rows)("%s", async (_, files) => {
    expect(entriesOf(await callTwice(write(files), "backward"))).toEqual([0.5, 0.5]);
  });

  test("through a link", async () => {
    const link = join(folder, "through.ts");
    symlinkSync(
      write({ "a.ts": `import { half } from "./b.ts"; ${esm("half")}`, "b.ts": "export const half = 0.5;" }),
      link,
    );
    expect(entriesOf(await callTwice(link, "backward"))).toEqual([0.5, 0.5]);
  });

  test("by a relative path", async () => {
    const file = write({ "a.ts": esm() });
    expect(
      entriesOf(await callTwice(join("..", file.slice(1)).replace(/^\.\./, "../".repeat(20).slice(0, -1)), "backward")),
    ).toEqual([0.5, 0.5]);
  });

  test.each(["deltarule", "deltarule/check"])("that imports %s where it is not installed", async (name) => {
    const file = write({
      "a.check.ts": `import { defineCheck } from "${name}"; import { backward } from "./a.ts";
export default defineCheck({ create: () => ({}), setParameters: (net, p) => { net.p = p; }, gradients: (net, x, y) => backward(net.p, x, y) });`,
      "a.ts": esm(),
    });
    const session = await openImplementation(file, { exportName: null, limits: patient, isRecorded: false });
    if (session.kind === "problem") throw new Error(session.message);
    expect(session.description).toMatchObject({ kind: "adapter" });
    expect(entriesOf(await session.run(request))).toEqual([0.5, 0.5]);
    await session.close();
  });
});

describe("a session", () => {
  const open = async (source: string) => {
    const session = await openImplementation(write({ "a.ts": source }), {
      exportName: "backward",
      limits: patient,
      isRecorded: false,
    });
    if (session.kind === "problem") throw new Error(session.message);
    return session;
  };

  test("makes one list of calls after another, each on the code as it is loaded", async () => {
    const session = await open(`let n = 0; ${esm("n").replace("=> ({ d", "=> (n += 0.5, { d")}`);
    const replies = await Promise.all([session.run(request), session.run(request)]);
    expect(replies.map(entriesOf)).toEqual([
      [0.5, 1],
      [0.5, 1],
    ]);
    await session.close();
  });

  test.each([
    ["a.ts", esm("n")],
    ["a.cts", cjs("n")],
  ])("loads %s anew for each instance", async (name, source) => {
    const file = write({ [name]: `let n = 0; ${source.replace("=> ({ d", "=> (n += 0.5, { d")}` });
    const session = await openImplementation(file, { exportName: "backward", limits: patient, isRecorded: false });
    if (session.kind === "problem") throw new Error(session.message);
    const calls = [0, 0, 1, 2].map((instance) => ({ ...(request.calls[0] as (typeof request.calls)[0]), instance }));
    expect(entriesOf(await session.run({ ...request, calls }))).toEqual([0.5, 1, 0.5, 0.5]);
    await session.close();
  });

  test("goes on after a call that throws", async () => {
    const session = await open(
      `globalThis.n ??= 0; const once = () => { if (globalThis.n++ === 0) throw new Error("no luck"); return 0.5; }; ${esm("once()")}`,
    );
    // A function that throws may be tried in several ways.
    expect(await session.run(request)).toBeDefined();
    expect(entriesOf(await session.run(request))).toEqual([0.5, 0.5]);
    await session.close();
  });

  test("answers alike once its process has ended", async () => {
    const session = await open(esm("process.exit(3)"));
    const reply = await session.run(request);
    expect(reply).toMatchObject({ code: "ended", message: expect.stringContaining("exit code 3") as string });
    expect(await session.run(request)).toEqual(reply);
    await session.close();
  });

  test("is answered in time though this process was busy meanwhile", async () => {
    const file = write({ "a.ts": esm() });
    const session = await openImplementation(file, {
      exportName: "backward",
      limits: { ...patient, seconds: 1 },
      isRecorded: false,
    });
    if (session.kind === "problem") throw new Error(session.message);
    const reply = session.run(request);
    await new Promise(setImmediate);
    for (const end = performance.now() + 1500; performance.now() < end;);
    expect(entriesOf(await reply)).toEqual([0.5, 0.5]);
    await session.close();
  });

  test("is one of many at a time", async () => {
    const file = write({ "a.ts": esm() });
    const warnings: Error[] = [];
    const listen = (warning: Error): unknown => warnings.push(warning);
    process.on("warning", listen);
    const replies = await Promise.all(Array.from({ length: 12 }, () => callTwice(file, "backward")));
    process.off("warning", listen);
    expect(replies.map(entriesOf)).toEqual(replies.map(() => [0.5, 0.5]));
    expect(warnings).toEqual([]);
  });

  test("records where every operation is made, in the sources as they are written", async () => {
    const half = "export const half = (x) =>\n  x / 2;";
    const file = write({ "a.cjs": `const { half } = require("./half.js");\n${cjs("half(x[0])")}`, "half.js": half });
    const session = await openImplementation(file, { exportName: "backward", limits: patient, isRecorded: true });
    if (session.kind === "problem") throw new Error(session.message);
    const plain = await callTwice(file, "backward");
    if (plain.kind === "problem") throw new Error(plain.message);
    const reply = await session.run({ ...request, manner: plain.manner });
    expect(entriesOf(reply)).toEqual([0.05, 0.05]);
    expect(session.sites).toContainEqual({
      file: expect.stringMatching(/half\.js$/) as string,
      line: 2,
      column: 3,
      endLine: 2,
      endColumn: 8,
    });
    expect(reply).toMatchObject({ recording: {}, escape: null });
    await session.close();
  });

  test("that records keeps to the limits too", async () => {
    const open = (source: string, limits = patient): Promise<{ kind: string }> =>
      openImplementation(write({ "a.ts": source }), { exportName: "backward", limits, isRecorded: true });
    expect(await open("const = 2")).toMatchObject({
      code: "syntax",
      message: expect.stringMatching(/a\.ts:1:7: /) as string,
    });
    expect(await open("for (let n = 0; ; ) n++;", { ...patient, seconds: 1 })).toMatchObject({ code: "timeout" });
  });

  test("may be closed twice, and makes no calls then", async () => {
    const session = await open(esm());
    await session.close();
    await session.close();
    expect(await session.run(request)).toMatchObject({ code: "closed" });
  });

  test.each(["SIGTERM", "SIGINT", "exit"] as const)("leaves nothing behind at %s", async (end) => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { openImplementation } from "./session.ts";
          openImplementation(process.argv[2], { exportName: "backward", limits: { seconds: 20, megabytes: 256 }, isRecorded: false })
            .then((session) => { console.log(session.kind); if (process.argv[3] === "exit") process.exit(); setInterval(() => {}, 1000); });`,
        resolveDir: source,
      },
      bundle: true,
      platform: "node",
      format: "cjs",
      external: ["esbuild", "ts-morph"],
      define: { "import.meta.url": JSON.stringify(new URL("bundle.ts", `file://${source}/`).href) },
      write: false,
    });
    const place = write({ "driver.cjs": outputFiles[0]?.text ?? "", "a.ts": esm(), "tmp/none": "" });
    const temporary = join(dirname(place), "tmp");
    const modules = new URL("../../node_modules", import.meta.url).pathname;
    const driver = spawn(process.execPath, [place, join(dirname(place), "a.ts"), end], {
      env: { ...process.env, NODE_PATH: modules, TMPDIR: temporary },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [said] = (await once(driver.stdout, "data")) as [Buffer];
    expect(String(said)).toBe("session\n");
    const closed = once(driver, "close");
    if (end !== "exit") driver.kill(end);
    await closed;
    expect(execFileSync("ls", [temporary]).toString()).toBe("none\n");
    expect(execFileSync("ps", ["ax", "-o", "args"]).toString()).not.toContain(temporary);
  });
});

const source = new URL("../../src/implementation", import.meta.url).pathname;
