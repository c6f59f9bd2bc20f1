import { optionsText, sizesText } from "../network/index.ts";
import { causeRules } from "./cause-rules.ts";
import type { Cause, CheckVerdict, TensorVerdict } from "./verdict.ts";

/** `my.ts (backward)`, or the name of an adapter's file. */
export const checkedText = (verdict: CheckVerdict): string =>
  verdict.export === null ? verdict.file : `${verdict.file} (${verdict.export})`;

/** The network or model that the gradient is to be of. */
export const modelText = ({ network, model }: CheckVerdict): string | null =>
  network === null ? (model ?? null) : `${sizesText(network)}${optionsText(network)}`;

export const subjectText = (verdict: CheckVerdict): string =>
  `${checkedText(verdict)} against the derived gradient${of(modelText(verdict))}`;

const of = (name: string | null): string => (name === null ? "" : ` of ${name}`);

/** How much was compared: "at 5 random points and in 4 exact draws". */
export function extentText({ points, draws, method }: CheckVerdict): string {
  const random = `at ${count(points, "random point")}`;
  if (draws > 0) return `${random} and in ${count(draws, "exact draw")}`;
  return method === "numeric" ? `${random}, in numbers only` : random;
}

export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

/** `expected 0.5, found 1 at dW2[1, 2]; found/expected is 2 everywhere`. */
export function deviationText({ name, worst, ratio }: TensorVerdict): string {
  const { index, expected, found } = worst;
  const at = index.length === 0 ? "" : `[${index.join(", ")}]`;
  const constant = ratio === undefined ? "" : `; found/expected is ${ratio} everywhere`;
  return `worst at ${name}${at}: expected ${expected}, found ${found}${constant}`;
}

/** The tensors that differ, the one furthest off first. */
export function worstFirst(tensors: readonly TensorVerdict[]): readonly TensorVerdict[] {
  const distance = ({ worst: { expected, found } }: TensorVerdict): number => {
    const relative = Math.abs(found - expected) / Math.max(Math.abs(found), Math.abs(expected), Number.MIN_VALUE);
    return Number.isNaN(relative) ? Infinity : relative;
  };
  return tensors.filter(({ equal }) => !equal).sort((a, b) => (distance(b) > distance(a) ? 1 : -1));
}

/** The wrong formula and the right one, each with who says so. */
export const formulaRows = ({ id, formula }: Cause): readonly (readonly [who: string, formula: string])[] => [
  ["you compute", formula.found],
  [`${causeRules[id].equation ?? "the derivation"} wants`, formula.right],
];

/** The right line; several begin on a line of their own. */
export const mendingText = ({ fix }: Cause): readonly string[] =>
  fix === undefined ? [] : [`mend it:${fix.includes("\n") ? "\n" : " "}${fix}`];

/** What to do about it, in a sentence. */
export const helpText = ({ id }: Cause): string => causeRules[id].help;

/** A mistake in lines: what it is, both formulas, what to do, and the right line. */
export const causeText = (cause: Cause): string =>
  [
    cause.message,
    ...formulaRows(cause).map(([who, formula]) => `${who}: ${formula}`),
    helpText(cause),
    ...mendingText(cause),
  ].join("\n");

/** The cause and those that come with it, in one list. */
export const causesOf = ({ cause }: CheckVerdict): readonly Cause[] =>
  cause === null ? [] : [cause, ...(cause.also ?? [])];

/** The verdict in a sentence or two, without what each tensor says. */
export function outcomeText(verdict: CheckVerdict): string {
  const { problem, tensors, forward } = verdict;
  if (problem !== null) return `${problem.message}: ${problem.advice}`;
  const different = worstFirst(tensors);
  const about = `compared ${extentText(verdict)}`;
  if (verdict.verdict === "equal") return `${about}: ${equalText(verdict)}`;
  if (different.length > 0)
    return `${different.map(({ name }) => name).join(", ")} ${different.length === 1 ? "differs" : "differ"} from the derived gradient (${about})`;
  if (forward?.equal === false) return `the forward pass differs: ${forward.message}`;
  return `${verdict.verdict} (${about})${[...verdict.notes, ...verdict.warnings].map((note) => `; ${note}`).join("")}`;
}

/** What EQUAL says, and no more. */
export const equalText = ({ draws, regions }: CheckVerdict): string =>
  draws === 0
    ? "equal within rounding"
    : `no counterexample found${regions.length === 0 ? "" : " over the regions visited"}`;

/** Texts of the checked code may hold anything: what would steer a terminal or break a format is spelled out. */
export function spelledOut<T>(value: T): T {
  if (typeof value === "string") return spell(value) as T;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => spelledOut(item)) as T;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, spelledOut<unknown>(item)])) as T;
}

/** Control characters but tab and newline, marks that turn the direction of writing, and halves of pairs. */
const unprintable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff\p{Cs}]/gu;

const spell = (text: string): string =>
  text
    .replaceAll("\r\n", "\n")
    .replace(unprintable, (c) =>
      c === "\n" || c === "\t" ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
