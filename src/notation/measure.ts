/**
 * Roughly how wide a formula of ours is set, in em of its own size: to tell what fits on a line. Generous
 * rather than exact; widths are those of Computer Modern.
 */
export function measure(latex: string): number {
  const { width } = run(tokens(latex), 0, null);
  return width;
}

/**
 * Breaks a formula into lines of at most `width` em: before a relation, a plus or a minus sign. Braces,
 * environments and growing parentheses have to end on the line they begin on; other parentheses do too, unless what
 * stands in them is too long for a line.
 */
export function breakLine(latex: string, width: number): readonly string[] {
  if (measure(latex) <= width) return [latex];
  const lines = [""];
  const whole = breakable(latex, false);
  const pieces = whole.flatMap((piece) => (measure(piece) > width ? breakable(piece, true) : [piece]));
  for (const piece of pieces) {
    const line = lines.at(-1) as string;
    if (line !== "" && measure(line) + measure(piece) > width) lines.push(piece);
    else lines[lines.length - 1] = line + piece;
  }
  return lines.map((line) => line.trim());
}

/** The pieces between which a line may end, each but the first with its sign before it. */
function breakable(latex: string, inParentheses: boolean): readonly string[] {
  const pieces = [""];
  let depth = 0;
  for (const token of tokens(latex)) {
    if (depth === 0 && ["+", "-", "=", "\\approx"].includes(token) && pieces.at(-1)?.endsWith(" ")) pieces.push("");
    const isParenthesis = !inParentheses && !pieces.at(-1)?.endsWith("\\left") && !pieces.at(-1)?.endsWith("\\right");
    if (["{", "\\left", "\\begin"].includes(token) || (isParenthesis && token === "(")) depth++;
    if (["}", "\\right", "\\end"].includes(token) || (isParenthesis && token === ")")) depth--;
    pieces.push(`${pieces.pop() ?? ""}${token}`);
  }
  return pieces;
}

const tokens = (latex: string): readonly string[] => latex.match(/\\[a-zA-Z]+|\\.|[\s\S]/gu) ?? [];

interface Measured {
  readonly width: number;
  readonly next: number;
}

const scriptSize = 0.72;

/** Widths of commands that are not letters' names. */
const commands: Readonly<Record<string, number>> = {
  "\\left": 0.15,
  "\\right": 0.15,
  "\\sum": 1.5,
  "\\quad": 1,
  "\\cdot": 0.75,
  "\\odot": 1.25,
  "\\times": 1.25,
  "\\le": 1.35,
  "\\ge": 1.35,
  "\\approx": 1.35,
  "\\leftarrow": 1.6,
  "\\cdots": 1.5,
  "\\dots": 1.4,
  "\\ddots": 1.3,
  "\\vdots": 0.4,
  "\\partial": 0.6,
  "\\nabla": 0.9,
  "\\prime": 0.4,
  "\\top": 0.8,
  "\\lbrack": 0.3,
  "\\rbrack": 0.3,
  "\\lvert": 0.3,
  "\\rvert": 0.3,
  "\\thinspace": 0.2,
};
const characters: Readonly<Record<string, number>> = {
  "=": 1.35,
  "<": 1.35,
  ">": 1.35,
  "+": 1.25,
  "-": 1.25,
  "(": 0.4,
  ")": 0.4,
  ",": 0.45,
  ".": 0.3,
  " ": 0,
  "\n": 0,
  "&": 0,
  w: 0.72,
  W: 1.05,
  m: 0.88,
};

/** Measures up to the closing brace, or up to the token `stop`. */
function run(all: readonly string[], from: number, stop: string | null): Measured {
  let [width, at] = [0, from];
  while (at < all.length && all[at] !== "}" && (stop === null || all[at] !== stop)) {
    const piece = one(all, at);
    width += piece.width;
    at = piece.next;
  }
  return { width, next: at };
}

/** A group in braces. */
function group(all: readonly string[], at: number): Measured {
  if (all[at] !== "{") return one(all, at);
  const { width, next } = run(all, at + 1, null);
  return { width, next: next + 1 };
}

function one(all: readonly string[], at: number): Measured {
  const token = all[at] as string;
  if (token === "{") return group(all, at);
  if (token === "_" || token === "^") return scripts(all, at);
  if (token === "\\frac") {
    const [over, under] = [group(all, at + 1), group(all, group(all, at + 1).next)];
    return { width: Math.max(over.width, under.width) + 0.3, next: under.next };
  }
  if (token === "\\text") return words(all, at + 1);
  if (token === "\\begin") return environment(all, at);
  if (token === "\\sqrt") {
    const inside = group(all, at + 1);
    return { width: inside.width + 0.9, next: inside.next };
  }
  if (token === "\\operatorname") {
    const name = group(all, at + 1);
    return { width: name.width + 0.2, next: name.next };
  }
  const known = commands[token] ?? characters[token];
  if (known !== undefined) return { width: known, next: at + 1 };
  // \sigma is a letter; \tanh is as long as its name.
  const isFunction = /^\\(ln|a?r?c?(sin|cos|tan)h?|max|min)$/.test(token);
  return { width: token.startsWith("\\") ? (isFunction ? token.length * 0.5 : 0.62) : 0.55, next: at + 1 };
}

/** Subscript and superscript stand above each other. */
function scripts(all: readonly string[], at: number): Measured {
  const first = group(all, at + 1);
  const other = all[first.next];
  const second = other === "_" || other === "^" ? group(all, first.next + 1) : { width: 0, next: first.next };
  return { width: Math.max(first.width, second.width) * scriptSize + 0.05, next: second.next };
}

function words(all: readonly string[], at: number): Measured {
  let [width, next] = [0, at + 1];
  while (next < all.length && all[next] !== "}") {
    width += /[\u2e80-\uffdc]/.test(all[next] as string) ? 1.02 : 0.5;
    next++;
  }
  return { width, next: next + 1 };
}

/** A matrix or a choice: the widest entry of each column, and the space between columns. */
function environment(all: readonly string[], at: number): Measured {
  const end = endOf(all, at);
  const body = all.slice(group(all, at + 1).next, end);
  const rows = split(body, "\\cr").map((row) => split(row, "&").map((cell) => run(cell, 0, null).width));
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => row[i] ?? 0)));
  return { width: widths.reduce((a, b) => a + b, 0) + columns + 1.2, next: group(all, end + 1).next };
}

/** Environments may stand in each other. */
function endOf(all: readonly string[], begin: number): number {
  let depth = 0;
  for (let at = begin; at < all.length; at++) {
    depth += depthOf(all[at] as string);
    if (depth === 0) return at;
  }
  throw new Error(`an environment does not end: ${all.slice(begin).join("")}`);
}

const depthOf = (token: string): number => (token === "\\begin" ? 1 : token === "\\end" ? -1 : 0);

function split(all: readonly string[], mark: string): string[][] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const token of all) {
    depth += depthOf(token);
    if (token === mark && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}
