import {
  derivativeName,
  leftSide,
  targetVariable,
  variableKey,
  type Range,
  type ScalarFunction,
} from "../equations/index.ts";
import {
  add,
  allSymbols,
  atom,
  build,
  children,
  divide,
  fold,
  freeSymbols,
  freshIndex,
  isElementary,
  kronecker,
  multiply,
  num,
  partial,
  print,
  renameApart,
  same,
  some,
  substitute,
  subtract,
  sum,
  sym,
  transform,
  view,
  negate,
  withChildren,
  type Expr,
} from "../expression/index.ts";
import { cancelled, isVarying, tuplesOfLetters, withCommonFactor, withValueNamed } from "./algebra.ts";
import {
  dependsOn,
  equationOf,
  firstTracked,
  mentions,
  valueAt,
  variableOf,
  type Context,
  type DerivativeForm,
} from "./context.ts";
import { derivativeOfOperation, derivativeOfSummand } from "./scalar-derivative.ts";

/** What a rule puts in the place of a node, and the expressions that its reason speaks of. */
export interface Rewrite {
  readonly after: Expr;
  readonly slots?: Readonly<Record<string, Expr>>;
}

/** Where a node stands: the sizes of all indices in scope, and every name that a new index has to avoid. */
export interface Scope {
  readonly ranges: ReadonlyMap<string, Expr>;
  readonly taken: ReadonlySet<string>;
  /** Is the node the whole expression? */
  readonly isWhole: boolean;
}

/** A rewrite of equals by equals. The condition under which it holds is tested inside; null means it does not apply. */
export type Rule = (node: Expr, context: Context, scope: Scope) => Rewrite | null;

type PartialView = Extract<ReturnType<typeof view>, { kind: "partial" }>;
const asPartial = (node: Expr): PartialView | null => {
  const v = view(node);
  return v.kind === "partial" ? v : null;
};

const isObjective = (node: Expr, { model }: Context): boolean => {
  const own = variableOf(node);
  return own !== null && variableKey(own) === variableKey(model.objective);
};

const isEntryOf = (node: Expr, by: Expr): boolean => {
  const [own, other] = [variableOf(node), variableOf(by)];
  return own !== null && other !== null && variableKey(own) === variableKey(other);
};

/**
 * All rules, by frozen id. Documents, translations and tests refer to the ids; a rule may be added, an id
 * never changes its meaning.
 */
export const rules = {
  /** δ_j → ∂J/∂z_j, and any other adjoint that has a name. */
  "adjoint-definition": (node, context) => {
    const v = view(node);
    const name = context.adjoints.get(variableKey(context.target));
    if (v.kind !== "atom" || name === undefined || variableKey(v.variable) !== variableKey(name)) return null;
    const after = partial(sym(context.model.objective.family), atom(context.target, v.indices));
    return { after, slots: { adjoint: node, derivative: after } };
  },

  /** ∂J/∂v_I → Σ over every tracked u that v acts upon first, of ∂J/∂u_K · ∂u_K/∂v_I. */
  "chain-rule": (node, context, scope) => {
    const v = asPartial(node);
    if (
      v === null ||
      !isObjective(v.of, context) ||
      variableKey(variableOf(v.by) ?? context.model.objective) !== variableKey(context.target)
    )
      return null;
    const hits = firstTracked(context.target, context.model, context.tracked);
    if (hits.length === 0) return null;
    const taken = new Set([...scope.taken, ...allSymbols(node)]);
    const through = hits.map((equation) => {
      const entry = leftSide(equation, freshIndices(equation.ranges.length, taken).map(sym));
      const term = multiply(partial(v.of, entry), partial(entry, v.by));
      return {
        entry,
        total: equation.ranges.reduceRight(
          (body, { size }, i) => sum(print(children(entry)[i] as Expr), size, body),
          term,
        ),
      };
    });
    return {
      after: add(...through.map((t) => t.total)),
      slots: { target: v.by, through: (through[0] as { entry: Expr }).entry },
    };
  },

  /** ∂J/∂u_K → δ_K for a u whose adjoint has a name. */
  "adjoint-name": (node, context) => {
    const v = asPartial(node);
    if (v === null || !isObjective(v.of, context)) return null;
    const own = view(v.by);
    if (own.kind !== "atom" || isEntryOf(v.by, atom(context.target, own.indices))) return null;
    const adjoint = context.adjoints.get(variableKey(own.variable));
    return adjoint === undefined
      ? null
      : { after: atom(adjoint, own.indices), slots: { adjoint: atom(adjoint, own.indices), derivative: node } };
  },

  /** Inside ∂e/∂v, an entry that v acts upon is replaced by what its forward equation says. */
  "forward-equation": (node, context, scope) => {
    const v = asPartial(node);
    const target = v === null ? null : variableOf(v.by);
    if (v === null || target === null || isObjective(v.of, context)) return null;
    return expandInside(node, v, context, scope);
  },

  /** The same for J itself, once its derivative is to be worked out. */
  "objective-equation": (node, context, scope) => {
    const v = asPartial(node);
    return v === null || !isObjective(v.of, context) ? null : expandInside(node, v, context, scope);
  },

  /** The derivative of a sum is the sum of the derivatives; a constant factor stays outside. */
  linearity: (node, context, scope) => {
    const v = asPartial(node);
    if (v === null) return null;
    const of = view(v.of);
    switch (of.kind) {
      case "add":
        return { after: add(...of.terms.map((t) => partial(t, v.by))) };
      case "subtract":
        return { after: subtract(partial(of.left, v.by), partial(of.right, v.by)) };
      case "negate":
        return { after: negate(partial(of.of, v.by)) };
      case "sum": {
        const clash = freeSymbols(v.by).has(of.index);
        const index = clash ? freshIndex(new Set([...scope.taken, ...allSymbols(node)])) : of.index;
        const body = clash ? substitute(of.body, new Map([[of.index, sym(index)]])) : of.body;
        return { after: sum(index, of.to, partial(body, v.by)) };
      }
      case "multiply": {
        const by = variableOf(v.by);
        if (by === null) return null;
        const constants = of.factors.filter((f) => !dependsOn(f, by, context.model));
        const others = of.factors.filter((f) => dependsOn(f, by, context.model));
        const isSum = others.length === 1 && ["sum", "add", "subtract"].includes(view(others[0] as Expr).kind);
        return constants.length > 0 && isSum
          ? { after: multiply(...constants, partial(others[0] as Expr, v.by)) }
          : null;
      }
      default:
        return null;
    }
  },

  /** ∂e/∂v → 0 where e does not depend on v, directly or through an equation. */
  constant: (node, { model }) => {
    const v = asPartial(node);
    const by = v === null ? null : variableOf(v.by);
    if (v === null || by === null || isObjective(v.of, { model } as Context) || dependsOn(v.of, by, model)) return null;
    return { after: num(0), slots: { constant: v.of, variable: v.by } };
  },

  /** Ordinary differentiation of a function of scalars, by mathjs: product, quotient, power and chain rule. */
  "scalar-derivative": (node, { model }) => {
    const v = asPartial(node);
    if (v === null || variableOf(v.of) !== null || ["choose", "maximum"].includes(view(v.of).kind)) return null;
    return { after: derivativeOfSummand(v.of, v.by, model), slots: { function: v.of } };
  },

  /** ∂v_P/∂v_I → 1 where P = I and 0 elsewhere: the entries of a variable are independent of each other. */
  "independent-entries": (node) => {
    const v = asPartial(node);
    if (v === null || !isEntryOf(v.of, v.by)) return null;
    const [left, right] = [children(v.of), children(v.by)];
    const after = multiply(...left.map((index, i) => kronecker(index, right[i] as Expr)));
    return { after: fold(after), slots: { derivative: node } };
  },

  /** Σ_k e → e at k = j where e vanishes for every other k, and j runs over the same range. */
  collapse: (node, _, scope) => {
    const v = view(node);
    if (v.kind !== "sum") return null;
    for (const factor of kroneckers(v.body)) {
      const other = pinnedTo(factor, v.index);
      if (other === null || !sameRange(other, v.to, scope) || !vanishesWithout(v.body, factor)) continue;
      const rest = replacing(v.body, factor, num(1));
      return { after: substitute(rest, new Map([[v.index, other]])), slots: { index: sym(v.index), value: other } };
    }
    return null;
  },

  /** Σ_k c·e_k → c·Σ_k e_k where c does not mention k. */
  hoist: (node) => {
    const v = view(node);
    if (v.kind !== "sum") return null;
    const isFixed = (e: Expr): boolean => !freeSymbols(e).has(v.index);
    const body = view(v.body);
    if (body.kind === "negate") {
      const after = negate(sum(v.index, v.to, body.of));
      return { after, slots: { factor: num(-1), index: sym(v.index) } };
    }
    const quotient = body.kind === "divide" ? body : { over: v.body, under: num(1) };
    const over = view(quotient.over);
    const factors = over.kind === "multiply" ? over.factors : [quotient.over];
    const fixed = factors.filter(isFixed);
    const isUnderFixed = body.kind === "divide" && isFixed(quotient.under);
    if (fixed.length === 0 && !isUnderFixed) return null;
    const varying = multiply(...factors.filter((f) => !isFixed(f)));
    const inside = body.kind === "divide" && !isUnderFixed ? divide(varying, quotient.under) : varying;
    const outside = isUnderFixed ? [divide(multiply(...fixed), quotient.under)] : fixed;
    return {
      after: multiply(sum(v.index, v.to, inside), ...outside),
      slots: { factor: multiply(...outside), index: sym(v.index) },
    };
  },

  /** Exact arithmetic: zero terms and unit factors vanish, constants and equal factors combine. */
  fold: (node) => {
    const after = fold(node);
    return same(after, node) ? null : { after };
  },

  /** f′(z) → its value, in terms of a = f(z) where the identity has been established, else of z. */
  "function-derivative": (node, { named, derivativeForms }) => {
    const v = view(node);
    if (v.kind !== "call") return null;
    const [argument] = v.args as [Expr];
    const form = derivativeForms.find(
      (f) =>
        derivativeName(f.name) === v.name &&
        (f.layer === null ? v.layer === null : v.layer !== null && print(v.layer) === String(f.layer)),
    );
    if (form === undefined) return null;
    const own = call(v, form.name);
    const value = form.in === "z" ? argument : (entryWithValue(own, argument, named) ?? own);
    return {
      after: substitute(form.formula, new Map([[form.in, value]])),
      slots: { derivative: node, variable: value },
    };
  },

  /** ∂J/∂v → what has been derived for it. */
  "objective-derivative": (node, { model, objectiveDerivative: known }) => {
    const v = asPartial(node);
    if (v === null || known === null || !isObjective(v.of, { model } as Context)) return null;
    const own = view(v.by);
    if (own.kind !== "atom" || variableKey(own.variable) !== variableKey(known.variable)) return null;
    const at = new Map(known.indices.map((index, i) => [index, own.indices[i] as Expr]));
    return { after: substitute(known.value, at), slots: { derivative: node } };
  },

  /** f′(z) → d/dz of the formula of f. */
  "derivative-definition": (node, { definitions }) => {
    const v = view(node);
    if (v.kind !== "call") return null;
    const definition = definitions.find((f) => derivativeName(f.name) === v.name);
    return definition === undefined
      ? null
      : {
          after: partial(definition.value, sym(definition.argument)),
          slots: { derivative: node, function: call(v, definition.name) },
        };
  },

  /** dz/dz → 1 */
  "variable-itself": (node) => {
    const v = asPartial(node);
    return v !== null && view(v.of).kind === "symbol" && same(v.of, v.by)
      ? { after: num(1), slots: { derivative: node } }
      : null;
  },

  /** (uv)′ → u′v + uv′ */
  "product-rule": (node, context) => outermost(node, context, ["multiply"]),

  /** (u/v)′ → u′/v − uv′/v² */
  "quotient-rule": (node, context) => outermost(node, context, ["divide"]),

  /** (uⁿ)′ → n·uⁿ⁻¹·u′ */
  "power-rule": (node, context) => outermost(node, context, ["power"]),

  /** f(u)′ → f′(u)·u′ for an elementary function f. */
  "outer-function": (node, context) => outermost(node, context, ["call"]),

  /** A derivative in z as the same function expressed through f(z), written out: the identity is one to be checked, not derived. */
  "same-function": (node, { derivativeForms, definitions }, { isWhole }) => {
    const [form, definition] = [derivativeForms[0], definitions[0]];
    if (form === undefined || definition === undefined || form.in !== "a" || !isWhole || hasPartial(node)) return null;
    const after = substitute(form.formula, new Map([["a", definition.value]]));
    return isRewritten(node, form, definition)
      ? null
      : { after, slots: { value: valueCall(form, definition), formula: definition.value } };
  },

  /** The formula of f → f(z). */
  "function-value": (node, { derivativeForms, definitions }, { isWhole }) => {
    const [form, definition] = [derivativeForms[0], definitions[0]];
    if (form === undefined || definition === undefined || form.in !== "a" || !isWhole) return null;
    if (!same(node, substitute(form.formula, new Map([["a", definition.value]])))) return null;
    const value = valueCall(form, definition);
    return {
      after: substitute(form.formula, new Map([["a", value]])),
      slots: { value, formula: definition.value },
    };
  },

  /** ∂(c ? u : v)/∂x → c ? ∂u/∂x : ∂v/∂x; on the boundary, the derivative of the branch that the condition picks. */
  piecewise: (node) => {
    const v = asPartial(node);
    const of = v === null ? null : view(v.of);
    if (v === null || of?.kind !== "choose") return null;
    const [then, otherwise] = [partial(of.then, v.by), partial(of.otherwise, v.by)];
    return { after: build({ ...of, then, otherwise }), slots: { function: v.of, left: of.left, right: of.right } };
  },

  /** Σ_k (u − v)·c → Σ_k uc − Σ_k vc where a bracket in u or v then leaves one term of its sum. */
  distribute: (node, _, scope) => {
    const v = view(node);
    if (v.kind !== "sum") return null;
    const isPinned = kroneckers(v.body).some((bracket) => {
      const other = pinnedTo(bracket, v.index);
      return other !== null && sameRange(other, v.to, scope);
    });
    const body = view(v.body);
    const factors = body.kind === "multiply" ? body.factors : [v.body];
    const split = factors.find((f) => ["add", "subtract"].includes(view(f).kind) && kroneckers(f).length > 0);
    if (!isPinned || split === undefined) return null;
    const over = (term: Expr): Expr =>
      sum(v.index, v.to, fold(multiply(...factors.map((factor) => (factor === split ? term : factor)))));
    const terms = view(split);
    const after =
      terms.kind === "subtract"
        ? subtract(over(terms.left), over(terms.right))
        : add(...(terms.kind === "add" ? terms.terms : [split]).map(over));
    return { after, slots: { factor: split, index: sym(v.index) } };
  },

  /** uc − vc → (u − v)c */
  "common-factor": (node) => {
    const after = withCommonFactor(node, isVarying);
    return after === null ? null : { after };
  },

  /** Multiplying out where that cancels a divisor. */
  cancel: (node) => {
    const after = cancelled(node);
    return after === null || same(after, node) ? null : { after };
  },

  /** ∂u_P/∂v_I → what has been derived for it. */
  jacobian: (node, { jacobians }, scope) => {
    const v = asPartial(node);
    const [of, by] = [v === null ? null : view(v.of), v === null ? null : view(v.by)];
    if (of?.kind !== "atom" || by?.kind !== "atom") return null;
    const known = jacobians.find(
      (j) => variableKey(j.of) === variableKey(of.variable) && variableKey(j.by) === variableKey(by.variable),
    );
    if (known === undefined) return null;
    const at = [...of.indices, ...by.indices];
    const value = substitute(known.value, new Map(known.indices.map((index, i) => [index, at[i] as Expr])));
    const after = renameApart(value, new Set([...scope.taken, ...allSymbols(node)]));
    return { after, slots: { derivative: node } };
  },

  /** The formula of an entry, such as exp(z_p)/Σ_q exp(z_q), → the entry, a_p. */
  "entry-value": (node, { named }, { ranges }) => {
    const v = view(node);
    if (v.kind === "call" && isElementary(v.name)) {
      const name = entryWithValue(node, v.args[0] as Expr, named);
      return name === null ? null : { after: name, slots: { value: name, formula: node } };
    }
    if (v.kind !== "multiply" && v.kind !== "divide") return null;
    for (const equation of named.equations) {
      if (view(equation.value).kind !== "divide" || !some(equation.value, (n) => view(n).kind === "sum")) continue;
      for (const at of tuplesOfLetters(node, equation.ranges, ranges)) {
        const name = leftSide(equation, at);
        const value = valueAt(equation, at, new Set());
        const after = withValueNamed(node, value, name);
        if (after !== null) return { after, slots: { value: name, formula: value } };
      }
    }
    return null;
  },

  /** ∂J/∂R → ∂(C + R)/∂R for a scalar R that is a term of J. */
  "added-term": (node, context, scope) => {
    const v = asPartial(node);
    if (v === null || !isObjective(v.of, context) || view(v.by).kind !== "symbol") return null;
    const equation = equationOf(context.model.objective, context.model);
    if (equation === undefined) return null;
    const after = partial(valueAt(equation, [], new Set([...scope.taken, ...allSymbols(node)])), v.by);
    return { after, slots: { variable: v.of } };
  },

  /** ∂/∂w^l Σ_m f(w^m) → ∂/∂w^l f(w^l): the terms of other layers do not have w^l in them. */
  "layer-term": (node) => {
    const v = asPartial(node);
    const [of, by] = [v === null ? null : view(v.of), v === null ? null : view(v.by)];
    if (v === null || of?.kind !== "sum" || by?.kind !== "atom" || by.variable.layer === null) return null;
    const layer = layerOf(of.body, by.variable.family, of.index);
    if (layer === null) return null;
    // The layer is m + c, so that it is l at m = l − c.
    const term = fold(add(by.variable.layer, fold(subtract(sym(of.index), layer))));
    const body = withFoldedLayers(substitute(of.body, new Map([[of.index, term]])));
    return { after: partial(body, v.by), slots: { variable: v.by } };
  },

  /** v̄_I → Σ over every equation u = f(v, …), of Σ_K ū_K · ∂f_K/∂v_I with all variables but v held fixed. */
  "adjoint-sum": (node, { target, named, adjoints }, scope) => {
    const [own, name] = [variableOf(node), adjoints.get(variableKey(target))];
    if (own === null || name === undefined || variableKey(own) !== variableKey(name)) return null;
    const by = atom(target, children(node));
    const taken = new Set([...scope.taken, ...allSymbols(node)]);
    const terms = named.equations
      .filter((equation) => mentions(equation.value, target))
      .map((equation) => {
        const letters = ownIndices(equation.ranges, taken);
        const value = valueAt(equation, letters.map(sym), taken);
        allSymbols(value).forEach((name) => taken.add(name));
        const local = partial(value, by);
        if (variableKey(equation.variable) === variableKey(named.objective)) return local;
        const through = atom(adjoints.get(variableKey(equation.variable)) ?? equation.variable, letters.map(sym));
        return equation.ranges.reduceRight(
          (body, { size }, i) => sum(letters[i] as string, size, body),
          multiply(through, local),
        );
      });
    return { after: terms.length === 0 ? num(0) : add(...terms), slots: { adjoint: node, variable: by } };
  },

  /** ū_K → what has been derived for it. */
  "adjoint-value": (node, { adjointValues }, scope) => {
    const own = view(node).kind === "atom" ? variableOf(node) : null;
    const known = adjointValues.find((a) => own !== null && variableKey(a.variable) === variableKey(own));
    if (known === undefined) return null;
    const at = new Map(known.indices.map((index, i) => [index, children(node)[i] as Expr]));
    const after = renameApart(substitute(known.value, at), new Set([...scope.taken, ...allSymbols(node)]));
    return { after, slots: { derivative: node } };
  },

  /** Σ_p y_p → 1: an assumption on the targets, not an identity. */
  "targets-sum": (node) => {
    const v = view(node);
    const body = v.kind === "sum" ? view(v.body) : null;
    if (v.kind !== "sum" || body?.kind !== "atom") return null;
    const isTarget = variableKey(body.variable) === variableKey(targetVariable);
    return isTarget && same(body.indices[0] as Expr, sym(v.index)) ? { after: num(1), slots: { sum: node } } : null;
  },
} satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;

const call = (v: Extract<ReturnType<typeof view>, { kind: "call" }>, name: string): Expr => build({ ...v, name });

/** One differentiation rule, applied to the outermost operation of what stands under the derivative. */
function outermost(node: Expr, { model }: Context, kinds: readonly string[]): Rewrite | null {
  const v = asPartial(node);
  if (v === null || !kinds.includes(view(v.of).kind)) return null;
  return { after: derivativeOfOperation(v.of, v.by, model), slots: { function: v.of } };
}

const hasPartial = (expr: Expr): boolean => some(expr, (node) => view(node).kind === "partial");

const valueCall = ({ name, layer }: DerivativeForm, { argument }: ScalarFunction): Expr =>
  build({ kind: "call", name, layer: layer === null ? null : num(layer), args: [sym(argument)] });

/** Is the expression the form in f(z) already, written out or not? */
const isRewritten = (node: Expr, form: DerivativeForm, definition: ScalarFunction): boolean =>
  [definition.value, valueCall(form, definition)].some((a) =>
    same(node, substitute(form.formula, new Map([["a", a]]))),
  );

/** The letters of an equation's own indices where they are free, else fresh ones; added to `taken`. */
function ownIndices(ranges: readonly Range[], taken: Set<string>): string[] {
  return ranges.map(({ index }) => {
    const letter = taken.has(index) ? freshIndex(taken) : index;
    taken.add(letter);
    return letter;
  });
}

/** Fresh names, added to `taken`. */
function freshIndices(count: number, taken: Set<string>): string[] {
  return Array.from({ length: count }, () => {
    const index = freshIndex(taken);
    taken.add(index);
    return index;
  });
}

/** Replaces, in the differentiated expression, the entries of the first variable that is still to be written out. */
function expandInside(node: Expr, v: PartialView, context: Context, scope: Scope): Rewrite | null {
  const by = variableOf(v.by);
  if (by === null) return null;
  const replaced: Expr[] = [];
  const taken = new Set([...scope.taken, ...allSymbols(node)]);
  const visit = (e: Expr): Expr => {
    const own = variableOf(e);
    if (own !== null) {
      const equation = equationOf(own, context.model);
      const isDue =
        variableKey(own) !== variableKey(by) &&
        equation !== undefined &&
        !context.jacobians.some((j) => variableKey(j.of) === variableKey(own)) &&
        dependsOn(e, by, context.model) &&
        replaced.every((r) => isEntryOf(e, r));
      if (!isDue) return e;
      replaced.push(e);
      return valueAt(equation, children(e), taken);
    }
    const parts = children(e);
    return parts.length === 0 ? e : withChildren(e, parts.map(visit));
  };
  const of = visit(v.of);
  const [first] = replaced;
  return first === undefined ? null : { after: partial(of, v.by), slots: { variable: first } };
}

/** The brackets of a summand; those of a sum inside are that sum's own business. */
function kroneckers(expr: Expr): readonly Expr[] {
  const { kind } = view(expr);
  if (kind === "kronecker") return [expr];
  return kind === "sum" ? [] : children(expr).flatMap(kroneckers);
}

/** Is the expression zero wherever the bracket is? */
const vanishesWithout = (expr: Expr, bracket: Expr): boolean => same(fold(replacing(expr, bracket, num(0))), num(0));

/** A factor of one is left out of a product. */
function replacing(expr: Expr, part: Expr, by: Expr): Expr {
  if (same(expr, part)) return by;
  const v = view(expr);
  if (v.kind === "multiply" && same(by, num(1)))
    return multiply(...v.factors.filter((f) => !same(f, part)).map((f) => replacing(f, part, by)));
  const parts = children(expr);
  return parts.length === 0
    ? expr
    : withChildren(
        expr,
        parts.map((p) => replacing(p, part, by)),
      );
}

/** For [k = e] or [e = k]: e, provided that it is free of k. */
function pinnedTo(factor: Expr, index: string): Expr | null {
  const v = view(factor);
  if (v.kind !== "kronecker") return null;
  const isIndex = (e: Expr): boolean => same(e, sym(index));
  const other = isIndex(v.left) ? v.right : isIndex(v.right) ? v.left : null;
  return other === null || freeSymbols(other).has(index) ? null : other;
}

function sameRange(index: Expr, to: Expr, scope: Scope): boolean {
  const v = view(index);
  const range = v.kind === "symbol" ? scope.ranges.get(v.name) : undefined;
  return range !== undefined && same(range, to);
}

/** The layer of the entries of `family` in an expression, where it depends on `index`. */
function layerOf(expr: Expr, family: string, index: string): Expr | null {
  let found: Expr | null = null;
  some(expr, (node) => {
    const v = view(node);
    const layer = v.kind === "atom" && v.variable.family === family ? v.variable.layer : null;
    if (layer !== null && freeSymbols(layer).has(index)) found = layer;
    return found !== null;
  });
  return found;
}

const withFoldedLayers = (expr: Expr): Expr =>
  fold(
    transform(expr, (node) => {
      const v = view(node);
      if (v.kind !== "atom" || v.variable.layer === null) return node;
      return build({ ...v, variable: { ...v.variable, layer: fold(v.variable.layer) } });
    }),
  );

/** The entry that an equation defines as f(argument), such as a[l][j] for sigma(z[l][j]). */
function entryWithValue(value: Expr, argument: Expr, model: Context["model"]): Expr | null {
  const indices = children(argument);
  for (const equation of model.equations) {
    if (equation.ranges.length !== indices.length) continue;
    if (some(equation.value, (n) => view(n).kind === "sum")) continue;
    if (same(valueAt(equation, indices, new Set()), value)) return leftSide(equation, indices);
  }
  return null;
}
