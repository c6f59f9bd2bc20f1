import picocolors from "picocolors";
import { optionsText, sizesText } from "../network/index.ts";
import type { CheckVerdict } from "./check.ts";
import type { TensorVerdict } from "./compare.ts";

export const reporters = ["text", "json"] as const;
export type Reporter = (typeof reporters)[number];

const { createColors } = picocolors;
type Colors = ReturnType<typeof createColors>;

/** The verdict as printed on stdout. */
export function report(verdict: CheckVerdict, reporter: Reporter, version: string, useColor = false): string {
  if (reporter === "json") return `${JSON.stringify({ deltarule: version, ...verdict }, null, 2)}\n`;
  return `${reportLines(verdict, createColors(useColor)).join("\n")}\n`;
}

const callForms = {
  contract: "backward(theta, x, y, gradient)",
  "flat-parameters": "backward(theta, x, y) returning { dW2, … }",
  "nested-parameters": "backward({ W2, b2, … }, x, y) returning { dW2, … }, nested arrays",
  "flat-tensors": "backward({ W2, b2, … }, x, y) returning { dW2, … }, flat arrays",
  positional: "backward(W2, b2, …, x, y) returning { dW2, … }, nested arrays",
  "flat-positional": "backward(W2, b2, …, x, y) returning { dW2, … }, flat arrays",
} as const;

function reportLines(verdict: CheckVerdict, pc: Colors): string[] {
  const { file, network, tensors, points, convention, notes, problem } = verdict;
  const subject = `${file} (${verdict.export}) against the derived gradient of ${sizesText(network)}${optionsText(network)}`;
  if (problem !== null) return [`${pc.red("FAILED")}  ${subject}`, `  ${problem.message}`, `  ${problem.advice}`];
  const head = verdict.verdict === "equal" ? pc.green("EQUAL") : pc.red("DIFFERENT");
  return [
    `${head}  ${subject}`,
    `  compared at ${points} random points, called as ${callForms[convention ?? "contract"]}`,
    ...tensors.map((tensor) => tensorLine(tensor, pc)),
    ...notes.map((note) => `  ${pc.dim(`note: ${note}`)}`),
  ];
}

function tensorLine({ name, equal, worst, ratio }: TensorVerdict, pc: Colors): string {
  if (equal) return `  ${pc.green("✓")} ${name}`;
  const at = worst.index.length === 0 ? "" : `[${worst.index.join(", ")}]`;
  const constant = ratio === undefined ? "" : `; found/expected is ${ratio} everywhere`;
  return `  ${pc.red("✗")} ${name}: worst at ${name}${at}: expected ${worst.expected}, found ${worst.found}${constant}`;
}
