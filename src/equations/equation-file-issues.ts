import { pointAt, Refusal } from "../expression/index.ts";
import { Problem, problem } from "../problem.ts";

/** What is wrong at a place of a file, or worth knowing. */
interface Issue {
  /** Counted from 0. */
  readonly line: number;
  readonly at: number;
  readonly what: string;
  readonly advice: string | null;
}

/** The mistakes of a file, collected while it is read, so that they are told together. */
export interface Issues {
  readonly add: (line: number, at: number, what: string, advice?: string | null) => void;
  /** Runs `read`; where it refuses something of that line, the refusal is collected and the result is null. */
  readonly attempt: <Value>(line: number, read: () => Value) => Value | null;
  /** Each as a problem of its own, in the order of the file. */
  readonly problems: () => readonly Problem[];
  /** @throws Problem with all that has been collected, where there is anything */
  readonly throwIfAny: () => void;
}

const mostShown = 20;

export function issuesOf(lines: readonly string[], fileName: string): Issues {
  const found = new Map<string, Issue>();
  const add: Issues["add"] = (line, at, what, advice = null) => {
    const key = `${line}:${at}`;
    // A refusal without words follows from another; a place that is read for every step is told of once.
    if (what !== "" && !found.has(key)) found.set(key, { line, at, what, advice });
  };
  const attempt = <Value>(line: number, read: () => Value): Value | null => {
    try {
      return read();
    } catch (error) {
      if (error instanceof Refusal) add(line, error.at, error.message, error.advice);
      else if (error instanceof Problem) add(line, 0, error.message, error.advice);
      else throw error;
      return null;
    }
  };
  const problems = (): readonly Problem[] =>
    [...found.values()]
      .sort((a, b) => a.line - b.line || a.at - b.at)
      .map(({ line, at, what, advice }) => {
        const { column, picture } = pointAt(lines[line] ?? "", at);
        return problem(
          "equations",
          `${fileName}:${line + 1}:${column}: ${what}\n${picture}`,
          advice ?? "write an equation as in z2[j] = sum(W2[j,i]*x[i], i) + b2[j]",
        );
      });
  const throwIfAny = (): void => {
    const all = problems();
    const [first] = all;
    if (first === undefined) return;
    if (all.length === 1) throw first;
    const shown = all.slice(0, mostShown).map(({ message, advice }) => `${message}\n    ${advice}`);
    const more = all.length > mostShown ? [`and ${all.length - mostShown} more`] : [];
    throw problem("equations", [...shown, ...more].join("\n"), `mend the ${all.length} places; nothing was read`);
  };
  return { add, attempt, problems, throwIfAny };
}
