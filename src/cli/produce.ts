import { extname } from "node:path";
import { derive, languages, type Language } from "../derivation/index.ts";
import { arrange, documentFormats, render, toJson, type DocumentFormat } from "../document/index.ts";
import type { Network } from "../network/index.ts";
import { problem } from "../problem.ts";
import type { Strategy } from "../program/index.ts";
import { progress } from "./terminal.ts";

export const derivationFormats = [...documentFormats, "json"] as const;
export type DerivationFormat = DocumentFormat | "json";

const formatOfExtension: Readonly<Record<string, DerivationFormat>> = {
  ".tex": "tex",
  ".md": "md",
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
  const byExtension = formatOfExtension[extname(file).toLowerCase()];
  if (byExtension === undefined)
    throw problem(
      "format-of-file",
      `the name ${file} does not tell a format`,
      `end it in ${Object.keys(formatOfExtension).join(", ")}, or add --format ${derivationFormats.join("|")}`,
    );
  return byExtension;
}

export function chooseLanguage(language: string | undefined): Language {
  const known = languages.find((name) => name === (language ?? "en"));
  if (known === undefined)
    throw problem("language-unknown", `there is no language "${language}"`, `known: ${languages.join(", ")}`);
  return known;
}

export function chooseStrategy(strategy: string | undefined): Strategy | undefined {
  if (strategy === undefined || strategy === "auto") return undefined;
  if (strategy === "unrolled" || strategy === "tiled") return strategy;
  throw problem("strategy-unknown", `there is no strategy "${strategy}"`, "known: auto, unrolled, tiled");
}

/** The text of a derivation document. */
export function produceDerivation(
  network: Network,
  format: DerivationFormat,
  language: Language,
  version: string,
): string {
  progress("deriving and checking every step");
  const derivation = derive(network);
  return format === "json" ? toJson(derivation, version) : render(arrange(derivation, language), format);
}

/** The text of an emitted module. */
export async function produceModule(
  network: Network,
  strategy: Strategy | undefined,
  version: string,
): Promise<string> {
  // The compiler and the formatter take a second to load: only what emits waits for them.
  const { emitModule } = await import("../emit/index.ts");
  const { source } = await emitModule(network, { version, strategy, onStage: progress });
  return source;
}
