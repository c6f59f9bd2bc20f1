import { NearKink } from "../exact/index.ts";
import { identifyForward } from "../mistakes/index.ts";
import { optionsText, sizesText, type Network } from "../network/index.ts";
import { buildProgram, type Program } from "../program/index.ts";
import type { Call, CallResult, Description } from "../implementation/index.ts";
import { compare } from "./compare.ts";
import { numericTrial } from "./diagnosis.ts";
import type { NumericStage } from "./numeric.ts";
import { boundedReference } from "./reference.ts";
import type { CheckVerdict } from "./verdict.ts";

/** Is the code's own forward pass that of the network? Where it is that of another which has a name, which one. */
export function judgeForward(
  program: Program,
  { plan, reply, output, scale }: NumericStage,
  { isStep, reduction }: Description,
): CheckVerdict["forward"] {
  if (output === null) return null;
  if (output.equal) return { equal: true, message: "the code's own forward pass gives the outputs of the network" };
  const { network } = program.task;
  const { worst } = output;
  const off = `the code's own forward pass is not that of the network: output ${worst.index.join(", ")} is ${worst.found}, expected ${worst.expected}`;
  const calls = plan.compared.map((nth) => plan.calls[nth] as Call);
  const results = plan.compared.map((nth) => reply.results[nth] as CallResult);
  const other = network === null ? null : identifyForward(network, numericTrial(calls, results, isStep, scale));
  if (network === null || other === null) return { equal: false, message: off };
  const name = `${sizesText(other.network)}${optionsText(other.network)}${other.lacksBiases ? " without biases" : ""}`;
  const isRight = !other.lacksBiases && isGradientOf(other.network, calls, results, scale, reduction === "sum");
  const advice = isRight
    ? "; its backward pass is right for that one: check it against that, or mend the activations"
    : "; its backward pass is not right for that one either";
  return {
    equal: false,
    message: `the code's own forward pass is that of ${name}, not of ${sizesText(network)}${optionsText(network)}${other.lacksBiases ? "" : advice}`,
  };
}

/** Is what the calls gave the gradient of another network? */
function isGradientOf(
  network: Network,
  calls: readonly Call[],
  results: readonly CallResult[],
  scale: number,
  isSum: boolean,
): boolean {
  try {
    const program = buildProgram(network);
    const compared = calls.map(({ point }, i) => ({
      expected: boundedReference(program, point, isSum),
      result: results[i] as CallResult,
    }));
    return compare(program.layout, compared, scale).every(({ equal, name }) => equal || name === "J");
  } catch (error) {
    // The points lie where this network's activations, unlike the other's, are not told apart.
    if (error instanceof NearKink) return false;
    throw error;
  }
}
