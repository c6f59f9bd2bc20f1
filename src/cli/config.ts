import { dirname, extname, join, normalize, relative, resolve } from "node:path";
import { problem } from "../problem.ts";
import { defaultWidth } from "../document/index.ts";
import { asRecord, constantsAt, readConfigRecord, refuseUnknown, textAt, type ConfigRecord } from "./config-record.ts";
import { chooseEmission } from "./emission.ts";
import { chooseDerivation, chooseFormat, impliedLoss, produceDerivation, produceModule } from "./produce.ts";
import { chooseSubject } from "./subject.ts";

/** One file that `deltarule build` makes. */
export interface BuildOutput {
  readonly path: string;
  readonly make: (version: string) => Promise<string>;
}

export interface BuildConfig {
  /** The folder that holds the outputs and nothing else. */
  readonly directory: string;
  readonly outputs: readonly BuildOutput[];
}

const documentKeys = ["lang", "target", "only", "without", "example", "seed", "width"] as const;
const networkKeys = ["activation", "loss", "l1", "l2"] as const;
const emissionKeys = ["strategy", "exp", "precision"] as const;
const outputKeys = [
  "file",
  "network",
  "equations",
  ...networkKeys,
  "constants",
  ...emissionKeys,
  "full",
  ...documentKeys,
];
const advice = `a configuration looks like { "directory": "generated", "outputs": [{ "file": "2-3-1.tex", "network": "2-3-1" }] }`;

/**
 * Reads the list of files to build. A file ending in .ts is an emitted module, any other a derivation in the
 * format of its extension.
 *
 * @throws Problem naming the entry that is wrong
 */
export async function readConfig(path: string): Promise<BuildConfig> {
  const config = await readConfigRecord(path, advice);
  if (config === null)
    throw problem(
      "config-missing",
      `there is no ${path}`,
      `run the command where it lies, or name it with --config; ${advice}`,
    );
  if (typeof config.directory !== "string" || !Array.isArray(config.outputs))
    throw problem("config-shape", `${path} needs "directory" (a text) and "outputs" (a list)`, advice);
  const directory = resolve(dirname(path), config.directory);
  const outputs: BuildOutput[] = [];
  for (const [i, entry] of config.outputs.entries()) {
    const where = `${path}: outputs[${i}]`;
    outputs.push(await readOutput(asRecord(entry, where, advice), directory, dirname(path), where));
  }
  const twice = outputs.find(({ path: file }, i) => outputs.findIndex((o) => o.path === file) !== i);
  if (twice !== undefined)
    throw problem("config-twice", `${path} lists ${twice.path} twice`, "give each output a file of its own");
  return { directory, outputs };
}

async function readOutput(
  entry: ConfigRecord,
  directory: string,
  besides: string,
  where: string,
): Promise<BuildOutput> {
  refuseUnknown(entry, outputKeys, where);
  const texts = Object.fromEntries(
    outputKeys
      .filter((key) => key !== "full" && key !== "constants")
      .map((key) => [key, textAt(entry, key, where, advice)]),
  );
  if (entry.full !== undefined && typeof entry.full !== "boolean")
    throw problem("config-shape", `${where}: "full" is neither true nor false`, advice);
  const { file, network: sizes, equations, activation, loss, l1, l2 } = texts;
  if (file === undefined || (sizes === undefined) === (equations === undefined))
    throw problem("config-shape", `${where} needs "file", and "network" or "equations"`, advice);
  const isInside = !normalize(file).startsWith("..") && resolve(directory, file).startsWith(directory);
  if (!isInside)
    throw problem("config-outside", `${where}: ${file} lies outside ${directory}`, "name files within the directory");
  const subject = await chooseSubject(sizes, {
    equations: equations === undefined ? undefined : relative(".", resolve(besides, equations)),
    activation,
    loss: impliedLoss({ loss, equations, example: texts.example }),
    l1,
    l2,
    constant: constantsAt(entry, where, advice),
  });
  const path = join(directory, file);
  if (extname(file) === ".ts") {
    const emission = chooseEmission(texts);
    return { path, make: (version) => produceModule(subject, emission, version) };
  }
  const surplus = emissionKeys.find((key) => texts[key] !== undefined);
  if (surplus !== undefined)
    throw problem("config-shape", `${where}: "${surplus}" is for modules, and ${file} is a document`, `leave it out`);
  const format = chooseFormat(undefined, file);
  // What is built must not depend on the terminal it is built from.
  const width = texts.width ?? (format === "text" ? String(defaultWidth) : undefined);
  const choices = chooseDerivation({ ...texts, width, full: entry.full }, format);
  return { path, make: (version) => produceDerivation(subject, format, choices, version) };
}
