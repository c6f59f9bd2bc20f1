import {
  reasons,
  titles,
  type CheckedStep,
  type Derivation,
  type DerivedEquation,
  type Instance,
  type Language,
  type LayerCondition,
} from "../derivation/index.ts";
import { inputVariable, leftSide, shift, targetVariable, type Equation, type Range } from "../equations/index.ts";
import {
  all,
  atom,
  call,
  num,
  partial,
  sizeOf,
  subtract,
  multiply,
  sym,
  type Expr,
  type Variable,
} from "../expression/index.ts";
import { sizesText } from "../network/index.ts";
import type { Bounds, Formula } from "../notation/index.ts";
import { plain, type Block, type Document, type Rich, type StepLine } from "./content.ts";
import { say, words } from "./words.ts";

const [l, L, j, k] = ["l", "L", "j", "k"].map(sym) as [Expr, Expr, Expr, Expr];
const at = (family: string, layer: Expr): Variable => ({ family, layer });
const expression = (expr: Expr): Formula => ({ kind: "expression", expr });
const whole = (variable: Variable): Expr => atom(variable, [all()]);
const tensor = (variable: Variable): Formula => expression(whole(variable));
const equality = (left: Expr, right: Expr, where: readonly Bounds[] = []): Formula => ({
  kind: "equality",
  left,
  right,
  where,
});
const between = (least: Expr, index: Expr, most: Expr): Bounds => ({ least, index, most });
const overRanges = (ranges: readonly Range[]): Bounds[] =>
  ranges.map(({ index, size }) => between(num(1), sym(index), size));

/** For which layers an equation holds, as bounds on l; the output layer needs none. */
const layerBounds: Readonly<Record<LayerCondition, readonly Bounds[]>> = {
  output: [],
  hidden: [between(num(2), l, shift(L, -1))],
  any: [between(num(2), l, L)],
};

/**
 * The derivation as a document: what is said in which order. Words come from the tables of words and reasons,
 * formulas from the derivation; nothing here writes mathematics of its own.
 */
export function arrange(derivation: Derivation, language: Language): Document {
  const title = say(words.title, language).replace("{sizes}", sizesText(derivation.network));
  const speak = (entry: keyof typeof words, slots: Rich["slots"] = {}): Rich => ({
    words: say(words[entry], language),
    slots,
  });
  return {
    title,
    language,
    blocks: [
      introduction(derivation, speak),
      ...notation(derivation, speak),
      ...forwardPass(derivation, speak),
      ...fourEquations(derivation, speak, language),
      ...instances(derivation, speak),
      ...algorithm(derivation, speak),
    ],
  };
}

type Speak = (entry: keyof typeof words, slots?: Rich["slots"]) => Rich;

const heading = (level: 1 | 2, text: Rich, id = ""): Block => ({ kind: "heading", level, text, id });
const paragraph = (text: Rich): Block => ({ kind: "paragraph", text });
const display = (formula: Formula, tag: string | null = null, isBoxed = false): Block => ({
  kind: "display",
  formula,
  tag,
  isBoxed,
});

function introduction({ network: { sizes } }: Derivation, speak: Speak): Block {
  const text = speak("introduction", { last: equality(L, num(sizes.length)) });
  return paragraph({
    ...text,
    words: text.words.replace("{count}", String(sizes.length)).replace("{list}", sizes.join(", ")),
  });
}

function notation({ network: { sizes } }: Derivation, speak: Speak): Block[] {
  const numbers = sizes.map((_, i) => i + 1);
  const shapes = (of: (layer: number) => number[] | null): Rich => {
    const listed = numbers.flatMap((layer) => {
      const shape = of(layer);
      return shape === null ? [] : [{ layer, shape }];
    });
    const shown = listed.length > 4 ? [...listed.slice(0, 2), null, ...listed.slice(-1)] : listed;
    const shapeOf = (shape: readonly number[]): Formula => ({ kind: "shape", sizes: shape.map((n) => num(n)) });
    const slots = Object.fromEntries(
      shown.flatMap((item, i) => (item === null ? [] : [[`s${i}`, shapeOf(item.shape)] as const])),
    );
    return { words: shown.map((item, i) => (item === null ? "…" : `{s${i}}`)).join(", "), slots };
  };
  const size = (layer: number): number => sizes[layer - 1] as number;
  const hidden = (layer: number): number[] | null => (layer < 2 ? null : [size(layer)]);
  const row = (symbol: Formula, meaning: Rich, shape: Rich): Rich[] => [
    { words: "{symbol}", slots: { symbol } },
    meaning,
    shape,
  ];
  const layer = { l: expression(l) };
  return [
    heading(1, speak("notation")),
    {
      kind: "table",
      head: [speak("symbol"), speak("meaning"), speak("shape")],
      rows: [
        row(
          expression(sizeOf(l)),
          speak("meaningOfSize", layer),
          plain(sizes.length > 6 ? `${sizes.slice(0, 3).join(", ")}, …, ${sizes.at(-1)}` : sizes.join(", ")),
        ),
        row(
          equality(whole(at("a", num(1))), whole(inputVariable)),
          speak("meaningOfInput"),
          shapes((n) => (n === 1 ? [size(1)] : null)),
        ),
        row(
          tensor(at("W", l)),
          speak("meaningOfWeight", {
            ...layer,
            entry: expression(atom(at("W", l), [j, k])),
            j: expression(j),
            k: expression(k),
          }),
          shapes((n) => (n < 2 ? null : [size(n), size(n - 1)])),
        ),
        row(tensor(at("b", l)), speak("meaningOfBias", layer), shapes(hidden)),
        row(tensor(at("z", l)), speak("meaningOfPreActivation", layer), shapes(hidden)),
        row(tensor(at("a", l)), speak("meaningOfActivation", layer), shapes(hidden)),
        row(expression(sym("sigma")), speak("meaningOfFunction"), plain("")),
        row(
          tensor(targetVariable),
          speak("meaningOfTarget"),
          shapes((n) => (n === sizes.length ? [size(n)] : null)),
        ),
        row(expression(sym("J")), speak("meaningOfLoss"), plain("")),
        row(tensor(at("delta", l)), speak("meaningOfDelta", layer), shapes(hidden)),
      ],
    },
  ];
}

function forwardPass({ forward, functions }: Derivation, speak: Speak): Block[] {
  const [input, preActivation, activation, loss] = forward as [Equation, Equation, Equation, Equation];
  const shown = (equation: Equation, bounds: readonly Bounds[]): Block =>
    display(equality(leftSide(equation), equation.value, [...overRanges(equation.ranges), ...bounds]));
  const z = sym("z");
  return [
    heading(1, speak("forward")),
    paragraph(speak("forwardText")),
    shown(input, []),
    shown(preActivation, layerBounds.any),
    shown(activation, layerBounds.any),
    ...functions.flatMap(({ definition, form }) => {
      const layer = definition.layer === null ? null : num(definition.layer);
      return [
        paragraph(layer === null ? speak("activationText") : speak("activationOfLayerText", { l: expression(layer) })),
        display(equality(call("sigma", layer, z), definition.value)),
        display({
          kind: "equality",
          left: call("sigma_prime", layer, z),
          right: form.formula,
          ...(form.in === "a" ? { with: { left: sym("a"), right: call("sigma", layer, z) } } : {}),
        }),
      ];
    }),
    paragraph(speak("lossText")),
    shown(loss, []),
  ];
}

function fourEquations({ equations }: Derivation, speak: Speak, language: Language): Block[] {
  const delta = atom(at("delta", l), [j]);
  return [
    heading(1, speak("fourEquations")),
    paragraph(speak("deltaText", { delta: expression(delta), l: expression(l), j: expression(j) })),
    display(equality(delta, partial(sym("J"), atom(at("z", l), [j])), layerBounds.any)),
    paragraph(speak("fourText")),
    ...equations.map(statementOf),
    ...equations.flatMap((equation) => derivationOf(equation, speak, language)),
  ];
}

const statementOf = ({ id, goal, statement, condition, ranges }: DerivedEquation): Block =>
  display(equality(goal, statement, [...overRanges(ranges), ...layerBounds[condition]]), id);

function derivationOf(equation: DerivedEquation, speak: Speak, language: Language): Block[] {
  const { id, goal, statement, matrix, steps, evaluation } = equation;
  const { title, meaning } = titles[id];
  return [
    heading(2, plain(`${id}. ${say(title, language)}`)),
    statementOf(equation),
    paragraph(plain(say(meaning, language))),
    ...(matrix === null
      ? []
      : [
          paragraph(speak("matrixForm", { shape: { kind: "shape", sizes: matrix.shape } })),
          display(equality(matrix.goal, matrix.statement)),
        ]),
    paragraph(speak("derivation")),
    { kind: "steps", left: goal, lines: lines(steps, language) },
    ...(evaluation.length === 0
      ? []
      : [
          paragraph(speak("evaluation")),
          { kind: "steps", left: statement, lines: lines(evaluation, language) } as const,
        ]),
  ];
}

function lines(steps: readonly CheckedStep[], language: Language): StepLine[] {
  return steps.map(({ rule, after, slots }) => {
    const formulas = Object.fromEntries(Object.entries(slots).map(([name, expr]) => [name, expression(expr)]));
    const rich = (text: string): Rich => ({ words: text, slots: formulas });
    return {
      right: after,
      name: rich(say(reasons[rule].name, language)),
      reason: rich(say(reasons[rule].reason, language)),
    };
  });
}

function instances({ network, model, layers }: Derivation, speak: Speak): Block[] {
  const checkedAt = layers[0]?.delta.check.sizes.join("-") ?? "";
  const backward = ({ equation, goal, value, ranges }: Instance): Block =>
    display(equality(goal, value, overRanges(ranges)), equation);
  return [
    heading(1, speak("instances")),
    paragraph(speak("instancesText")),
    ...(checkedAt === sizesText(network)
      ? []
      : [paragraph(plain(speak("instancesCut").words.replace("{cut}", checkedAt)))]),
    ...model.equations.map((equation) =>
      display(equality(leftSide(equation), equation.value, overRanges(equation.ranges))),
    ),
    ...layers.flatMap(({ layer, delta, bias, weight }) => [
      paragraph(speak("layerText", { l: expression(num(layer)) })),
      backward(delta),
      backward(bias),
      backward(weight),
    ]),
  ];
}

function algorithm({ equations, network: { sizes } }: Derivation, speak: Speak): Block[] {
  const [bp1, bp2, bp3, bp4] = equations as [DerivedEquation, DerivedEquation, DerivedEquation, DerivedEquation];
  const equationOf = (e: DerivedEquation): Formula => equality(e.goal, e.statement);
  const parameter = atom(at("W", l), [j, k]);
  return [
    heading(1, speak("algorithm")),
    {
      kind: "list",
      items: [
        speak("algorithmForward", {
          input: equality(whole(at("a", num(1))), whole(inputVariable)),
          layers: { kind: "bounds", bounds: between(num(2), l, num(sizes.length)) },
          z: expression(atom(at("z", l), [j])),
          a: expression(atom(at("a", l), [j])),
        }),
        speak("algorithmOutput", { equation: equationOf(bp1) }),
        ...(sizes.length < 3
          ? []
          : [
              speak("algorithmBack", {
                layers: { kind: "countdown", index: l, from: num(sizes.length - 1), to: num(2) },
                equation: equationOf(bp2),
              }),
            ]),
        speak("algorithmBias", { equation: equationOf(bp3) }),
        speak("algorithmWeight", { equation: equationOf(bp4) }),
        speak("algorithmUpdate", {
          rate: expression(sym("eta")),
          update: {
            kind: "update",
            left: parameter,
            right: subtract(parameter, multiply(sym("eta"), partial(sym("J"), parameter))),
          },
        }),
      ],
    },
  ];
}
