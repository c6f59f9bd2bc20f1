import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { checkGradient, report } from "../../src/check/index.ts";
import { parseNetwork } from "../../src/network/index.ts";

test("the README shows a report as it is printed", async () => {
  const file = fileURLToPath(new URL("../samples/check/readme/my.ts", import.meta.url));
  const verdict = await checkGradient(file, parseNetwork("2-4-3", { loss: "half-squared" }));
  const text = report(verdict, "text", "0")
    .replaceAll(file, "my.ts")
    .replaceAll(relative(process.cwd(), file), "my.ts");
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`\n${text.trimEnd()}\n\`\`\``);
});
