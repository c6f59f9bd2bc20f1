import { spawnSync } from "node:child_process";
import { test } from "vitest";

/** Is a program on the PATH? In CI it has to be: a check that cannot run there fails. */
export function hasProgram(name: string): boolean {
  const found = spawnSync(name, ["--version"], { stdio: "ignore" }).error === undefined;
  if (!found && process.env.CI !== undefined)
    throw new Error(`${name} is not installed, and CI must not skip what needs it`);
  return found;
}

/** `test`, or a skip that says what is missing in one line. */
export function testWith(name: string): typeof test | typeof test.skip {
  if (hasProgram(name)) return test;
  process.stderr.write(`skipped: the tests that need ${name}, which is not installed\n`);
  return test.skip;
}
