import { leftSide, variableKey, type Range } from "../equations/index.ts";
import {
  add,
  allSymbols,
  atom,
  build,
  children,
  fold,
  freeSymbols,
  freshIndex,
  multiply,
  num,
  partial,
  print,
  renameApart,
  some,
  substitute,
  subtract,
  sum,
  sym,
  transform,
  view,
  withChildren,
  type Expr,
} from "../expression/index.ts";
import { dependsOn, equationOf, firstTracked, mentions, valueAt, variableOf, type Context } from "./context.ts";
import { asPartial, isEntryOf, isObjective, type PartialView, type Rewrite, type Rule, type Scope } from "./rule.ts";

/** Rules that follow how J depends on a variable: the chain rule, names of adjoints, what equations say. */
export const chainRules = {
  /** δ_j → ∂J/∂z_j, and any other adjoint that has a name. */
  "adjoint-definition": (node, context) => {
    const v = view(node);
    const name = context.adjoints.get(variableKey(context.target));
    if (v.kind !== "atom" || name === undefined || variableKey(v.variable) !== variableKey(name)) return null;
    const after = partial(sym(context.model.objective.family), atom(context.target, v.indices));
    return { after, slots: { adjoint: node, derivative: after } };
  },

  /** ∂J/∂v_I → Σ_K ∂J/∂u_K · ∂u_K/∂v_I for the one tracked u that v acts upon first. */
  "chain-rule": (node, context, scope) => {
    const through = throughTracked(node, context, scope);
    const [only] = through;
    if (only === undefined || through.length > 1) return null;
    return { after: only.total, slots: { target: (asPartial(node) as PartialView).by, through: only.entry } };
  },

  /** The same where v acts upon several first, with a sum for each. */
  "chain-rule-several": (node, context, scope) => {
    const through = throughTracked(node, context, scope);
    const [first, second] = through;
    if (first === undefined || second === undefined) return null;
    const after = add(...through.map(({ total }) => total));
    const target = (asPartial(node) as PartialView).by;
    return { after, slots: { target, through: first.entry, also: second.entry } };
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

  /** ∂J/∂v → what has been derived for it. */
  "objective-derivative": (node, { model, objectiveDerivative: known }) => {
    const v = asPartial(node);
    if (v === null || known === null || !isObjective(v.of, { model } as Context)) return null;
    const own = view(v.by);
    if (own.kind !== "atom" || variableKey(own.variable) !== variableKey(known.variable)) return null;
    const at = new Map(known.indices.map((index, i) => [index, own.indices[i] as Expr]));
    return { after: substitute(known.value, at), slots: { derivative: node } };
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
} satisfies Record<string, Rule>;

/** The tracked variables through which J depends on the target, each with its part of the chain rule. */
function throughTracked(
  node: Expr,
  context: Context,
  scope: Scope,
): readonly { readonly entry: Expr; readonly total: Expr }[] {
  const v = asPartial(node);
  if (
    v === null ||
    !isObjective(v.of, context) ||
    variableKey(variableOf(v.by) ?? context.model.objective) !== variableKey(context.target)
  )
    return [];
  const taken = new Set([...scope.taken, ...allSymbols(node)]);
  return firstTracked(context.target, context.model, context.tracked).map((equation) => {
    const entry = leftSide(equation, freshIndices(equation.ranges.length, taken).map(sym));
    const term = multiply(partial(v.of, entry), partial(entry, v.by));
    const over = (body: Expr, { size }: Range, i: number): Expr => sum(print(children(entry)[i] as Expr), size, body);
    return { entry, total: equation.ranges.reduceRight(over, term) };
  });
}

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
