import { extname } from "node:path";
import { derive, languages, mazurExample, mazurNetwork, type Language } from "../derivation/index.ts";
import {
  arrange,
  arrangeModel,
  brief,
  defaultSeed,
  defaultWidth,
  documentFormats,
  full,
  modelToJson,
  render,
  sections,
  targets,
  toJson,
  type ArrangeOptions,
  type DocumentFormat,
  type Elision,
  type EmittedCode,
  type Section,
  type Target,
} from "../document/index.ts";
import { problem } from "../problem.ts";
import { parametersOf } from "../program/index.ts";
import { oneOf, type Emission } from "./emission.ts";
import { deriveSubject, taskOfSubject, type CommandSubject } from "./subject.ts";
import { announceWarning, progress } from "./terminal.ts";

export const derivationFormats = [...documentFormats, "json"] as const;
export type DerivationFormat = DocumentFormat | "json";

const formatOfExtension: Readonly<Record<string, DerivationFormat>> = {
  ".tex": "tex",
  ".md": "md",
  ".ipynb": "ipynb",
  ".html": "html",
  ".typ": "typst",
  ".json": "json",
  ".txt": "text",
};

/** The format asked for by name, else by the extension of the file, else text. */
export function chooseFormat(format: string | undefined, file: string | undefined): DerivationFormat {
  if (format !== undefined) {
    const known = derivationFormats.find((name) => name === format);
    if (known === undefined)
      throw problem("format-unknown", `there is no format "${format}"`, `known: ${derivationFormats.join(", ")}`);
    return known;
  }
  if (file === undefined) return "text";
  const extension = extname(file).toLowerCase();
  const byExtension = formatOfExtension[extension];
  if (extension === ".pdf")
    throw problem("format-pdf", "PDF is made from LaTeX", "write a file such as derivation.tex and run pdflatex on it");
  if (byExtension === undefined)
    throw problem(
      "format-of-file",
      `the name ${file} does not tell a format`,
      `end it in ${Object.keys(formatOfExtension).join(", ")}, or add --format ${derivationFormats.join("|")}`,
    );
  return byExtension;
}

/** Slides are LaTeX. */
export function chooseSlides({ format, output }: { format?: string; output?: string }): DerivationFormat {
  if (format !== undefined && !["tex", "beamer"].includes(format))
    throw problem("beamer-format", "--beamer makes LaTeX, and --format is another", "leave out --format");
  if (output !== undefined && !output.endsWith(".tex"))
    throw problem(
      "beamer-format",
      `--beamer makes LaTeX, and ${output} does not end in .tex`,
      "name a file such as slides.tex",
    );
  return "beamer";
}

function chooseLanguage(language: string | undefined): Language {
  const known = languages.find((name) => name === (language ?? "en"));
  if (known === undefined)
    throw problem("language-unknown", `there is no language "${language}"`, `known: ${languages.join(", ")}`);
  return known;
}

/** What a derivation document is to contain and how it is to be written, as options say it. */
export interface DerivationFlags {
  readonly lang?: string | undefined;
  readonly target?: string | undefined;
  readonly only?: string | undefined;
  readonly without?: string | undefined;
  readonly full?: boolean | undefined;
  readonly example?: string | undefined;
  readonly seed?: string | undefined;
  readonly width?: string | undefined;
}

/** The same, read. */
export interface DerivationChoices {
  readonly language: Language;
  readonly target: Target;
  readonly sections: readonly Section[];
  readonly elision: Elision;
  readonly example: "mazur" | number;
  readonly width: number;
}

/** @throws Problem naming the option that is wrong */
export function chooseDerivation(flags: DerivationFlags, format: DerivationFormat): DerivationChoices {
  if (flags.target !== undefined && format !== "md")
    throw problem(
      "target-format",
      "--target says where Markdown is read, and the format is another",
      "add --format md",
    );
  if (flags.width !== undefined && format !== "text")
    throw problem("width-format", "--width is for text, and the format is another", "add --format text");
  return {
    language: chooseLanguage(flags.lang),
    target: oneOf("target", flags.target ?? "portable", targets),
    sections: chooseSections(flags),
    elision: flags.full === true ? full : brief,
    example: chooseExample(flags),
    width: wholeNumber("width", flags.width, process.stdout.isTTY ? process.stdout.columns : defaultWidth, 40, 400),
  };
}

function wholeNumber(what: string, text: string | undefined, fallback: number, least: number, most: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw problem(
    what,
    `--${what} ${text} is not a whole number from ${least} to ${most}`,
    `write for example --${what} ${least}`,
  );
}

function chooseSections({ only, without }: DerivationFlags): readonly Section[] {
  if (only !== undefined && without !== undefined)
    throw problem(
      "sections-both",
      "--only and --without are both given",
      "say which sections to keep, or which to leave out",
    );
  const listed = (only ?? without ?? "").split(",").map((name) => name.trim());
  const named = listed.filter((name) => name !== "").map((name) => oneOf("section", name, sections));
  if (only !== undefined && named.length === 0)
    throw problem("sections-none", "--only names no section", `known: ${sections.join(", ")}`);
  const kept = sections.filter((section) => named.includes(section) === (only !== undefined));
  if (kept.length === 0) throw problem("sections-none", "--without leaves out every section", "keep at least one");
  return kept;
}

function chooseExample({ example, seed }: DerivationFlags): "mazur" | number {
  if (example === undefined) return wholeNumber("seed", seed, defaultSeed, 0, 999_999_999);
  if (seed !== undefined)
    throw problem("example-both", "--example and --seed are both given", "take published numbers or random ones");
  return oneOf("example", example, ["mazur"] as const);
}

/** Mazur's network has the loss ½Σ: naming his example implies it. */
export const impliedLoss = ({
  example,
  loss,
  equations,
}: {
  example?: string | undefined;
  loss?: string | undefined;
  equations?: string | undefined;
}): string | undefined => loss ?? (example === "mazur" && equations === undefined ? mazurNetwork.loss : undefined);

/** The text of a derivation document. */
export async function produceDerivation(
  subject: CommandSubject,
  format: DerivationFormat,
  choices: DerivationChoices,
  version: string,
): Promise<string> {
  const options: ArrangeOptions = { sections: choices.sections, elision: choices.elision };
  const written = { target: choices.target, width: choices.width };
  const { language } = choices;
  if (subject.kind === "equations") {
    refuseExample(choices);
    progress("deriving and checking every step");
    const derivation = deriveSubject(subject);
    const withCode = { ...options, code: await emittedCode(subject, choices, version) };
    if (format === "json") return modelToJson(derivation, version, withCode);
    return render(arrangeModel(derivation, language, withCode), format, written);
  }
  const { network } = subject;
  const data = choices.example === "mazur" ? mazurExample(network) : null;
  progress("deriving and checking every step");
  const derivation = derive(network);
  progress("working the example and comparing with 64-digit differences");
  const example = data ?? (choices.example as number);
  const withCode = { ...options, example, code: await emittedCode(subject, choices, version) };
  if (format === "json") return toJson(derivation, version, withCode);
  return render(arrange(derivation, language, withCode), format, written);
}

function refuseExample({ example }: DerivationChoices): void {
  if (example === "mazur")
    throw problem(
      "example-mazur",
      "Mazur's example is a network, and the subject is a file of equations",
      "leave out --example",
    );
}

/** A subject too large to emit has no code to point at. */
async function emittedCode(
  subject: CommandSubject,
  { sections: wanted }: DerivationChoices,
  version: string,
): Promise<EmittedCode | undefined> {
  if (!wanted.includes("code")) return undefined;
  // The compiler and the formatter take a second to load: only what shows code waits for them.
  const { locateEquations, mostParameters, programToEmit } = await import("../emit/index.ts");
  const task = taskOfSubject(subject);
  if (parametersOf(task) > mostParameters) return undefined;
  const references = await locateEquations(programToEmit(task), version);
  return { command: task.command, references };
}

/** The text of an emitted module. */
export async function produceModule(subject: CommandSubject, emission: Emission, version: string): Promise<string> {
  // The compiler and the formatter take a second to load: only what emits waits for them.
  const { emitModule, emitWasmModule } = await import("../emit/index.ts");
  const task = taskOfSubject(subject);
  const options = { version, onStage: progress, onWarning: announceWarning };
  const { source } =
    emission.target === "wasm"
      ? await emitWasmModule(task, { ...options, precision: emission.precision })
      : await emitModule(task, { ...options, strategy: emission.strategy, exp: emission.exp });
  return source;
}
