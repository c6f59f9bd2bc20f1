import { seededExample, type Derivation, type ExampleData, type Language } from "../derivation/index.ts";
import { sizesText } from "../network/index.ts";
import { algorithm, errorDefinition, fourEquations } from "./backward.ts";
import { sections, type Block, type Document, type Section } from "./content.ts";
import { forwardPass, functions } from "./forward.ts";
import { check, correspondence, cost, example, type EmittedCode } from "./numbers.ts";
import { conventions, notation, picture } from "./opening.ts";
import { speaker, type Speak } from "./phrase.ts";
import { say, words } from "./words.ts";
import { brief, type Elision } from "./written.ts";

export interface ArrangeOptions {
  /** The sections that the document has, all unless given. */
  readonly sections?: readonly Section[] | undefined;
  readonly elision?: Elision | undefined;
  /** The numbers of the worked example, or the seed to draw them from. */
  readonly example?: ExampleData | number | undefined;
  /** Where the emitted module computes what. Without it the section on code is left out. */
  readonly code?: EmittedCode | undefined;
}

export const defaultSeed = 1;

/**
 * The derivation as a document: what is said in which order. Words come from the tables of words and reasons,
 * formulas from the derivation; nothing here writes mathematics of its own.
 *
 * @throws RefusedStep where something that is written out says something else than the equation it is of
 */
export function arrange(derivation: Derivation, language: Language, options: ArrangeOptions = {}): Document {
  const wanted = options.sections ?? sections;
  const speak = speaker(language);
  const data = exampleOf(derivation, options);
  return {
    title: say(words.title, language).replace("{sizes}", sizesText(derivation.network)),
    language,
    blocks: sections
      .filter((section) => wanted.includes(section))
      .flatMap((section) => blocksOf(section, derivation, speak, options, data)),
  };
}

function blocksOf(
  section: Section,
  derivation: Derivation,
  speak: Speak,
  { elision = brief, code }: ArrangeOptions,
  data: () => ExampleData,
): Block[] {
  switch (section) {
    case "conventions":
      return conventions(derivation, speak, elision);
    case "notation":
      return notation(derivation, speak);
    case "picture":
      return picture(derivation, speak);
    case "forward":
      return forwardPass(derivation, speak, elision);
    case "functions":
      return functions(derivation, speak, elision);
    case "delta":
      return errorDefinition(derivation, speak);
    case "equations":
      return fourEquations(derivation, speak);
    case "algorithm":
      return algorithm(derivation, speak, elision);
    case "cost":
      return cost(derivation, speak);
    case "example":
      return example(derivation, speak, elision, data());
    case "check":
      return check(derivation, speak, data());
    case "code":
      return code === undefined ? [] : correspondence(code, speak);
  }
}

/** The numbers of the example: drawn once, and only where a section shows them. */
export function exampleOf(derivation: Derivation, { example }: ArrangeOptions): () => ExampleData {
  let drawn = typeof example === "object" ? example : null;
  return () => (drawn ??= seededExample(derivation, typeof example === "number" ? example : defaultSeed));
}
