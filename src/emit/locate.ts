import type { Assignment, Program } from "../program/index.ts";
import { sourceOf } from "./emit.ts";

/** Where a module computes equations: several where one loop serves them together. */
export interface CodePlace {
  /** The tag of each equation, "" for those of the forward pass, and the equation as computed. */
  readonly equations: readonly Pick<Assignment, "tag" | "goal" | "value">[];
  /** First and last line, counted from 1, of each run of lines: code that is split goes on in the next function. */
  readonly ranges: readonly { readonly first: number; readonly last: number }[];
  readonly lines: readonly { readonly number: number; readonly text: string }[];
}

/**
 * The lines of the module that `emitModule` would give for a program, by the equations that they compute.
 * Each equation is taken where `backward` computes it, or a procedure that it runs.
 */
export async function locateEquations(program: Program, version: string | undefined): Promise<readonly CodePlace[]> {
  // What a document shows are the equations as derived; sums that the stable forms share have no other.
  const tasks = [program.task, ...(program.plain === null ? [] : [program.plain.task])];
  const byComment = new Map(
    tasks.flatMap(({ forward, objective, backward }): readonly (readonly [string, Assignment])[] =>
      [...forward, objective, ...backward].map((a) => [`// ${a.comment}`, a]),
    ),
  );
  // What follows the functions of a single sample computes the same equations for many.
  const source = (await sourceOf(program, version)).split("\n");
  const lines = source.slice(
    0,
    source.findIndex((line) => line.startsWith("export function parameters(")),
  );
  const places: CodePlace[] = [];
  for (let at = 0; at < lines.length; at++) {
    const start = at;
    while (byComment.has((lines[at] as string).trim())) at++;
    if (at === start) continue;
    const equations = lines.slice(start, at).map((line) => byComment.get(line.trim()) as Assignment);
    const runs = runsFrom(lines, at);
    const own = runs.flatMap(({ first, last }) =>
      lines.slice(first - 1, last).map((text, i) => ({ number: first + i, text: text.replace(/^ {2}/, "") })),
    );
    places.push({ equations, ranges: runs, lines: own });
  }
  return lastOfEach(places);
}

/** The block of code at a line, and what of it stands at the head of the functions after it. */
function runsFrom(lines: readonly string[], at: number): { first: number; last: number }[] {
  let end = at;
  while (!endsBlock(lines[end] as string)) end++;
  const own = { first: at + 1, last: end };
  if (lines[end] !== "}") return [own];
  // A function of the module's own follows with no comment in front; its first lines go on with the same equation.
  let next = end + 1;
  while (lines[next] === "") next++;
  if (!/^function \w+\d+\(/.test(lines[next] ?? "")) return [own];
  while (!(lines[next] as string).endsWith("{")) next++;
  return endsBlock(lines[next + 1] as string) ? [own] : [own, ...runsFrom(lines, next + 1)];
}

/** A block of code reaches to the next comment, blank line, result, or the end of its function. */
const endsBlock = (line: string): boolean => /^\s*$|^\s*\/\/|^ {2}return\b|^\}/.test(line);

/** Unrolled modules repeat the forward pass in `backward`, where the rest stands as well. */
const lastOfEach = (places: readonly CodePlace[]): CodePlace[] =>
  places.filter(({ equations: [first] }, i) => !places.slice(i + 1).some((later) => later.equations[0] === first));
