import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "prettier";
import { ts } from "ts-morph";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkGradient } from "../../src/check/index.ts";
import { emitModule } from "../../src/emit/index.ts";
import { rewriteSource } from "../../src/implementation/rewrite-source.ts";
import { parseNetwork, type Network } from "../../src/network/index.ts";
import type { Strategy } from "../../src/program/index.ts";

const sizes = "2-3-2";
let folder = "";
let source = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "deltarule-own-exp-"));
  source = await sourceOf(parseNetwork(sizes));
});
afterAll(() => rm(folder, { recursive: true }));

async function sourceOf(network: Network, strategy?: Strategy): Promise<string> {
  return (await emitModule(network, { strategy, exp: "fast" })).source;
}

async function verdictOn(text: string, name: string, network = parseNetwork(sizes)): ReturnType<typeof checkGradient> {
  const file = join(folder, name);
  await writeFile(file, text);
  return checkGradient(file, network, { exportName: "backward", limits: { seconds: 20 } });
}

const isRecognised = (text: string): boolean => rewriteSource(text, "ts", "a.ts", []).includes(".exponential(");

describe("a module with an exp of its own", () => {
  it("is equal by the exact method", async () => {
    expect(await verdictOn(source, "right.ts")).toMatchObject({ verdict: "equal", method: "exact" });
  });

  it.each([
    ["softmax", "4-5-3", { activation: "tanh,softmax", loss: "cross-entropy" }, "unrolled", "exact"],
    ["softplus", "3-5-4", { activation: "softplus" }, "tiled", "numeric"],
    ["swish", "3-4-2", { activation: "swish" }, "unrolled", "exact"],
    ["sigmoid in loops", "6-9-4", {}, "tiled", "exact"],
  ] as const)("is equal as it is with Math.exp, for %s", async (name, layers, options, strategy, method) => {
    const network = parseNetwork(layers, options);
    const verdict = await verdictOn(await sourceOf(network, strategy), `${name}.ts`, network);
    expect(verdict).toMatchObject({ verdict: "equal", method, problem: null });
  });

  it("is equal in JavaScript and in another layout", async () => {
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true };
    const { outputText } = ts.transpileModule(source, { compilerOptions });
    const text = await format(outputText, { parser: "babel", semi: false, printWidth: 60, trailingComma: "none" });
    expect(await verdictOn(text, "right.mjs")).toMatchObject({ verdict: "equal", method: "exact" });
  });

  it("is different where the gradient is wrong", async () => {
    const wrong = source.replace("* (1 - a3_1)", "* (1 + a3_1)");
    expect(wrong).not.toBe(source);
    expect(await verdictOn(wrong, "wrong.ts")).toMatchObject({ verdict: "different" });
  });

  it("is never equal where a coefficient is changed in the last digit", async () => {
    const text = source.replace("0.1666666666676974", "0.1666666666676975");
    expect(text).not.toBe(source);
    expect((await verdictOn(text, "digit.ts")).verdict).toBe("undecided");
  });

  it("is never equal where a table is written to from outside", async () => {
    const text = `${source}\nfor (let n = 0; n < 4096; n++) nearPowers[n] = 1.001 * nearPowers[n]!;\n`;
    expect((await verdictOn(text, "table.ts")).verdict).toBe("different");
  });
});

describe("an exp is recognised", () => {
  it("by every token", () => {
    expect(isRecognised(source)).toBe(true);
    const start = source.indexOf("function exp(");
    const block = source.slice(start);
    const scanner = ts.createScanner(ts.ScriptTarget.ESNext, true, ts.LanguageVariant.Standard, block);
    const missed: string[] = [];
    for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
      const [from, to] = [scanner.getTokenStart(), scanner.getTokenEnd()];
      const isInType = /\w: $/.test(block.slice(0, from)) || block.slice(from - 2, to) === "| null";
      if (isInType) continue;
      const other = changed(token, block.slice(from, to));
      if (other === null) continue;
      const text = `${source.slice(0, start)}${block.slice(0, from)}${other}${block.slice(to)}`;
      if (isRecognised(text)) missed.push(`${block.slice(from, to)} at ${from}`);
    }
    expect(missed).toEqual([]);
  });

  it.each([
    ["it is assigned", "exp = Math.cbrt;"],
    ["it is handed on", "export const e = [1, 2].map(exp);"],
    ["it is exported", "export { exp };"],
    ["a name like it is declared", "const f = (exp: (x: number) => number): number => exp(1);"],
    ["its tables are named", "export const table = farPowers;"],
    ["they are named in an object", "export const tables = { nearRests };"],
    ["eval is there", "eval('nearPowers[3] = 7');"],
    ["a second exp is declared", "function exp(x: number): number { return x; }"],
  ])("not where %s", (_, statement) => {
    expect(isRecognised(`${source}\n${statement}\n`)).toBe(false);
    expect(isRecognised(`${statement}\n${source}`)).toBe(false);
  });

  it("beside Math.exp and a member of that name", () => {
    expect(isRecognised(`${source}\nexport const f = (x: number) => Math.exp(x) + exp(x);\n`)).toBe(true);
  });

  it("not where a statement stands between its own", () => {
    const text = source.replace("const roundedSum =", "export const between = 1;\nconst roundedSum =");
    expect(text).not.toBe(source);
    expect(isRecognised(text)).toBe(false);
  });
});

/** Another token in the place of one that matters when the code runs. */
function changed(token: ts.SyntaxKind, text: string): string | null {
  switch (token) {
    case ts.SyntaxKind.NumericLiteral:
      return text === "7" ? "8" : "7";
    case ts.SyntaxKind.PlusToken:
      return "-";
    case ts.SyntaxKind.MinusToken:
      return "+";
    case ts.SyntaxKind.AsteriskToken:
      return "/";
    case ts.SyntaxKind.LessThanToken:
      return "<=";
    case ts.SyntaxKind.GreaterThanToken:
      return ">=";
    case ts.SyntaxKind.AmpersandToken:
      return "|";
    case ts.SyntaxKind.GreaterThanGreaterThanToken:
      return "<<";
    case ts.SyntaxKind.NullKeyword:
      return "undefined";
    case ts.SyntaxKind.ConstKeyword:
      return "var";
    case ts.SyntaxKind.LetKeyword:
      return "var";
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return "!=";
    case ts.SyntaxKind.PlusEqualsToken:
      return "-=";
    case ts.SyntaxKind.GreaterThanEqualsToken:
      return ">";
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return "||";
    case ts.SyntaxKind.Identifier:
      return text === "number" ? null : "other";
    default:
      return null;
  }
}
