import type { Step } from "../calculus/index.ts";
import type { Range } from "../equations/index.ts";
import { checkIdentity, DivisionByZero, type Certificate, type Points, type Verdict } from "../exact/index.ts";
import { print, type Expr } from "../expression/index.ts";
import type { CheckedStep } from "./derivation.ts";

/** A step that the exact check refuses: the derivation stops, nothing is written. */
export class RefusedStep extends Error {
  readonly step: string;

  constructor(step: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RefusedStep";
    this.step = step;
  }
}

/**
 * Holds two sides of an equality against each other.
 *
 * @throws RefusedStep with the step's name where they differ, or where one has no value
 */
export function certify(
  step: string,
  before: Expr,
  after: Expr,
  ranges: readonly Range[],
  points: Points,
  mostTuples?: number,
): Certificate {
  const verdict = verdictOn(step, before, after, ranges, points, mostTuples);
  if (verdict.holds) return verdict.certificate;
  const at = Object.entries(verdict.counterexample.indices).map(([index, value]) => `${index} = ${value}`);
  const where = at.length > 0 ? ` at ${at.join(", ")}` : "";
  throw new RefusedStep(
    step,
    `step ${step} is refused: in exact draw ${verdict.counterexample.draw + 1}${where}\n  ${print(before)}\nis not equal to\n  ${print(after)}`,
  );
}

/** Was a step refused only because a denominator vanished where it was looked at? */
export function isVoid(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) if (e instanceof DivisionByZero) return true;
  return false;
}

/** A side that has no value, such as one with an index outside its range, is refused like a wrong one. */
function verdictOn(
  step: string,
  before: Expr,
  after: Expr,
  ranges: readonly Range[],
  points: Points,
  mostTuples?: number,
): Verdict {
  try {
    return checkIdentity(before, after, ranges, points, mostTuples);
  } catch (error) {
    throw new RefusedStep(step, `step ${step} is refused: ${(error as Error).message}`, { cause: error });
  }
}

/** How often other points are drawn where a step has no value at any, as a quotient by an output that is mostly 0. */
const mostAttempts = 20;

/** The steps of a trace, each held against the one before at the points that `pointsOf` names for it. */
export function checkedSteps(
  name: string,
  steps: readonly Step[],
  ranges: readonly Range[],
  pointsOf: (nth: number, attempt: number) => Points,
): readonly CheckedStep[] {
  const checked = (step: Step, nth: number, attempt: number): Certificate => {
    try {
      return certify(`${name}.${nth + 1} ${step.rule}`, step.before, step.after, ranges, pointsOf(nth, attempt));
    } catch (error) {
      if (!isVoid(error) || attempt === mostAttempts) throw error;
    }
    return checked(step, nth, attempt + 1);
  };
  return steps.map((step, nth) => ({ ...step, check: checked(step, nth, 0) }));
}
