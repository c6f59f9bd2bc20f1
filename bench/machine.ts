import { cpus } from "node:os";
import { run } from "./prepare.ts";
import type { Machine } from "./result.ts";

/** What the times of a run depend on. */
export async function machineOf(): Promise<Machine> {
  const found = cpus();
  return {
    cpu: found[0]?.model ?? "unknown",
    cores: found.length,
    node: process.versions.node,
    v8: process.versions.v8,
    cc: await compilerVersion(),
  };
}

/** First line of `cc --version`, or null where there is none. */
export async function compilerVersion(): Promise<string | null> {
  const { code, output } = await run("cc", ["--version"], 10_000);
  return code === 0 ? (output.split("\n")[0] ?? null) : null;
}
