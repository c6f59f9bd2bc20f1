import { derivativeName, type ScalarFunction } from "../equations/index.ts";
import {
  add,
  allSymbols,
  build,
  children,
  fold,
  freeSymbols,
  freshIndex,
  kronecker,
  multiply,
  num,
  partial,
  print,
  same,
  some,
  substitute,
  subtract,
  sum,
  sym,
  view,
  negate,
  type Expr,
} from "../expression/index.ts";
import { dependsOn, entryWithValue, variableOf, type Context, type DerivativeForm } from "./context.ts";
import { derivativeOfOperation, derivativeOfSummand } from "./scalar-derivative.ts";
import { asPartial, isEntryOf, isObjective, type Rewrite, type Rule } from "./rule.ts";

/** Rules of differentiation, and what they come to for functions of numbers. */
export const differentiationRules = {
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
} satisfies Record<string, Rule>;

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
