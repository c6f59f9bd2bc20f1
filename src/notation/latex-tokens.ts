/** A name, a number, or a mark: anything else, told by its text. */
export interface Token {
  readonly kind: "name" | "number" | "mark" | "end";
  /** As it stands in the text. */
  readonly text: string;
  /** What a letter is called in trees, `sigma` for `\sigma`; for anything else the text. */
  readonly name: string;
  readonly at: number;
}

/** A place in a text of LaTeX, with what it takes to go on from there. */
export interface Cursor {
  /** The next token, or one further on, or at −1 the last one taken. */
  readonly peek: (ahead?: number) => Token;
  readonly take: () => Token;
  /** Is the next token this mark? */
  readonly at: (mark: string, ahead?: number) => boolean;
  /** Takes the mark if it is next. */
  readonly skip: (mark: string) => boolean;
  readonly expect: (...marks: readonly string[]) => void;
  readonly takeName: () => Token;
  /** What to throw where something else should stand at the given token, by default the next one. */
  readonly unexpected: (expected: string, where?: Token) => Error;
}

/** @throws Error at a character or a command that is no part of the notation */
export function cursorOver(text: string): Cursor {
  const tokens = tokensOf(text);
  const end: Token = { kind: "end", text: "the end", name: "", at: text.length };
  let next = 0;
  const peek = (ahead = 0): Token => tokens[next + ahead] ?? end;
  const take = (): Token => {
    const token = peek();
    next++;
    return token;
  };
  const at = (mark: string, ahead = 0): boolean => peek(ahead).text === mark && peek(ahead).kind !== "end";
  const skip = (mark: string): boolean => {
    if (!at(mark)) return false;
    next++;
    return true;
  };
  const unexpected = (expected: string, where = peek()): Error =>
    failure(text, where.at, `expected ${expected}, found ${where.text}`);
  return {
    peek,
    take,
    at,
    skip,
    expect: (...marks) => {
      for (const mark of marks) if (!skip(mark)) throw unexpected(mark);
    },
    takeName: () => {
      if (peek().kind !== "name") throw unexpected("a letter");
      return take();
    },
    unexpected,
  };
}

/**
 * Names that are not the glyph itself. A table of its own and not the printer's, so that a letter which the
 * printer mistakes for another comes back as that other.
 */
const namedGlyphs: Readonly<Record<string, string>> = {
  "\\alpha": "alpha",
  "\\beta": "beta",
  "\\gamma": "gamma",
  "\\delta": "delta",
  "\\varepsilon": "eps",
  "\\epsilon": "epsilon",
  "\\zeta": "zeta",
  "\\eta": "eta",
  "\\theta": "theta",
  "\\kappa": "kappa",
  "\\lambda": "lambda",
  "\\mu": "mu",
  "\\nu": "nu",
  "\\xi": "xi",
  "\\rho": "rho",
  "\\sigma": "sigma",
  "\\tau": "tau",
  "\\varphi": "phi",
  "\\chi": "chi",
  "\\psi": "psi",
  "\\omega": "omega",
  "\\Gamma": "Gamma",
  "\\Theta": "Theta",
  "\\Lambda": "Lambda",
  "\\Xi": "Xi",
  "\\Sigma": "Sigma",
  "\\Phi": "Phi",
  "\\Psi": "Psi",
  "\\Omega": "Omega",
  "\\ln": "log",
  "\\tanh": "tanh",
  "\\sinh": "sinh",
  "\\cosh": "cosh",
  "\\sin": "sin",
  "\\cos": "cos",
  "\\arctan": "atan",
  "\\max": "max",
  "\\min": "min",
  "\\pi": "pi",
};

/** What is spelled out, but not as it is called. */
const spellings: Readonly<Record<string, string>> = { sgn: "sign" };

/** Names that cannot be told from those of others once they are printed. */
export const spelledLikeOthers: readonly string[] = ["sgn", "ln", "arctan"];

const commands: ReadonlySet<string> = new Set(
  (
    "\\frac \\partial \\nabla \\sum \\odot \\top \\prime \\lbrack \\rbrack \\cdot \\cdots \\vdots \\ddots \\dots " +
    "\\times \\le \\ge \\approx \\leftarrow \\quad \\cr \\sqrt"
  ).split(" "),
);

const pattern =
  /\s+|(?<mark>\\left(?:\(|\\lvert)|\\right(?:\)|\\rvert)|\\(?:begin|end)\{(?:pmatrix|cases)\}|[{}_^()+\-=<>,&])|\\operatorname\{(?<spelled>(?:[A-Za-z\d]|\\thinspace ){2,})\}|(?<command>\\[A-Za-z]+)|(?<number>\d+(?:\.\d+)?)|(?<letter>[A-Za-z])/y;

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    const match = pattern.exec(text);
    if (match === null) throw failure(text, at, `${text.slice(at, at + 12)} is no part of the notation`);
    const kindAndName = classify(match.groups ?? {}, (why) => failure(text, at, why));
    if (kindAndName !== null) tokens.push({ ...kindAndName, text: match[0], at });
  }
  return tokens;
}

function classify(
  { mark, spelled, command, number, letter }: Readonly<Record<string, string | undefined>>,
  refuse: (why: string) => Error,
): Pick<Token, "kind" | "name"> | null {
  if (mark !== undefined) return { kind: "mark", name: mark };
  if (number !== undefined) return { kind: "number", name: number };
  if (letter !== undefined) return { kind: "name", name: letter };
  if (spelled !== undefined) {
    // A name that has a glyph and is spelled out all the same would be another thing to the eye.
    const name = spelled.replaceAll("\\thinspace ", "_");
    if (Object.values(namedGlyphs).includes(name) || namedGlyphs[`\\${name}`] !== undefined)
      throw refuse(`${name} has a glyph of its own`);
    return { kind: "name", name: spellings[name] ?? name };
  }
  if (command === undefined) return null;
  const name = namedGlyphs[command];
  if (name !== undefined) return { kind: "name", name };
  if (!commands.has(command)) throw refuse(`${command} is no part of the notation`);
  return { kind: "mark", name: command };
}

const failure = (text: string, at: number, why: string): Error =>
  new Error(`cannot read LaTeX at position ${at}: ${why}, in ${text.slice(0, 200)}`);
