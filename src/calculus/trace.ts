import {
  allSymbols,
  build,
  children,
  isBinder,
  print,
  same,
  view,
  withChildren,
  type Expr,
} from "../expression/index.ts";
import type { Context } from "./context.ts";
import type { Rule, Scope } from "./rule.ts";
import { rules, type RuleId } from "./rules.ts";

/** One printed equality: `before = after` by the rule named, whose reason speaks of the slots. */
export interface Step {
  readonly rule: RuleId;
  readonly before: Expr;
  readonly after: Expr;
  readonly slots: Readonly<Record<string, Expr>>;
}

/** A chain of equalities from `goal` to `result`, each the `before` of the next. */
export interface Trace {
  readonly goal: Expr;
  readonly steps: readonly Step[];
  readonly result: Expr;
}

const mostSteps = 200;

/**
 * Rewrites `goal` until none of the rules applies; at each step the first in the list that does, everywhere
 * it does. `ruleSet` is a parameter so that a test can corrupt a rule.
 */
export function rewrite(
  goal: Expr,
  strategy: readonly RuleId[],
  context: Context,
  ruleSet: Readonly<Record<RuleId, Rule>> = rules,
): Trace {
  const steps: Step[] = [];
  let current = goal;
  for (;;) {
    const step = nextStep(current, strategy, context, ruleSet);
    if (step === null) return { goal, steps, result: current };
    if (steps.length === mostSteps)
      throw new Error(
        `no end to the rewriting of ${print(goal)}: ${steps
          .slice(-3)
          .map((s) => s.rule)
          .join(", ")}, …`,
      );
    steps.push(step);
    current = step.after;
  }
}

function nextStep(
  current: Expr,
  strategy: readonly RuleId[],
  context: Context,
  ruleSet: Readonly<Record<RuleId, Rule>>,
): Step | null {
  // An index must not have the name of a variable or a size either: alone, they look alike.
  const { tensors, equations } = context.named;
  const names = [...tensors, ...equations].map(({ variable }) => variable.family);
  const sizes = [...tensors.flatMap((t) => t.sizes), ...equations.flatMap((e) => e.ranges.map(({ size }) => size))];
  const free = new Set([...context.ranges.keys(), ...names, ...sizes.flatMap((size) => [...allSymbols(size)])]);
  for (const id of strategy) {
    const slots: Record<string, Expr> = {};
    const after = everywhere(
      current,
      ruleSet[id],
      context,
      { ranges: context.ranges, taken: free, isWhole: true },
      slots,
    );
    if (!same(after, current)) return { rule: id, before: current, after, slots };
  }
  return null;
}

/** Applies a rule at the outermost nodes that it fits. The slots kept are those of the first. */
function everywhere(node: Expr, rule: Rule, context: Context, scope: Scope, slots: Record<string, Expr>): Expr {
  const rewritten = rule(node, context, scope);
  if (rewritten !== null) {
    for (const [name, slot] of Object.entries(rewritten.slots ?? {})) slots[name] ??= slot;
    return rewritten.after;
  }
  const v = view(node);
  if (isBinder(v)) {
    const inner: Scope = {
      ranges: new Map([...scope.ranges, [v.index, v.to]]),
      taken: new Set([...scope.taken, v.index]),
      isWhole: false,
    };
    const body = everywhere(v.body, rule, context, inner, slots);
    return body === v.body ? node : build({ ...v, body });
  }
  // A new index must differ from those of neighbouring factors too, or a later product would nest like names.
  const taken = v.kind === "multiply" ? new Set([...scope.taken, ...allSymbols(node)]) : scope.taken;
  const around: Scope = { ...scope, taken, isWhole: false };
  const parts = children(node);
  const found = parts.map((part) => everywhere(part, rule, context, around, slots));
  return found.every((part, i) => part === parts[i]) ? node : withChildren(node, found);
}
