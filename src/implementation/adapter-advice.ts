import type { Signature } from "./given.ts";
import { Misfit, type MisfitCode } from "./misfit.ts";
import type { Adapted } from "./parameters.ts";

/** The parts of an adapter that are called. */
export type CalledPart = "setParameters" | "parameters" | "forward" | "objective" | "gradients" | "step";

/** Runs what belongs to a part of an adapter. A Misfit that it throws without advice gets that of the part. */
export async function advising<T>(
  part: CalledPart,
  { isBatch }: Adapted,
  signature: Signature,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const advice = advices[part][error.code]?.(signature);
    if (advice === undefined) throw error;
    const isHint = !isBatch && takesSamples[part] && error.code === "threw" && takesList.test(error.message);
    throw error.advised(isHint ? batchHint : advice);
  }
}

const takesSamples = {
  setParameters: false,
  parameters: false,
  forward: true,
  objective: true,
  gradients: true,
  step: true,
} satisfies Record<CalledPart, boolean>;

/** What JavaScript says where a number is taken as a list. */
const takesList = /TypeError: .*(is not a function|is not iterable|undefined is not a function)/;
const batchHint =
  "x and y are one sample, lists of numbers: does the code take a list of samples? Then add batch: 4 to the adapter";

type Advice = (signature: Signature) => string;

const namesOf = ({ layout }: Signature): string => `{ ${layout.map(({ name }) => name).join(", ")} }`;
const argumentsOf = ({ inputs }: Signature): string => ["net", ...inputs.map(({ name }) => name)].join(", ");
const byHand =
  (part: CalledPart, more = ""): Advice =>
  (signature) =>
    `call \`${part}\` by hand: it is given what \`create\` made as net, and samples as lists of numbers: ${part}(${argumentsOf(signature)}${more})`;
const asParameters: Advice = () => "let `gradients` give each tensor laid out as the parameters are";

const advices: Readonly<Record<CalledPart, Partial<Record<MisfitCode, Advice>>>> = {
  setParameters: {
    threw: (signature) =>
      `\`setParameters\` is given what \`create\` made, and ${namesOf(signature)}, weights as lists of rows: put them where the code keeps its own`,
  },
  parameters: {
    threw: (signature) => `let \`parameters\` give ${namesOf(signature)} from fields that the network has`,
    "missing-parameter": (signature) =>
      `let \`parameters\` give ${namesOf(signature)} from fields that the network has once it is created`,
    "wrong-shape": (signature) =>
      `let \`parameters\` give ${namesOf(signature)}, weights as rows of numbers, of a network of the sizes that are checked`,
  },
  forward: { threw: byHand("forward") },
  objective: { threw: byHand("objective") },
  gradients: {
    threw: byHand("gradients"),
    "no-gradient": (signature) =>
      `return the gradient from \`gradients\`, as ${namesOf(signature)}; code that updates its weights in place is reached by \`step\` instead: step: (${argumentsOf(signature)}, rate) => …`,
    "missing-gradient": (signature) => `let \`gradients\` return all of ${namesOf(signature)}`,
    "wrong-shape": asParameters,
  },
  step: { threw: byHand("step", ", rate") },
};
