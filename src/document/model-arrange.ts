import type { Language, ModelDerivation } from "../derivation/index.ts";
import type { ArrangeOptions } from "./arrange.ts";
import { sections, type Block, type Document, type Section } from "./content.ts";
import { modelAlgorithm, modelEquations } from "./model-backward.ts";
import { modelCheck, modelCode } from "./model-check.ts";
import { modelForward, modelFunctions } from "./model-forward.ts";
import { modelConventions, modelNotation } from "./model-opening.ts";
import { modelView, type ModelView } from "./model-view.ts";
import { speaker, type Speak } from "./phrase.ts";
import { say, words } from "./words.ts";

/** What of the options a document about a user's own equations depends on. */
export type ModelArrangeOptions = Pick<ArrangeOptions, "sections" | "code">;

/** The sections that such a document can have, in their order. */
export const modelSections = [
  "conventions",
  "notation",
  "forward",
  "functions",
  "equations",
  "algorithm",
  "check",
  "code",
] as const satisfies readonly Section[];

/**
 * The derivation of a user's own equations as a document. Sections that only networks have are left out.
 *
 * @throws RefusedStep where a matrix form or the gradient is not what was derived
 * @throws Problem where the gradient cannot be compared with differences
 */
export function arrangeModel(
  derivation: ModelDerivation,
  language: Language,
  { sections: wanted = sections, code }: ModelArrangeOptions = {},
): Document {
  const [of, speak] = [modelView(derivation), speaker(language)];
  return {
    title: say(words.modelTitle, language).replace("{name}", derivation.name),
    language,
    blocks: modelSections
      .filter((section) => wanted.includes(section))
      .flatMap((section) => (section !== "code" ? parts[section](of, speak) : code ? modelCode(code, of, speak) : [])),
  };
}

const parts = {
  conventions: modelConventions,
  notation: modelNotation,
  forward: modelForward,
  functions: modelFunctions,
  equations: modelEquations,
  algorithm: modelAlgorithm,
  check: modelCheck,
} satisfies Record<Exclude<(typeof modelSections)[number], "code">, (of: ModelView, speak: Speak) => Block[]>;
