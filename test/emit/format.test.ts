import { format } from "prettier";
import { expect, test } from "vitest";
import { formatSource } from "../../src/emit/format.ts";
import { printModule } from "../../src/emit/print.ts";
import { parseNetwork } from "../../src/network/index.ts";
import { buildProgram } from "../../src/program/index.ts";

test("a long module formatted in pieces is what it is in one", async () => {
  const source = printModule(buildProgram(parseNetwork("40-40-40"), "unrolled"), undefined);
  expect(source.length).toBeGreaterThan(250_000);
  expect(await formatSource(source)).toBe(await format(source, { parser: "babel-ts", printWidth: 100 }));
});
