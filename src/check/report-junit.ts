import { textReport } from "./report-text.ts";
import { causesOf, checkedText, deviationText, modelText, outcomeText } from "./report-words.ts";
import type { CheckVerdict, TensorVerdict } from "./verdict.ts";

/** An element, its attributes and what it holds: elements, or a text. */
type Element = readonly [
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  held: readonly Element[] | string,
];

/** JUnit XML: a suite for each file, a case for its forward pass and for each tensor. */
export function junitReport(verdicts: readonly CheckVerdict[]): string {
  const suites = verdicts.map(suite);
  const sum = (key: string): number => suites.reduce((total, [, attributes]) => total + Number(attributes[key]), 0);
  const totals = { tests: sum("tests"), failures: sum("failures"), errors: sum("errors") };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${print(["testsuites", { name: "deltarule", ...totals }, suites], "")}`;
}

function suite(verdict: CheckVerdict): Element {
  const cases = casesOf(verdict);
  const having = (name: string): number =>
    cases.filter(([, , held]) => typeof held !== "string" && held[0]?.[0] === name).length;
  const { method, points, draws, convention } = verdict;
  const known = { network: modelText(verdict), verdict: verdict.verdict, method, points, draws, convention };
  const properties = Object.entries(known).flatMap(([name, value]): Element[] =>
    value === null ? [] : [["property", { name, value }, ""]],
  );
  return [
    "testsuite",
    { name: checkedText(verdict), tests: cases.length, failures: having("failure"), errors: having("error") },
    [["properties", {}, properties], ...told(cases, textReport([verdict]))],
  ];
}

/** The report once: in the first case that is no success, as that is what is looked at, else behind them. */
function told(cases: readonly Element[], report: string): readonly Element[] {
  const first = cases.findIndex(([, , held]) => held.length > 0);
  if (first < 0) return [...cases, ["system-out", {}, report]];
  return cases.map((element, i): Element => {
    const [name, attributes, held] = element;
    const [outcome] = held;
    if (i !== first || outcome === undefined || typeof outcome === "string") return element;
    return [name, attributes, [[outcome[0], outcome[1], report]]];
  });
}

function casesOf(verdict: CheckVerdict): readonly Element[] {
  const { tensors, forward, problem, file } = verdict;
  const testcase = (name: string, held: readonly Element[]): Element => ["testcase", { name, classname: file }, held];
  const failure = (message: string): Element => ["failure", { message, type: verdict.verdict }, ""];
  const firstWrong = tensors.find(({ equal }) => !equal);
  const message = (tensor: TensorVerdict): string => {
    const causes = tensor === firstWrong ? causesOf(verdict) : [];
    return [deviationText(tensor), ...causes.map((cause) => cause.message)].join("; ");
  };
  const cases = [
    ...(forward === null ? [] : [testcase("forward", forward.equal ? [] : [failure(forward.message)])]),
    ...tensors.map((tensor) => testcase(tensor.name, tensor.equal ? [] : [failure(message(tensor))])),
  ];
  const isShown = cases.some(([, , held]) => held.length > 0);
  const outcome = outcomeText(verdict);
  if (verdict.verdict === "failed" || verdict.verdict === "undecided")
    return [...cases, testcase("check", [["error", { message: outcome, type: problem?.code ?? verdict.verdict }, ""]])];
  // A verdict that no tensor shows, such as that of a function that gives another answer each time.
  return verdict.verdict === "different" && !isShown ? [...cases, testcase("check", [failure(outcome)])] : cases;
}

function print([name, attributes, held]: Element, indent: string): string {
  const listed = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(String(value))}"`);
  const open = `${indent}<${name}${listed.join("")}`;
  if (held.length === 0) return `${open}/>\n`;
  if (typeof held === "string") return `${open}>${escape(held)}</${name}>\n`;
  return `${open}>\n${held.map((child) => print(child, `${indent}  `)).join("")}${indent}</${name}>\n`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  // Written as they are, an attribute would have spaces in their place.
  "\n": "&#10;",
  "\t": "&#9;",
};

const escape = (text: string): string => text.replace(/[&<>"'\n\t]/g, (c) => entities[c] ?? c);
