import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { problem } from "../problem.ts";
import { announce, exit } from "./terminal.ts";

/**
 * Writes an adapter beside a file, filled in as far as the file tells, and says what is to be done with it.
 *
 * @returns the exit code
 * @throws Problem where there is nothing to adapt, or an adapter is there already
 */
export async function initCommand(file: string): Promise<number> {
  const { adapterPath, skeletonFor } = await import("../implementation/index.ts");
  const path = adapterPath(file);
  const isThere = problem("adapter-exists", `${path} is there already`, "fill that one in, or move it away first");
  if (existsSync(path)) throw isThere;
  const text = await skeletonFor(file);
  await writeFile(path, text, { flag: "wx" }).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw isThere;
    throw problem(
      "output-unwritable",
      `${path} cannot be written: ${message}`,
      "choose a folder that you may write to",
    );
  });
  announce(`adapter for ${file} → ${path}`);
  const open = text.split("\n").filter((line) => line.includes("// Decide:")).length;
  const fill = open === 0 ? "look it through" : `fill in what it marks with "Decide" (${open})`;
  process.stderr.write(`  ${fill}, then run: deltarule check ${path}\n`);
  return exit.good;
}
