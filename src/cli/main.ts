#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { sections, targets } from "../document/index.ts";
import { parseNetwork } from "../network/index.ts";
import { buildCommand, deriveCommand, emitCommand } from "./commands.ts";
import { derivationFormats } from "./produce.ts";
import { complain, endWithReader, exit } from "./terminal.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const collect = (value: string, list: readonly string[] = []): readonly string[] => [...list, value];

/** Runs a command line and returns its exit code. */
async function run(args: readonly string[]): Promise<number> {
  let code: number = exit.good;
  const program = new Command("deltarule")
    .description("Derives backpropagation for your layer sizes, emits it as TypeScript, checks hand-written gradients.")
    .version(version)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .showHelpAfterError(false);
  const withSubject = (command: Command): Command =>
    command
      .option("--activation <name|formula>", "one for all layers, or one per non-input layer separated by commas")
      .option("--loss <name|formula>", "a name, or a formula in a and y under sum(…) or mean(…)")
      .option(
        "--constant <name=value>",
        "a named constant of these formulas, such as alpha=0.3; one option for each",
        collect,
      )
      .option("--l2 <factor>", "add ½·factor·Σw² over all weights to the loss")
      .option("--l1 <factor>", "add factor·Σ|w| over all weights to the loss")
      .option("--equations <file>", "instead of a network: a list of forward equations in index notation");
  const inherit = (command: Command): Command => command.exitOverride().configureOutput({ writeErr: () => undefined });

  inherit(withSubject(program.command("derive")))
    .description(
      "the derivation of the four equations, or of all adjoints of a list of equations, every step with its reason",
    )
    .argument("[sizes]", "neurons of each layer, such as 2-3-1")
    .option("--print-equations", "print the forward equations as --equations reads them, and nothing else")
    .option("--lang <language>", "en or zh")
    .option("-o, --output <file>", "write to a file; its extension tells the format")
    .option("--format <format>", derivationFormats.join(", "))
    .option("--beamer", "slides: LaTeX with a frame for every few lines (the same as --format beamer)")
    .option("--target <target>", `where Markdown is read: ${targets.join(", ")}`)
    .option("--without <sections>", `leave out: ${sections.join(", ")}`)
    .option("--only <sections>", "keep these sections only")
    .option("--full", "write out long sums and large matrices (up to 40 terms)")
    .option("--seed <n>", "draw the numbers of the worked example from another seed")
    .option("--example <name>", "a published example: mazur (2-2-2)")
    .option("--width <columns>", "of the terminal, for text")
    .action(async (sizes: string | undefined, flags: object) => {
      code = await deriveCommand(sizes, flags, version);
    });
  inherit(withSubject(program.command("emit")))
    .description("a standalone TypeScript module with forward pass and gradient")
    .argument("[sizes]", "neurons of each layer, such as 2-3-1")
    .option("-o, --output <file>", "write to a file")
    .option("--target <target>", "ts (the default), or wasm: WebAssembly with SIMD, embedded in TypeScript")
    .option(
      "--strategy <strategy>",
      "of TypeScript: auto, unrolled or tiled (straight-line code, or loops over tiles of rows)",
    )
    .option(
      "--exp <exp>",
      "of TypeScript: fast (a function of the module's own) or exact (Math.exp); default: fast where results stay near",
    )
    .option("--precision <precision>", "of WebAssembly: f64 (the default), or f32")
    .option("--check", "compare the file with what would be emitted and write nothing")
    .action(async (sizes: string | undefined, flags: object) => {
      code = await emitCommand(sizes, flags, version);
    });
  inherit(withSubject(program.command("check")))
    .description("compare hand-written gradients with the derived one, and name the mistake")
    .argument("[files...]", "TypeScript or JavaScript modules, or adapters; else those of deltarule.config.json")
    .option("--network <sizes>", "neurons of each layer, such as 2-3-1; an adapter says it itself")
    .option("--export <name>", "the function to check (default: backward)")
    .option("--method <method>", "exact (the default), or numeric: in numbers only, for code that cannot be followed")
    .option(
      "--reporter <name[=file]>",
      "text, json, junit, sarif or github, to stdout or to a file; may be repeated",
      collect,
    )
    .option("--summary <file>", "write a Markdown table (in a GitHub job, the summary has it anyway)")
    .option("--changed-since <ref>", "only files that have changed, or import what has, since this commit of git")
    .option("--watch", "check again whenever a file changes, until Ctrl-C")
    .option("--init <file>", "write an adapter for this file to fill in, and check nothing")
    .option("--timeout <seconds>", "time limit (default: 10)")
    .option("--memory <megabytes>", "memory limit (default: 512)")
    .option("--config <file>", "another configuration file")
    .action(async (files: readonly string[], flags: object) => {
      // What checks is loaded by no other command.
      const { checkCommand } = await import("./check.ts");
      code = await checkCommand(files, flags, version);
    });
  inherit(program.command("build"))
    .description("make all files that deltarule.config.json lists")
    .option("--check", "compare them with what is there and write nothing")
    .option("--config <file>", "another configuration file")
    .action(async (flags: object) => {
      code = await buildCommand(flags, version);
    });

  // 2-3-1 with a hyphen in front is a mistake in the sizes, not an option.
  const [command = "", first = ""] = args;
  const hyphened = ["derive", "emit"].includes(command) && /^-\d/.test(first) ? first : undefined;
  if (hyphened !== undefined) parseNetwork(hyphened);
  if (args.length === 0) {
    process.stdout.write(program.helpInformation());
    return exit.misuse;
  }
  await program.parseAsync(args, { from: "user" });
  return code;
}

endWithReader();
run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    complain(
      error instanceof CommanderError
        ? new Error(`${error.message.replace(/^error: /, "")}; see deltarule --help`)
        : error,
    );
    process.exitCode = exit.misuse;
  },
);
