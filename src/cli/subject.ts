import { basename } from "node:path";
import { deriveModel, type ModelDerivation } from "../derivation/index.ts";
import { networkModel, printEquations, readEquations, type EquationFile } from "../equations/index.ts";
import { optionsText, parseNetwork, sizesText, type Network } from "../network/index.ts";
import { problem } from "../problem.ts";
import { equationsTask, networkTask, type GradientTask } from "../program/index.ts";
import { announceWarning } from "./terminal.ts";
import { readText } from "./write.ts";

/** The options that describe a network. */
export interface NetworkFlags {
  readonly activation?: string | undefined;
  readonly loss?: string | undefined;
  readonly constant?: readonly string[] | undefined;
  readonly l1?: string | undefined;
  readonly l2?: string | undefined;
}

export interface SubjectFlags extends NetworkFlags {
  readonly equations?: string | undefined;
}

/** Those of a command's flags that say what it is about. */
export const subjectFlags = ({ activation, loss, constant, l1, l2, equations }: SubjectFlags): SubjectFlags => ({
  activation,
  loss,
  constant,
  l1,
  l2,
  equations,
});

/** What a command is about: a network, or a file of equations. */
export type CommandSubject =
  | { readonly kind: "network"; readonly network: Network; readonly name: string }
  | { readonly kind: "equations"; readonly file: EquationFile; readonly name: string; readonly path: string };

/**
 * The network of these sizes, or the equations of the file named.
 *
 * @throws Problem where both are named, or neither; and what is wrong with the file
 */
export async function chooseSubject(
  sizes: string | undefined,
  { equations: path, ...flags }: SubjectFlags,
): Promise<CommandSubject> {
  if (path === undefined) {
    if (sizes === undefined)
      throw problem(
        "subject-missing",
        "neither a network nor a file of equations is named",
        "name the sizes of a network, such as 2-3-1, or --equations model.eq",
      );
    const network = parseNetwork(sizes, flags);
    return { kind: "network", network, name: sizesText(network) };
  }
  refuseNetworkFlags(sizes, flags);
  const text = await readText(path);
  if (text === null)
    throw problem("equations-missing", `there is no file ${path}`, "name a file of equations, such as model.eq");
  const file = readEquations(text, basename(path));
  for (const warning of file.warnings) announceWarning(warning);
  return { kind: "equations", file, name: basename(path), path };
}

function refuseNetworkFlags(sizes: string | undefined, flags: NetworkFlags): void {
  const given = Object.entries(flags).find(([, value]) => value !== undefined)?.[0];
  if (sizes === undefined && given === undefined) return;
  throw problem(
    "subject-both",
    `--equations names a file, and ${given === undefined ? sizes : `--${given}`} describes a network`,
    "write the sizes, functions and the loss into the file, or leave out --equations",
  );
}

/**
 * What a program for the subject is built from.
 *
 * @throws Problem where a formula of it jumps
 */
export function taskOfSubject(subject: CommandSubject): GradientTask {
  return subject.kind === "network"
    ? networkTask(subject.network)
    : equationsTask(subject.file, subject.name, subject.path);
}

export const deriveSubject = ({ file, name }: Extract<CommandSubject, { kind: "equations" }>): ModelDerivation =>
  deriveModel(name, file.model, file.sizes);

/** The command line that does the same again. */
export const commandFor = (command: string, subject: CommandSubject): string =>
  subject.kind === "network"
    ? `deltarule ${command} ${sizesText(subject.network)}${optionsText(subject.network)}`
    : `deltarule ${command} --equations ${subject.path}`;

/** The forward equations as a text that `--equations` reads. */
export const equationsText = (subject: CommandSubject): string =>
  subject.kind === "network"
    ? printEquations(networkModel(subject.network), new Map())
    : printEquations(subject.file.model, subject.file.sizes);
