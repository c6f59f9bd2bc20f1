import { atom, num, print, sym, transform, view, type Expr, type Variable } from "../expression/index.ts";

/** `index` runs from 1 to `size`. */
export interface Range {
  readonly index: string;
  readonly size: Expr;
}

/** `variable[ranges] = value`, for every value of the indices. A scalar such as J has no ranges. */
export interface Equation {
  readonly variable: Variable;
  readonly ranges: readonly Range[];
  readonly value: Expr;
}

/** A tensor that the equations speak of without defining it. */
export interface Tensor {
  readonly variable: Variable;
  readonly role: "parameter" | "input" | "target";
  readonly sizes: readonly Expr[];
}

/** A function of one scalar that equations call by name: `name(argument) = value`. */
export interface ScalarFunction {
  readonly name: string;
  /** Concrete layer it belongs to where each layer has its own, else null. */
  readonly layer: number | null;
  readonly argument: string;
  readonly value: Expr;
}

/**
 * A forward model: equations in the order in which they are evaluated, the last of which defines the scalar
 * objective. The engine works on any such list and knows nothing of networks.
 */
export interface Model {
  readonly tensors: readonly Tensor[];
  readonly equations: readonly Equation[];
  readonly objective: Variable;
}

/** A forward model with all that its values and its gradient need. */
export interface ForwardModel extends Model {
  readonly functions: readonly ScalarFunction[];
  /** What `forward` computes: the last activations of a network. */
  readonly output: Variable;
}

/** The model with numbers for the named sizes. */
export function withSizes(model: ForwardModel, sizes: ReadonlyMap<string, number>): ForwardModel {
  const numbered = (expr: Expr): Expr =>
    transform(expr, (node) => {
      const v = view(node);
      const name = v.kind === "size" ? view(v.layer) : null;
      const value = name?.kind === "symbol" ? sizes.get(name.name) : undefined;
      return value === undefined ? node : num(value);
    });
  return {
    ...model,
    tensors: model.tensors.map((tensor) => ({ ...tensor, sizes: tensor.sizes.map(numbered) })),
    equations: model.equations.map((equation) => ({
      ...equation,
      ranges: equation.ranges.map(({ index, size }) => ({ index, size: numbered(size) })),
      value: numbered(equation.value),
    })),
  };
}

/** The identity of a variable: two variables are one when their keys agree. */
export const variableKey = ({ family, layer }: Variable): string =>
  layer === null ? family : `${family}[${print(layer)}]`;

/** The entry that an equation defines, `z[l][j]`: at its own indices, or at those given. */
export const leftSide = (
  { variable, ranges }: Equation,
  indices: readonly Expr[] = ranges.map(({ index }) => sym(index)),
): Expr => atom(variable, indices.slice(0, ranges.length));

/** The name of f′ for a function f: `sigma` has `sigma_prime`, `sigma[2]` has `sigma_prime[2]`. */
export const derivativeName = (name: string): string => name.replace(/(\[\d+\])?$/, "_prime$1");
