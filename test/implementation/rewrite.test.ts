import { describe, expect, it } from "vitest";
import type { Site } from "../../src/implementation/recording.ts";
import { rewriteSource } from "../../src/implementation/rewrite-source.ts";

const rewritten = (text: string, loader = "ts"): string =>
  rewriteSource(text, loader, "a.ts", []).replaceAll("__deltarule__", "$");

describe("rewriting leaves as it is", () => {
  it.each([
    ["types", "type A = -1 | (typeof x)[0]; let x: Array<A>[1 | 2]; interface B { a: 1 | 2; [k: string]: A }"],
    ["type arguments", "f<typeof x, -1>(x as keyof A);"],
    ["what an enumeration is worth", "enum E { A = 1 << 2, B = A + 1 } const enum F { C = -1 }"],
    ["decorators", "@d(1 + 2) class C { @e(a < b) m() {} }"],
    ["directives and texts", `"use strict"; f("a" + "b", 'c');`],
    ["negative literals", "f(-1, +2, -3n);"],
    ["imports and exports", `import a, { b } from "./a.js"; export * from "b"; const c = await import("./c.js");`],
    ["what a bundler decides on", `if (process.env.NODE_ENV === "production" && typeof define === "function") a();`],
    ["comparisons with nothing", "f(a === null, b == undefined, c !== void 0, d ?? e);"],
    ["names of members and literal keys", "a.b.c(x[0], y['z'], { d: 1, ['e']: 2 });"],
    ["what is before the first statement", "#!/usr/bin/env node\n/** @jsx h */\n// more\na();\n// end\n"],
    ["text that does not parse", "let a = 1 +;"],
  ])("%s", (_, text) => {
    expect(rewritten(text)).toBe(text);
  });
});

describe("rewriting makes calls of", () => {
  it.each([
    ["an operator", "a + b * c", "$.add(a, $.multiply(b, c, 0), 1)"],
    ["an assignment to a name", "a -= b", "a = $.subtract(a, b, 0)"],
    ["an assignment to a member of a name", "a.b /= c", "a.b = $.divide(a.b, c, 0)"],
    ["an assignment to a computed member", "f()[g] *= c", "$.multiplyBy($.reference(f(), g, 0), c, 1)"],
    [
      "an assignment to a private member",
      "class A { #b = 1; c() { this.#b += 2; } }",
      "this.#b = $.add(this.#b, 2, 0)",
    ],
    ["a step whose value nobody wants", "a++", "a = $.increment(a, 0)"],
    ["a step whose old value is wanted", "f(a--)", "f($.first(a, a = $.decrement(a, 0)))"],
    ["a condition", "if (a && b > 0) c();", "if ($.truthy(a, 0) && $.greater(b, 0, 1))"],
    ["a choice", "f(a || b, c && d)", "f($.is($.chosen(a, 0) ? $.last : b), $.is($.falsy(c, 1) ? $.last : d))"],
    ["a negation", "f(!a, !(a < b))", "f(!$.truthy(a, 0), !($.less(a, b, 1)))"],
    ["a question for a type", `f(typeof a === "number", typeof g())`, `typeof a === "object" ? $.type(a) : typeof a`],
    ["an index", "a[i]", "a[$.key(i, 0)]"],
    ["a bit operator", "a | 0", "$.bits(a, 0) | 0"],
    ["a function of Math", "Math.exp(a)", "Math.exp(a, ...$.at(0))"],
    ["a default in a pattern", "const { a = 1 + b } = c", "a = $.add(1, b, 0)"],
  ])("%s", (_, text, expected) => {
    expect(rewritten(text)).toContain(expected);
  });
});

describe("a place", () => {
  it("is where the expression stands in the file, from its first character to its last", () => {
    const sites: Site[] = [];
    rewriteSource("const a = 1;\nconst b =\n  f(a) *\n  a;", "ts", "src/b.ts", sites);
    expect(sites).toEqual([{ file: "src/b.ts", line: 3, column: 3, endLine: 4, endColumn: 4 }]);
  });
});

it("an expression too deep to walk leaves its source as it is", () => {
  const text = `f(${Array.from({ length: 60_000 }, () => "a").join(" + ")});`;
  expect(rewritten(text)).toBe(text);
});
