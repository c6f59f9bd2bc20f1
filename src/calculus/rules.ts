import { algebraRules } from "./rules-algebra.ts";
import { chainRules } from "./rules-chain.ts";
import { differentiationRules } from "./rules-differentiation.ts";

/**
 * All rules, by frozen id. Documents, translations and tests refer to the ids; a rule may be added, an id
 * never changes its meaning.
 */
export const rules = { ...chainRules, ...differentiationRules, ...algebraRules };

export type RuleId = keyof typeof rules;
