import picocolors from "picocolors";
import { optionsText, sizesText } from "../network/index.ts";
import type { CheckVerdict } from "./check.ts";
import type { TensorVerdict } from "./compare.ts";
import type { Convention } from "./messages.ts";

export const reporters = ["text", "json"] as const;
export type Reporter = (typeof reporters)[number];

const { createColors } = picocolors;
type Colors = ReturnType<typeof createColors>;

/** The verdict as printed on stdout. */
export function report(verdict: CheckVerdict, reporter: Reporter, version: string, useColor = false): string {
  if (reporter === "json") return `${JSON.stringify({ deltarule: version, ...verdict }, null, 2)}\n`;
  return `${reportLines(verdict, createColors(useColor)).join("\n")}\n`;
}

/** How the function is called: the names are a network's, or of its kind in another model. */
function callForm(convention: Convention, { network, tensors }: CheckVerdict): string {
  const names = tensors.filter(({ name }) => name !== "J").map(({ name }) => name.slice(1));
  const listed = network === null ? [...names.slice(0, 2), ...(names.length > 2 ? ["…"] : [])].join(", ") : "W2, b2, …";
  const inputs = network === null ? "…inputs" : "x, y";
  const returning = `returning { d${names[0] ?? "W2"}, … }`;
  const forms = {
    contract: `backward(theta, ${inputs}, gradient)`,
    "flat-parameters": `backward(theta, ${inputs}) ${returning}`,
    "nested-parameters": `backward({ ${listed} }, ${inputs}) ${returning}, nested arrays`,
    "flat-tensors": `backward({ ${listed} }, ${inputs}) ${returning}, flat arrays`,
    positional: `backward(${listed}, ${inputs}) ${returning}, nested arrays`,
    "flat-positional": `backward(${listed}, ${inputs}) ${returning}, flat arrays`,
  } satisfies Record<Convention, string>;
  return forms[convention];
}

function reportLines(verdict: CheckVerdict, pc: Colors): string[] {
  const { file, network, tensors, points, convention, notes, problem } = verdict;
  const subject = `${file} (${verdict.export}) against the derived gradient of ${network === null ? (verdict.model ?? "the model") : `${sizesText(network)}${optionsText(network)}`}`;
  if (problem !== null) return [`${pc.red("FAILED")}  ${subject}`, `  ${problem.message}`, `  ${problem.advice}`];
  const head = verdict.verdict === "equal" ? pc.green("EQUAL") : pc.red("DIFFERENT");
  return [
    `${head}  ${subject}`,
    `  compared at ${points} random points, called as ${callForm(convention ?? "contract", verdict)}`,
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
