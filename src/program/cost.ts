import { countParameters, type Network } from "../network/index.ts";
import { buildProgram } from "./build.ts";
import { countLoss, countOperations } from "./count.ts";

/** Multiplications of one sample. */
export interface Cost {
  readonly parameters: number;
  /** The forward pass and the loss. */
  readonly loss: number;
  /** Forward pass, loss and gradient. */
  readonly gradient: number;
  /** Central differences: the loss twice for each parameter. */
  readonly differences: number;
}

/** Counted in the program that is emitted for the network. */
export function costOf(network: Network): Cost {
  const program = buildProgram(network);
  const parameters = countParameters(network);
  const [loss, gradient] = [countLoss(program), countOperations(program, "backward")];
  return {
    parameters,
    loss: loss.multiplications,
    gradient: gradient.multiplications,
    differences: 2 * parameters * loss.multiplications,
  };
}
