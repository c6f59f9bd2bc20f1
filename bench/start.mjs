// Bundles the benchmark and the command line it measures, both from their sources, and runs the benchmark.
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = new URL("../", import.meta.url);
const cache = new URL("node_modules/.cache/deltarule-bench/", root);
mkdirSync(cache, { recursive: true });
// The command line reads its version from the package it lies in.
copyFileSync(new URL("package.json", root), new URL("package.json", cache));
await build({
  entryPoints: {
    "bench/main": fileURLToPath(new URL("bench/main.ts", root)),
    "bench/child": fileURLToPath(new URL("bench/child.ts", root)),
    "cli/main": fileURLToPath(new URL("src/cli/main.ts", root)),
  },
  outdir: fileURLToPath(new URL("program/", cache)),
  outExtension: { ".js": ".mjs" },
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20",
  logLevel: "error",
});

const main = fileURLToPath(new URL("program/bench/main.mjs", cache));
const child = spawn(process.execPath, [main, fileURLToPath(root), ...process.argv.slice(2)], { stdio: "inherit" });
child.on("exit", (code) => (process.exitCode = code ?? 1));
