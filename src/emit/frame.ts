import {
  countOperations,
  programCertificate,
  type GradientTask,
  type OperationCount,
  type Program,
} from "../program/index.ts";
import { digitsOfReference } from "./verify.ts";

/** What every module says of its program, whatever it computes with: the fields of its template. */
export function frameOf({ task, layout, parameterCount, inputs }: Program): object {
  const { network } = task;
  const kind = network === null ? "model" : "network";
  const quoted = (name: string): string => (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : JSON.stringify(name));
  return {
    subject: `${kind}, ${task.name}`,
    kind,
    sizes: network?.sizes.join(", ") ?? null,
    shapes: inputs.map(({ name, sizes }) => ({ name, sizes: sizes.join(", ") })),
    parameterCount,
    layout: layout.map((p) => ({
      ...p,
      name: quoted(p.name),
      sizes: network === null ? p.sizes.join(", ") : null,
      end: p.offset + p.rows * p.columns,
    })),
  };
}

/**
 * The lines at the head of a module.
 *
 * @param options what its command line says beside the subject, with a space in front
 * @param about what else is said of it
 */
export const headerOf = (
  program: Program,
  version: string | undefined,
  options: string,
  about: readonly string[],
  checks: readonly string[],
): readonly string[] => [
  `Made by deltarule${version === undefined ? "" : ` ${version}`}: ${program.task.command}${options}`,
  ...about,
  "",
  "Operations of one call:",
  `  forward   ${describe(countOperations(program, "forward"))}`,
  `  backward  ${describe(countOperations(program, "backward"))} (its forward pass included)`,
  "",
  "Checked before it was written:",
  ...checks.map((check) => `  ${check}`),
];

const describe = ({ multiplications, additions, divisions, functions }: OperationCount): string =>
  `${multiplications} multiplications, ${additions} additions, ${divisions} divisions, ${functions} exp or other functions`;

/** How a module has been checked. `numbers` says in which numbers it equals its program, where those are not doubles. */
export const checksOf = (program: Program, numbers = ""): readonly string[] => [
  `exact       the program against the dual-number gradient of the forward equations, ${programCertificate.draws} draws in a prime field`,
  ...(program.plain === null ? [] : ["stable      the rewritten program against the one as derived, at 64 digits"]),
  `to the bit  this module against the program${numbers}, through both doors`,
  "batch       its program against the sum of single gradients; backwardBatch against its program, to the bit",
  `${digitsOfReference(program)} digits   this module against central differences of the forward equations`,
  "types       TypeScript's strictest settings",
];

/** What is said above the public functions. */
export const documentation: Readonly<Record<string, (task: GradientTask) => string>> = {
  forward: ({ network, model }) =>
    network === null
      ? `Forward pass: writes ${model.output.family} to \`output\`, row by row.`
      : "Forward pass: writes the activations of the last layer to `output`.",
  backward: ({ objective }) =>
    `Gradient of ${objective.variable.family} by every parameter, written to \`gradient\` in the layout of θ. Returns ${objective.variable.family}.`,
};

/** x, y and z; θ where there is none. */
export const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? (parts[0] ?? "θ") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) as string}`;
