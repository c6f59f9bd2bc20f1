import { deriveFunction, type DerivativeForm } from "../calculus/index.ts";
import { networkFunctions, type Constants } from "../equations/index.ts";
import { derivativeForm } from "../exact/index.ts";
import { substitute, sym, type Expr } from "../expression/index.ts";

/** f′ of an activation: worked out as the derivation has it, and as a formula in z. */
export interface ActivationDerivative {
  readonly form: DerivativeForm;
  readonly inZ: Expr;
}

/**
 * The derivative of an activation that is a function of numbers, by its name or formula.
 *
 * @throws Error where the activation is one of a whole layer
 */
export function derivativeOf(text: string, constants: Constants = {}): ActivationDerivative {
  const key = `${text} ${JSON.stringify(constants)}`;
  const known = derivatives.get(key);
  if (known !== undefined) return known;
  const [definition] = networkFunctions({ sizes: [1, 1], activations: [text], loss: "mse", constants });
  if (definition === undefined) throw new Error(`${text} is no function of one number`);
  const slope = deriveFunction(definition, null).result;
  const found = {
    form: derivativeForm(definition),
    inZ: substitute(slope, new Map([[definition.argument, sym("z")]])),
  };
  derivatives.set(key, found);
  return found;
}

/** Every diagnosis asks for the derivatives of all activations that have a name. */
const derivatives = new Map<string, ActivationDerivative>();
