import { variableKey, type ForwardModel } from "../equations/index.ts";
import {
  add,
  allSymbols,
  build,
  call,
  children,
  fold,
  isConstant,
  num,
  print,
  substitute,
  sym,
  toNumber,
  view,
  withChildren,
  type Expr,
} from "../expression/index.ts";

/** A right side as a formula of numbers that vary on their own. */
export interface Spelled {
  readonly formula: Expr;
  readonly names: readonly {
    /** The symbol in the formula. */
    readonly name: string;
    /** The entry that it stands for. */
    readonly of: Expr;
    /** Is it given with every sample, or the value of an index? */
    readonly isFixed: boolean;
  }[];
}

/** Sums have this many terms, or fewer where they go over fewer. */
const terms = 2;

/**
 * The right side of an equation, with sums and maxima of two terms written out and every entry of a tensor as a
 * symbol of its own: `sum(k, 1:n, x[k])/x[j]` is (x₁ + x₂)/x₃.
 */
export function spelled(value: Expr, model: ForwardModel): Spelled {
  const given = new Set(model.tensors.flatMap((t) => (t.role === "parameter" ? [] : [variableKey(t.variable)])));
  const variables = new Set([...model.tensors, ...model.equations].map(({ variable }) => variableKey(variable)));
  const taken = allSymbols(value);
  const names = new Map<string, Spelled["names"][number]>();
  const symbol = (of: Expr, isFixed: boolean): Expr => {
    const key = print(of);
    let entry = names.get(key);
    if (entry === undefined) {
      let name = `v${names.size + 1}`;
      while (taken.has(name)) name = `${name}v`;
      names.set(key, (entry = { name, of, isFixed }));
    }
    return sym(entry.name);
  };
  const walk = (node: Expr): Expr => {
    const v = view(node);
    switch (v.kind) {
      case "number":
        return node;
      case "atom": {
        const at = build({ ...v, indices: v.indices.map((index) => fold(index)) });
        return symbol(at, given.has(variableKey(v.variable)));
      }
      case "symbol":
        if (variables.has(v.name)) return symbol(node, given.has(v.name));
        return isConstant(v.name) ? node : symbol(node, true);
      case "size":
        return num(terms);
      case "kronecker":
        return num(print(fold(v.left)) === print(fold(v.right)) ? 1 : 0);
      case "sum":
      case "maximum": {
        const parts = Array.from({ length: termsOf(v.to) }, (_, i) =>
          walk(substitute(v.body, new Map([[v.index, num(i + 1)]]))),
        );
        const [first, second] = parts as [Expr, Expr | undefined];
        if (second === undefined) return first;
        return v.kind === "sum" ? add(first, second) : call("max", null, first, second);
      }
      default:
        return withChildren(node, children(node).map(walk));
    }
  };
  const formula = walk(value);
  return { formula, names: [...names.values()] };
}

function termsOf(to: Expr): number {
  const v = view(to);
  return v.kind === "number" ? Math.max(1, Math.min(terms, toNumber(v.value))) : terms;
}
