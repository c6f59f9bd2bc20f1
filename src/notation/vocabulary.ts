import { isElementary, layerLetters } from "../expression/index.ts";
import { spelledLikeOthers } from "./latex-tokens.ts";

/** What the letters of a text stand for: glyphs alone do not tell a function from a factor, nor one index from two. */
export interface Vocabulary {
  /** Families of variables by name (`W`, `b`, `x`, …) with the number of their indices, 0 for scalars such as J. */
  readonly ranks: ReadonlyMap<string, number>;
  /**
   * Those that have one tensor for each layer: a letter with a superscript is W^l, a tensor, where the family
   * is layered, and a power where it is not.
   */
  readonly layered: ReadonlySet<string>;
  /** Functions by name, `sigma` and its like; the elementary ones are always known. */
  readonly functions: ReadonlySet<string>;
  /** Sizes that have a name of their own, h or h1; n_l is always one. */
  readonly sizes?: ReadonlySet<string>;
  /** Letters of indices, where d or e is among them. */
  readonly indices?: ReadonlySet<string>;
  /** Are the entries of W written with its capital letter? */
  readonly keepsCapitals?: boolean;
}

/** Letters with a meaning of their own: the base of e^z, the d of a derivative, the size n_l of the layer l of L. */
const reserved = { anything: ["e", "d"], entry: ["n"], size: layerLetters };

/** @throws Error where a glyph would have two meanings */
export function checkVocabulary(vocabulary: Vocabulary): void {
  const { ranks, layered, functions, sizes = new Set() } = vocabulary;
  const indexed = [...ranks].flatMap(([family, rank]) => (rank > 0 ? [family] : []));
  const entryLetter = (family: string): string => letterOf(family, vocabulary);
  const entries = indexed.map(entryLetter);
  const refuse = (name: string): never => {
    throw new Error(`the letter of ${name} has another meaning as well`);
  };
  for (const [i, family] of indexed.entries())
    if (reserved.entry.includes(entryLetter(family)) || entries.indexOf(entryLetter(family)) !== i) refuse(family);
  for (const name of [...entries, ...functions, ...sizes])
    if (reserved.anything.includes(name) || spelledLikeOthers.includes(name)) refuse(name);
  for (const name of functions) if (ranks.has(name) || sizes.has(name) || name === "n") refuse(name);
  for (const size of sizes) {
    const [, letter = size] = /^(.*[A-Za-z])\d+$/.exec(size) ?? [];
    // h^1 is a tensor of layer 1, h alone the size.
    const isTaken =
      size === letter ? (ranks.has(size) && !layered.has(size)) || isElementary(size) : entries.includes(letter);
    if (isTaken || reserved.size.includes(size)) refuse(size);
  }
  for (const family of layered)
    if (!ranks.has(family)) throw new Error(`${family} is layered, so it needs a number of indices`);
}

/** The indexed family whose entries are written with this letter: `w` is an entry of W. */
export function familyOfEntries(letter: string, vocabulary: Vocabulary): string | undefined {
  return [...vocabulary.ranks].find(([family, rank]) => rank > 0 && letterOf(family, vocabulary) === letter)?.[0];
}

const letterOf = (family: string, { keepsCapitals = false }: Vocabulary): string =>
  family.length === 1 && !keepsCapitals ? family.toLowerCase() : family;
