import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";

const source = new URL("../src/", import.meta.url).pathname;
/** A folder imports from those before it in this list. */
const order = [
  "network",
  "expression",
  "notation",
  "equations",
  "calculus",
  "exact",
  "derivation",
  "program",
  "document",
  "emit",
  "mistakes",
  "implementation",
  "check",
  "cli",
];
const runAnywhere = [
  "network",
  "expression",
  "notation",
  "equations",
  "calculus",
  "exact",
  "derivation",
  "document",
  "program",
  "mistakes",
];
/** Leaves that any folder may use. */
const shared = ["problem.ts", "templates.ts", "glyphs.ts", "typeface.ts"];

const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
  (f) => f.endsWith(".ts") && f.includes("/"),
);
const importsOf = (file: string): string[] =>
  [...readFileSync(join(source, file), "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(
    (m) => m[1] as string,
  );

describe("architecture", () => {
  test.each(files)("%s imports up the list, through the door of a folder", (file) => {
    const folder = file.split("/")[0] as string;
    for (const name of importsOf(file).filter((i) => i.startsWith("."))) {
      const target = relative(source, join(source, file, "..", name));
      const [other = ""] = target.split("/");
      if (shared.includes(target) || other === folder) continue;
      expect(order.indexOf(other), `${file} imports ${target}`).toBeLessThan(order.indexOf(folder));
      expect(target, `${file} imports ${target}`).toBe(`${other}/index.ts`);
    }
  });

  test.each(files.filter((f) => runAnywhere.includes(f.split("/")[0] as string)))(
    "%s needs nothing of Node",
    (file) => {
      expect(importsOf(file).filter((i) => i.startsWith("node:"))).toEqual([]);
      expect(readFileSync(join(source, file), "utf8")).not.toMatch(/\bprocess\.|\bBuffer\./);
    },
  );

  test("the lockfile names no registry", () => {
    expect(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8")).not.toContain('"resolved"');
  });
});
