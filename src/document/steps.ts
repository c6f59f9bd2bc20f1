import { reasons, type CheckedStep, type Language } from "../derivation/index.ts";
import type { Rich, StepLine } from "./content.ts";
import { expression } from "./phrase.ts";
import { say } from "./words.ts";

/** The steps of a trace with the reason of each. */
export function stepLines(steps: readonly CheckedStep[], language: Language): StepLine[] {
  return steps.map(({ rule, after, slots }) => {
    const formulas = Object.fromEntries(Object.entries(slots).map(([name, expr]) => [name, expression(expr)]));
    const rich = (text: string): Rich => ({ words: text, slots: formulas });
    return {
      right: after,
      name: rich(say(reasons[rule].name, language)),
      reason: rich(say(reasons[rule].reason, language)),
    };
  });
}
