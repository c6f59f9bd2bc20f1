// The main job on 2-3-1, as a user would run it: derivation and module written to out/, the module checked.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";

const root = new URL("../", import.meta.url);
mkdirSync(new URL("out/", root), { recursive: true });
const commands = [
  ["derive", "2-3-1", "-o", "out/2-3-1.tex"],
  ["derive", "2-3-1", "--lang", "zh", "-o", "out/2-3-1.zh.md"],
  ["emit", "2-3-1", "-o", "out/2-3-1.ts"],
  ["check", "out/2-3-1.ts", "--network", "2-3-1"],
];
for (const args of commands) {
  console.log(`\n$ deltarule ${args.join(" ")}`);
  const { status } = spawnSync(process.execPath, ["dist/cli/main.js", ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
