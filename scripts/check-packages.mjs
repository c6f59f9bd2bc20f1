// Checks the gradients of published packages through the adapters in test/samples/check/packages, and holds the
// verdicts against those listed there. The packages are installed in a folder of their own, without their scripts.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const adapters = fileURLToPath(new URL("../test/samples/check/packages/", import.meta.url));
const command = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const { install, checks } = JSON.parse(readFileSync(join(adapters, "expected.json"), "utf8"));

const folder = mkdtempSync(join(tmpdir(), "deltarule-packages-"));
try {
  cpSync(adapters, folder, { recursive: true });
  const options = { cwd: folder, stdio: ["ignore", "ignore", "inherit"] };
  execFileSync("npm", ["init", "-y"], options);
  execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...install], options);
  const wrong = checks.filter((check) => !holds(check));
  if (wrong.length > 0) process.exitCode = 1;
  console.log(`${checks.length - wrong.length} of ${checks.length} verdicts as listed`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function holds({ file, export: name, verdict, causes }) {
  const args = [
    "check",
    file,
    "--reporter",
    "json",
    "--timeout",
    "60",
    ...(name === undefined ? [] : ["--export", name]),
  ];
  const { stdout, stderr } = spawnSync(process.execPath, [command, ...args], { cwd: folder, encoding: "utf8" });
  const found = stdout === "" ? { verdict: stderr.trim(), cause: null } : JSON.parse(stdout);
  const named = found.cause === null ? [] : [found.cause, ...(found.cause.also ?? [])];
  const ids = named.map(({ id }) => id);
  const isAsListed = found.verdict === verdict && ids.join() === causes.join();
  const places = named.map(({ where }) => (where === undefined ? "" : ` ${where.file}:${where.line}`)).join();
  console.log(`${isAsListed ? "✓" : "✗"} ${file} ${name ?? ""}: ${found.verdict} ${ids.join(", ")}${places}`);
  return isAsListed;
}
