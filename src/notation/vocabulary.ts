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
}

export const elementaryFunctions: ReadonlySet<string> = new Set(
  "exp log sqrt tanh sinh cosh sech sin cos atan".split(" "),
);

/** Letters with a meaning of their own: the base of e^z, the size n_l, the d of a derivative. */
const reserved = ["e", "n", "d"];

/** @throws Error where a glyph would have two meanings */
export function checkVocabulary({ ranks, layered, functions }: Vocabulary): void {
  const indexed = [...ranks].flatMap(([family, rank]) => (rank > 0 ? [family] : []));
  const glyphs = indexed.map(entryLetter);
  for (const [i, family] of indexed.entries()) {
    if (reserved.includes(entryLetter(family)) || functions.has(family) || glyphs.indexOf(entryLetter(family)) !== i)
      throw new Error(`the letter of ${family} has another meaning as well`);
  }
  for (const family of layered)
    if (!indexed.includes(family)) throw new Error(`${family} is layered, so it needs a number of indices`);
}

/** The indexed family whose entries are written with this letter: `w` is an entry of W. */
export function familyOfEntries(letter: string, { ranks }: Vocabulary): string | undefined {
  return [...ranks].find(([family, rank]) => rank > 0 && entryLetter(family) === letter)?.[0];
}

const entryLetter = (family: string): string => (family.length === 1 ? family.toLowerCase() : family);
