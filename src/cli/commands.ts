import { readdir } from "node:fs/promises";
import { dirname, extname, join, relative } from "node:path";
import { problem } from "../problem.ts";
import { readConfig } from "./config.ts";
import { configName } from "./config-record.ts";
import { differenceOf } from "./difference.ts";
import {
  chooseDerivation,
  chooseFormat,
  chooseSlides,
  impliedLoss,
  produceDerivation,
  produceModule,
  type DerivationFlags,
} from "./produce.ts";
import { announce, endProgress, exit, progress } from "./terminal.ts";
import { chooseEmission, emissionText, type EmissionFlags } from "./emission.ts";
import { chooseSubject, commandFor, equationsText, subjectFlags, type SubjectFlags } from "./subject.ts";
import { makeFolder, readText, refuseDirectory, writeWhole } from "./write.ts";

/** Every command returns its exit code. */
type Outcome = Promise<number>;

/** Sends text to a file, saying so on stderr, or to stdout. */
async function deliver(text: string, file: string | undefined, what: string): Promise<void> {
  endProgress();
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  await writeWhole(file, text);
  announce(`${what} → ${file}`);
}

export async function deriveCommand(
  sizes: string | undefined,
  flags: SubjectFlags &
    DerivationFlags & { output?: string; format?: string; beamer?: boolean; printEquations?: boolean },
  version: string,
): Outcome {
  await refuseDirectory(flags.output);
  const subject = await chooseSubject(sizes, { ...subjectFlags(flags), loss: impliedLoss(flags) });
  if (flags.printEquations === true) {
    await deliver(equationsText(subject), flags.output, `forward equations of ${subject.name}`);
    return exit.good;
  }
  const format = flags.beamer === true ? chooseSlides(flags) : chooseFormat(flags.format, flags.output);
  const choices = chooseDerivation(flags, format);
  const text = await produceDerivation(subject, format, choices, version);
  await deliver(text, flags.output, `derivation of ${subject.name}, every step checked in exact arithmetic`);
  return exit.good;
}

export async function emitCommand(
  sizes: string | undefined,
  flags: SubjectFlags & EmissionFlags & { output?: string; check?: boolean },
  version: string,
): Outcome {
  const subject = await chooseSubject(sizes, subjectFlags(flags));
  await refuseDirectory(flags.output);
  const emission = chooseEmission(flags);
  if (flags.output !== undefined && extname(flags.output) !== "" && !/\.[mc]?ts$/.test(flags.output)) {
    throw problem(
      "output-extension",
      `${flags.output} does not end in .ts, and what is emitted is TypeScript`,
      "name a file such as backprop.ts",
    );
  }
  if (flags.check === true && flags.output === undefined)
    throw problem(
      "check-what",
      "--check compares a file with what would be emitted, and no file is named",
      "add -o FILE",
    );
  const source = await produceModule(subject, emission, version);
  if (flags.check !== true || flags.output === undefined) {
    await deliver(
      source,
      flags.output,
      `module for ${subject.name}, verified against the exact gradient and finite differences`,
    );
    return exit.good;
  }
  endProgress();
  const found = await readText(flags.output);
  if (found === source) return exit.good;
  process.stdout.write(found === null ? `${flags.output} is missing\n` : differenceOf(flags.output, found, source));
  process.stdout.write(`mend it with: ${commandFor("emit", subject)}${emissionText(emission)} -o ${flags.output}\n`);
  return exit.differs;
}

export async function buildCommand(flags: { check?: boolean; config?: string }, version: string): Outcome {
  const { directory, outputs } = await readConfig(flags.config ?? configName);
  const here = (path: string): string => relative(process.cwd(), path) || ".";
  const listed = new Set(outputs.map((o) => o.path));
  const extra = (await filesUnder(directory)).filter((path) => !listed.has(path));
  const stale: string[] = [];
  for (const { path, make } of outputs) {
    progress(`building ${here(path)}`);
    const [wanted, found] = [await make(version), await readText(path)];
    if (found === wanted) continue;
    endProgress();
    stale.push(path);
    if (flags.check === true) {
      process.stdout.write(
        found === null
          ? `missing  ${here(path)}\n`
          : `changed  ${here(path)}\n${differenceOf(here(path), found, wanted)}`,
      );
      continue;
    }
    await makeFolder(dirname(path));
    await writeWhole(path, wanted);
    announce(here(path));
  }
  endProgress();
  for (const path of extra) process.stdout.write(`extra    ${here(path)}\n`);
  if (flags.check !== true) {
    if (extra.length > 0)
      process.stdout.write(
        "files that the configuration does not list are left as they are; remove them, or list them\n",
      );
    return exit.good;
  }
  if (stale.length === 0 && extra.length === 0) {
    announce(`${outputs.length} files up to date`);
    return exit.good;
  }
  process.stdout.write(
    `mend ${stale.length > 0 ? "them with: deltarule build" : "this by removing the extra files, or listing them"}\n`,
  );
  return exit.differs;
}

async function filesUnder(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name))
    .sort();
}
