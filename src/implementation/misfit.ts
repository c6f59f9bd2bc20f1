import { describeFailure } from "./failure.ts";

/** Why the checked code cannot be called or read in some way; of several, the highest rank tells most. */
export class Misfit extends Error {
  readonly rank: number;
  readonly code: keyof typeof ranks;
  readonly advice: string | null;
  /** Is it certain that other layouts of the parameters fit no better? */
  readonly isSettled: boolean;

  constructor(code: keyof typeof ranks, message: string, advice: string | null = null, isSettled = false) {
    super(message);
    this.name = "Misfit";
    this.rank = ranks[code];
    this.code = code;
    this.advice = advice;
    this.isSettled = isSettled;
  }

  advised(advice: string): Misfit {
    return new Misfit(this.code, this.message, this.advice ?? advice, this.isSettled);
  }

  settled(): Misfit {
    return new Misfit(this.code, this.message, this.advice, true);
  }
}

export type MisfitCode = Misfit["code"];

/** How far the call had come. */
const ranks = {
  threw: 0,
  "no-gradient": 1,
  "missing-gradient": 2,
  "missing-parameter": 2,
  "wrong-shape": 3,
  "not-finite": 4,
  "mutated-input": 5,
  "import-failed": 6,
  "export-missing": 6,
  "adapter-incomplete": 6,
  "parameters-not-kept": 6,
} as const;

/** Runs code of the user's. Throws a Misfit where it throws or rejects. */
export async function attempt(what: string, run: () => unknown): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    throw new Misfit("threw", `${what} throws ${describeFailure(error)}`);
  }
}

export const describeValue = (value: unknown): string =>
  value === null
    ? "null"
    : value === undefined
      ? "nothing"
      : Array.isArray(value)
        ? "a list"
        : typeof value === "object"
          ? "an object"
          : `a ${typeof value}`;
