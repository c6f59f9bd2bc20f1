import type { DerivedFunction, DerivedJacobian, Derivation, WrittenOut } from "../derivation/index.ts";
import {
  derivativeName,
  inputActivation,
  inputVariable,
  leftSide,
  penaltyVariable,
  variableKey,
  type Equation,
} from "../equations/index.ts";
import { call, num, sym, wholeTensor, type Expr } from "../expression/index.ts";
import type { Bounds, Formula } from "../notation/index.ts";
import type { Block } from "./content.ts";
import {
  boundsFormula,
  display,
  equality,
  equations,
  expression,
  heading,
  layerBounds,
  overRanges,
  paragraph,
  withList,
  type Speak,
} from "./phrase.ts";
import { stepLines } from "./steps.ts";
import { shownLayers, writeEquation, type Elision } from "./written.ts";

const shownWith = (equation: Equation, bounds: readonly Bounds[] = []): Formula =>
  equality(leftSide(equation), equation.value, [...overRanges(equation.ranges), ...bounds]);

/** The forward pass three times: by indices, by matrices with their shapes, and written out for the sizes at hand. */
export function forwardPass(derivation: Derivation, speak: Speak, elision: Elision): Block[] {
  const [input, ...others] = derivation.forward;
  if (input === undefined) throw new Error("a derivation has an input");
  const ofLayers = others.filter(({ spans }) => spans.length > 0);
  const matrices = ofLayers.flatMap(({ matrix, spans }) => (matrix === null ? [] : [{ ...matrix, spans }]));
  const shapes = matrices.flatMap(({ shapes: tree, shape }) =>
    tree === null ? [] : [equality(tree, call("shape", null, ...shape))],
  );
  return [
    heading(1, speak("forward"), "forward"),
    paragraph(speak("forwardText")),
    ...equations([shownWith(input), ...ofLayers.map((equation) => shownWith(equation, layerBounds(equation.spans)))]),
    ...(matrices.length === 0
      ? []
      : [
          paragraph(speak("forwardMatrix")),
          ...equations([
            equality(wholeTensor(inputActivation, 1), wholeTensor(inputVariable, 1)),
            ...matrices.map(({ goal, statement, spans }) => equality(goal, statement, layerBounds(spans))),
          ]),
        ]),
    ...(shapes.length === 0 ? [] : [paragraph(speak("shapesText")), ...equations(shapes)]),
    ...concreteLayers(derivation, speak, elision),
  ];
}

function concreteLayers(derivation: Derivation, speak: Speak, elision: Elision): Block[] {
  const { model, network } = derivation;
  const layers = network.sizes.length - 1;
  const blocks = shownLayers(derivation, layers, elision).flatMap((n, i): Block[] => {
    if (n === null) return [paragraph(speak("layersLeftOut"))];
    const [z, a] = model.equations.slice(2 * n - 2, 2 * n) as [Equation, Equation];
    const layer = n + 1;
    return [
      paragraph(speak(i === 0 ? "forwardHereText" : "layerText", { l: layer })),
      ...writtenBlocks(writeEquation(derivation, { goal: leftSide(z), ...z }, elision), speak),
      paragraph(speak("activationHere")),
      ...writtenBlocks(writeEquation(derivation, { goal: leftSide(a), ...a }, elision), speak),
    ];
  });
  return [heading(2, speak("forwardHere"), "forward-here"), ...blocks];
}

/** An equation of the numbered network as it is written out: matrices and shapes first, then entry by entry. */
export function writtenBlocks({ matrices, shapes, entries, table }: WrittenOut, speak: Speak): Block[] {
  const pair = ({ goal, value }: { goal: Expr; value: Expr }): Formula => equality(goal, value);
  const wholes = [matrices, table].flatMap((whole) => (whole === null ? [] : [display(pair(whole))]));
  const rows = entries.map((entry) => (entry === null ? null : pair(entry)));
  return [
    ...wholes,
    ...(shapes === null ? [] : [paragraph(speak("shapesText")), display(pair(shapes))]),
    ...(rows.length > 0 && wholes.length > 0
      ? [paragraph(speak(rows.length === 1 ? "entryText" : "entriesText"))]
      : []),
    ...equations(rows),
  ];
}

/** The activation functions and the loss with their derivatives, each derived. */
export function functions(derivation: Derivation, speak: Speak, elision: Elision): Block[] {
  return [
    heading(1, speak("functions"), "functions"),
    ...derivation.functions.flatMap((derived) => activation(derived, speak)),
    ...derivation.jacobians.flatMap((jacobian) => activationOfLayer(jacobian, speak)),
    ...penalty(derivation, speak),
    ...loss(derivation, speak, elision),
  ];
}

function activation({ definition, goal, steps, kinks }: DerivedFunction, speak: Speak): Block[] {
  const layer = definition.layer === null ? null : num(definition.layer);
  const value = call(definition.name, layer, sym(definition.argument));
  return [
    paragraph(
      definition.layer === null ? speak("activationText") : speak("activationOfLayerText", { l: definition.layer }),
    ),
    display(equality(value, definition.value)),
    paragraph(speak("activationDerivative")),
    { kind: "steps", left: goal, lines: stepLines(steps, speak.language), start: 1 },
    ...kinkWords({ definition, kinks }, speak),
  ];
}

/** Where a function has no derivative, and the subgradient chosen there. */
export function kinkWords({ definition, kinks }: Pick<DerivedFunction, "definition" | "kinks">, speak: Speak): Block[] {
  const layer = definition.layer === null ? null : num(definition.layer);
  const derivative = call(derivativeName(definition.name), layer, sym(definition.argument));
  return kinks.map(({ at, left, right, chosen }) =>
    paragraph(
      speak("kink", {
        place: equality(sym(definition.argument), at),
        left: expression(left),
        right: expression(right),
        derivative: expression(derivative),
        chosen: expression(chosen),
      }),
    ),
  );
}

function activationOfLayer({ equation, spans, goal, ranges, steps }: DerivedJacobian, speak: Speak): Block[] {
  return [
    paragraph(withList(speak("activationOfLayer"), "layers", layerBounds(spans).map(boundsFormula))),
    display(equality(leftSide(equation), equation.value)),
    paragraph(withList(speak("jacobianText"), "bounds", overRanges(ranges).map(boundsFormula))),
    { kind: "steps", left: goal, lines: stepLines(steps, speak.language), start: 1 },
  ];
}

function penalty({ forward }: Derivation, speak: Speak): Block[] {
  const own = forward.find(({ variable }) => variableKey(variable) === variableKey(penaltyVariable));
  return own === undefined ? [] : [paragraph(speak("penaltyText")), display(equality(leftSide(own), own.value))];
}

function loss(derivation: Derivation, speak: Speak, elision: Elision): Block[] {
  const { forward, lossDerivative, model } = derivation;
  const own = model.equations.at(-1) as Equation;
  return [
    paragraph(speak("lossText")),
    display(shownWith(forward.at(-1) as Equation)),
    paragraph(speak("lossHere")),
    ...writtenBlocks(writeEquation(derivation, { goal: leftSide(own), ...own }, elision), speak),
    paragraph(withList(speak("lossDerivative"), "bounds", overRanges(lossDerivative.ranges).map(boundsFormula))),
    {
      kind: "steps",
      left: lossDerivative.goal,
      lines: stepLines(lossDerivative.steps, speak.language),
      start: 1,
    },
    ...(lossDerivative.isKinked ? [paragraph(speak("lossKinks"))] : []),
  ];
}
