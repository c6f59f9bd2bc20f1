import {
  confirmedAgreement,
  workedExample,
  type Derivation,
  type ExampleData,
  type ExampleLine,
  type ExampleStage,
  type WorkedExample,
} from "../derivation/index.ts";
import { variableKey } from "../equations/index.ts";
import {
  decimal,
  entriesMatrix,
  print,
  shown,
  sym,
  wholeTensor,
  type Expr,
  type Variable,
} from "../expression/index.ts";
import type { Formula, Link } from "../notation/index.ts";
import { costOf } from "../program/index.ts";
import { plain, type Block, type CodeLine, type Rich } from "./content.ts";
import { code, display, equality, equations, expression, heading, paragraph, type Speak } from "./phrase.ts";
import { numberedSizes, type Elision } from "./written.ts";

/** What the gradient costs by backpropagation, and what differences would take. */
export function cost({ network }: Derivation, speak: Speak): Block[] {
  const { parameters, loss, gradient, differences } = costOf(network);
  const row = (what: Rich, count: number): Rich[] => [what, plain(grouped(count)), plain(rounded(count / loss))];
  return [
    heading(1, speak("cost"), "cost"),
    paragraph(speak("costText")),
    {
      kind: "table",
      columns: ["words", "number", "number"],
      head: [speak("costOf"), speak("multiplications"), speak("relative")],
      rows: [
        row(speak("costForward"), loss),
        row(speak("costBackward"), gradient),
        row(speak("costDifferences", { parameters: grouped(parameters) }), differences),
      ],
    },
    ...(differences > gradient ? [paragraph(speak("costConclusion", { ratio: rounded(differences / gradient) }))] : []),
  ];
}

const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
const rounded = (n: number): string => (n < 10 ? n.toFixed(1).replace(/\.0$/, "") : grouped(Math.round(n)));

export function example(derivation: Derivation, speak: Speak, elision: Elision, data: ExampleData): Block[] {
  const worked = workedExample(derivation, data, elision.terms);
  const { rounding, source } = data;
  const digits = "decimals" in rounding ? rounding.decimals : rounding.significant;
  const stage = ({ lines }: ExampleStage): Block[] =>
    equations(lines.map((line) => (line === null ? null : chain(line))));
  const titled = (of: ExampleStage): Block[] => {
    const entry = of.equation === "BP3" ? "exampleBiases" : of.equation === "BP4" ? "exampleWeights" : "exampleErrors";
    return [paragraph(speak(entry, { l: of.layer, equation: of.equation ?? "" })), ...stage(of)];
  };
  return [
    heading(1, speak("example"), "example"),
    paragraph(
      source.kind === "mazur" ? speak("exampleMazur", { digits }) : speak("exampleText", { digits, seed: source.seed }),
    ),
    paragraph(speak("exampleGiven")),
    ...given(derivation, data, elision),
    heading(2, speak("exampleForward"), "example-forward"),
    ...worked.forward.flatMap(stage),
    paragraph(speak("exampleLoss")),
    ...equations([chain(worked.loss)]),
    heading(2, speak("exampleBackward"), "example-backward"),
    ...worked.backward.flatMap(titled),
    ...update(worked, speak),
  ];
}

/** symbol = formula = formula with numbers ≈ value; what would only be said twice is left out. */
function chain({ goal, formula, substituted, value, isExact }: ExampleLine, first: Link["relation"] = "="): Formula {
  const links: readonly Link[] = [
    { relation: first, expr: formula },
    ...(print(substituted) === print(value)
      ? []
      : [{ relation: isExact.substituted ? "=" : "≈", expr: substituted } as const]),
    { relation: isExact.value ? "=" : "≈", expr: value },
  ];
  return { kind: "chain", first: goal, links };
}

/** Input and target, then the parameters of each layer, as matrices of numbers. */
function given(derivation: Derivation, { literals }: ExampleData, elision: Elision): Block[] {
  const { tensors } = derivation.model;
  const tensorOf = (role: string, nth = 0): Variable =>
    (tensors.filter((t) => t.role === role)[nth] as (typeof tensors)[0]).variable;
  const layers = shown(derivation.network.sizes.length - 1, elision.layers);
  const pairs = [
    [tensorOf("input"), tensorOf("target")] as const,
    ...layers.map((n) =>
      n === null ? null : ([tensorOf("parameter", 2 * n - 2), tensorOf("parameter", 2 * n - 1)] as const),
    ),
  ];
  const value = (variable: Variable): Expr => numbersOf(derivation, variable, literals, elision);
  const whole = (variable: Variable): Expr => wholeTensor(variable, numberedSizes(derivation, variable).length);
  return pairs.flatMap((pair): Block[] => {
    if (pair === null) return [];
    const [first, second] = pair;
    const beside = { left: whole(second), right: value(second) };
    return [display({ kind: "equality", left: whole(first), right: value(first), with: beside })];
  });
}

/** The numbers of one tensor, elided like its entries. */
function numbersOf(
  derivation: Derivation,
  variable: Variable,
  literals: ExampleData["literals"],
  elision: Elision,
): Expr {
  const list = literals.get(variableKey(variable)) ?? [];
  const [height = 1, width = 1] = numberedSizes(derivation, variable).map((size) => Number(print(size)));
  // The lines of the example take the first two and the last of everything.
  return entriesMatrix(height, width, elision.terms, (i, j) => decimal(list[(i - 1) * width + j - 1] as string), 2);
}

function update({ update: step, loss, data }: WorkedExample, speak: Speak): Block[] {
  if (step === null) return [];
  const rate = equality(sym("eta"), decimal(step.learningRate));
  return [
    heading(2, speak("exampleUpdate"), "example-update"),
    paragraph(speak(data.updatesBiases ? "exampleUpdateText" : "exampleUpdateWeights", { rate })),
    ...equations(step.lines.map((line) => (line === null ? null : chain(line, "←")))),
    paragraph(speak("exampleAfter", { before: expression(loss.value), after: expression(step.lossAfter) })),
    ...(data.source.kind === "mazur"
      ? [paragraph(speak("exampleAfterMazur", { printed: expression(decimal(data.source.printedLossAfter)) }))]
      : []),
  ];
}

/** The derived gradient against differences, and the certificate of the steps. */
export function check(derivation: Derivation, speak: Speak, data: ExampleData): Block[] {
  const { sizes, tensors } = confirmedAgreement(derivation, data);
  const isCut = sizes.join("-") !== derivation.network.sizes.join("-");
  const step = expression(decimal("1e-20"));
  const shownTensors = shown(tensors.length, 12, 4);
  const steps = [
    ...derivation.functions.flatMap((f) => f.steps),
    ...derivation.lossDerivative.steps,
    ...derivation.equations.flatMap((e) => [...e.steps, ...e.evaluation]),
  ];
  const [{ check: certificate }] = steps as [(typeof steps)[0]];
  return [
    heading(1, speak("check"), "check"),
    paragraph(isCut ? speak("checkCut", { cut: sizes.join("-"), step }) : speak("checkText", { step })),
    {
      kind: "table",
      columns: ["short", "number", "short"],
      head: [speak("checkTensor"), speak("checkDigits"), speak("checkCompared")],
      rows: shownTensors.map((n) => {
        const tensor = n === null ? undefined : tensors[n - 1];
        if (tensor === undefined) return [plain("…"), plain("…"), plain("…")];
        const rank = tensor.tensor.startsWith("W") ? 2 : 1;
        return [
          { words: "{t}", slots: { t: expression(wholeTensor({ family: tensor.tensor, layer: null }, rank)) } },
          tensor.isZero ? speak("checkZero") : plain(String(tensor.digits)),
          speak(tensor.compared === "entries" ? "checkEntries" : "checkDirections"),
        ];
      }),
    },
    paragraph(
      speak("certificate", {
        steps: steps.length,
        draws: certificate.draws,
        seed: certificate.seed,
        chance: expression(decimal("1e-10")),
      }),
    ),
  ];
}

/** Where the emitted module computes an equation. */
export interface CodeReference {
  /** The equations' tags and formulas; several where one loop computes them together. */
  readonly equations: readonly { readonly tag: string; readonly goal: Expr; readonly value: Expr }[];
  readonly ranges: readonly { readonly first: number; readonly last: number }[];
  readonly lines: readonly { readonly number: number; readonly text: string }[];
}

export interface EmittedCode {
  readonly command: string;
  readonly references: readonly CodeReference[];
}

const mostCodeLines = 3;
/** Lines that only fetch or put away an entry, and the frame of a loop, say nothing of the equation. */
const isLoad = /^\s*(const \w+ = \w+\[[^\]]*\]!;|scratch\[\d+\] = \w+;|let \w+ = 0;|for \(.*|\})$/;
const mostReferences = 16;

/** Which lines of the emitted module compute which equation. */
export function correspondence(emitted: EmittedCode, speak: Speak): Block[] {
  const places = shown(emitted.references.length, mostReferences, mostReferences / 2).map((n) =>
    n === null ? null : (emitted.references[n - 1] as CodeReference),
  );
  const lines = places.flatMap((place): CodeLine[] => {
    if (place === null) return [];
    const telling = place.lines.filter(({ text }) => !isLoad.test(text));
    const rest = telling.length > mostCodeLines ? [{ number: null, text: "" }] : [];
    return [...telling.slice(0, mostCodeLines), ...rest];
  });
  return [
    heading(1, speak("code"), "code"),
    paragraph(speak("codeText", { command: code(emitted.command) })),
    {
      kind: "table",
      columns: ["short", "short", "short"],
      head: [speak("codeEquation"), plain(""), speak("codeLines")],
      rows: places.flatMap((place) =>
        place === null
          ? [[plain("…"), plain("…"), plain("…")]]
          : place.equations.map(({ tag, goal, value }) => [
              plain(tag),
              { words: "{e}", slots: { e: equality(goal, value) } },
              plain(
                place.ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`)).join(", "),
              ),
            ]),
      ),
    },
    paragraph(speak("codeExcerpt")),
    { kind: "code", lines },
  ];
}
