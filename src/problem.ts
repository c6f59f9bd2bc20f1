/**
 * A mistake of the user's, told so that it can be mended: `code` is stable and names the kind, the message
 * says what is wrong and where, `advice` says what to do. Broken invariants of ours throw a plain `Error`.
 */
export class Problem extends Error {
  readonly code: string;
  readonly advice: string;

  constructor(code: string, message: string, advice: string) {
    super(message);
    this.name = "Problem";
    this.code = code;
    this.advice = advice;
  }
}

/** Makes a {@link Problem}; throwing is left to the caller so that control flow stays visible. */
export function problem(code: string, message: string, advice: string): Problem {
  return new Problem(code, message, advice);
}
