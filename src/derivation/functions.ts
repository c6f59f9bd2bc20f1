import { deriveFunction, functionModel, rules, type Rule, type RuleId } from "../calculus/index.ts";
import type { ScalarFunction } from "../equations/index.ts";
import { derivativeForm, drawPoints, leaning, randomPoint } from "../exact/index.ts";
import { checkedSteps } from "./certify.ts";
import type { DerivedFunction } from "./derivation.ts";
import { kinksOf } from "./kinks.ts";
import { stepDraws, stepSeed } from "./points.ts";

/** The derivative of a function of numbers, every step checked. */
export function derivedFunction(
  definition: ScalarFunction,
  ruleSet: Readonly<Record<RuleId, Rule>> = rules,
): DerivedFunction {
  const form = derivativeForm(definition);
  const { goal, steps, result } = deriveFunction(definition, form, ruleSet);
  const points = drawPoints(stepDraws, stepSeed, (random, nth) =>
    randomPoint(functionModel(definition), { l: 0, L: 0 }, random, [], [definition], leaning(nth)),
  );
  const name = `derivative of ${definition.name}`;
  const kinks = kinksOf(definition, form, "activation");
  return { definition, form, kinks, goal, steps: checkedSteps(name, steps, [], () => points), derivative: result };
}
