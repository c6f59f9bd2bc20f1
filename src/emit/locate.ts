import { gradientEquations, type Assignment, type Program } from "../program/index.ts";
import { sourceOf } from "./emit.ts";

/** Where a module computes equations: several where one loop serves them together. */
export interface CodePlace {
  /** The tag of each equation, "" for those of the forward pass, and the equation as computed. */
  readonly equations: readonly Pick<Assignment, "tag" | "goal" | "value">[];
  /** First and last line, counted from 1. */
  readonly first: number;
  readonly last: number;
  readonly lines: readonly { readonly number: number; readonly text: string }[];
}

/**
 * The lines of the module that `emitModule` would give for a program, by the equations that they compute.
 * Each equation is taken where `backward` computes it, or a procedure that it runs.
 */
export async function locateEquations(program: Program, version: string | undefined): Promise<readonly CodePlace[]> {
  const { forward, objective, backward } = gradientEquations(program.network);
  const byComment = new Map([...forward, objective, ...backward].map((a) => [`// ${a.comment}`, a]));
  const lines = (await sourceOf(program, version)).split("\n");
  const places: CodePlace[] = [];
  for (let at = 0; at < lines.length; at++) {
    const start = at;
    while (byComment.has((lines[at] as string).trim())) at++;
    if (at === start) continue;
    const equations = lines.slice(start, at).map((line) => byComment.get(line.trim()) as Assignment);
    let end = at;
    while (!endsBlock(lines[end] as string)) end++;
    const own = lines.slice(at, end).map((text, i) => ({ number: at + i + 1, text: text.replace(/^ {2}/, "") }));
    places.push({ equations, first: at + 1, last: end, lines: own });
    at = end - 1;
  }
  return lastOfEach(places);
}

/** A block of code reaches to the next comment, blank line, result, or the end of its function. */
const endsBlock = (line: string): boolean => /^\s*$|^\s*\/\/|^ {2}return\b|^\}/.test(line);

/** Unrolled modules repeat the forward pass in `backward`, where the rest stands as well. */
const lastOfEach = (places: readonly CodePlace[]): CodePlace[] =>
  places.filter(({ equations: [first] }, i) => !places.slice(i + 1).some((later) => later.equations[0] === first));
