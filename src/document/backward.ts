import {
  titles,
  type Derivation,
  type EquationId,
  type Words,
  type DerivedEquation,
  type Instance,
} from "../derivation/index.ts";
import { inputActivation, inputVariable, penaltyVariable, variableKey } from "../equations/index.ts";
import {
  atom,
  call,
  multiply,
  num,
  partial,
  some,
  subtract,
  sym,
  view,
  wholeTensor,
  type Expr,
} from "../expression/index.ts";
import { sizesText } from "../network/index.ts";
import type { Bounds, Formula } from "../notation/index.ts";
import { plain, type Block } from "./content.ts";
import { writtenBlocks } from "./forward.ts";
import {
  at,
  boundsFormula,
  display,
  equality,
  everyLayer,
  expression,
  heading,
  j,
  k,
  l,
  layerBounds,
  overRanges,
  paragraph,
  withList,
  type Speak,
} from "./phrase.ts";
import { stepLines } from "./steps.ts";
import { say, words } from "./words.ts";
import { shownLayers, writeEquation, type Elision } from "./written.ts";

/** What δ is, and what it means, before it is used. */
export function errorDefinition({ jacobians, forward }: Derivation, speak: Speak): Block[] {
  const said = (entry: Words): string => say(entry, speak.language);
  const isOfLayer = jacobians.length > 0;
  const hasPenalty = forward.some(({ variable }) => variableKey(variable) === variableKey(penaltyVariable));
  const [delta, z] = [atom(at("delta", l), [j]), atom(at("z", l), [j])];
  return [
    heading(1, speak("delta"), "delta"),
    paragraph(speak("deltaText")),
    display(equality(delta, partial(sym("J"), z), layerBounds(everyLayer))),
    paragraph(
      speak("deltaMeaning", {
        delta: expression(delta),
        z: expression(z),
        j: expression(j),
        l: expression(l),
        activations: said(isOfLayer ? words.layerActivations : words.ownActivation),
        slope: said(isOfLayer ? words.layerSlopes : words.ownSlope),
        exception: hasPenalty ? said(words.exceptPenalty) : "",
      }),
    ),
  ];
}

const boundsOf = ({ ranges, spans }: DerivedEquation): Bounds[] => [...overRanges(ranges), ...layerBounds(spans)];

const statementOf = (equation: DerivedEquation): Formula =>
  equality(equation.goal, equation.statement, boundsOf(equation));

export function fourEquations({ equations: four, network: { sizes } }: Derivation, speak: Speak): Block[] {
  return [
    heading(1, speak("equations"), "equations"),
    paragraph(speak("fourText")),
    ...four.map((equation) => display(statementOf(equation), equation.id)),
    ...four.flatMap((equation, i) => [
      ...derivationOf(equation, four.slice(0, i).filter(({ id }) => id === equation.id).length, speak),
      ...(equation.condition === "hidden" && sizes.length < 3 ? [paragraph(speak("twoLayers"))] : []),
    ]),
  ];
}

/** @param nth how many equations of the same name, for other activations, have come before */
function derivationOf(equation: DerivedEquation, nth: number, speak: Speak): Block[] {
  const { id, goal, statement, matrix, steps, evaluation, evaluated, underAssumption } = equation;
  const { title, meaning } = titles[id];
  return [
    heading(2, plain(`${id}. ${say(title, speak.language)}`), nth === 0 ? id : `${id}-${nth + 1}`),
    paragraph(plain(say(meaning, speak.language))),
    ...(id === "BP4" && view(statement).kind === "add" ? [paragraph(speak("penaltyTerm"))] : []),
    paragraph(withList(speak("derivation"), "bounds", boundsOf(equation).map(boundsFormula))),
    { kind: "steps", left: goal, lines: stepLines(steps, speak.language), start: 1 },
    ...(evaluation.length === 0
      ? ownActivations(equation, speak)
      : [
          paragraph(speak("evaluation")),
          { kind: "steps", left: statement, lines: stepLines(evaluation, speak.language), start: 1 } as const,
        ]),
    ...(underAssumption.length === 0
      ? []
      : [
          paragraph(speak("underAssumption")),
          { kind: "steps", left: evaluated, lines: stepLines(underAssumption, speak.language), start: 1 } as const,
        ]),
    ...(matrix === null
      ? [paragraph(speak("noMatrixForm"))]
      : [
          paragraph(speak("matrixForm")),
          display(equality(matrix.goal, matrix.statement)),
          ...(matrix.shapes === null
            ? []
            : [paragraph(speak("shapesText")), display(equality(matrix.shapes, call("shape", null, ...matrix.shape)))]),
        ]),
    paragraph(speak("result")),
    display(statementOf(equation), id, true),
  ];
}

/** Why σ′ is left standing, where it is. */
function ownActivations({ statement }: DerivedEquation, speak: Speak): Block[] {
  const slopes: Expr[] = [];
  some(statement, (node) => {
    if (view(node).kind === "call") slopes.push(node);
    return false;
  });
  const [derivative] = slopes;
  return derivative === undefined ? [] : [paragraph(speak("ownActivations", { derivative: expression(derivative) }))];
}

export function algorithm(derivation: Derivation, speak: Speak, elision: Elision): Block[] {
  const { equations: four, network } = derivation;
  const named = (id: EquationId): readonly DerivedEquation[] => four.filter((equation) => equation.id === id);
  const [bp1] = named("BP1") as [DerivedEquation];
  const [bp3] = named("BP3") as [DerivedEquation];
  const [bp4] = named("BP4") as [DerivedEquation];
  const depth = network.sizes.length;
  const equationOf = ({ goal, statement }: DerivedEquation): Formula => equality(goal, statement);
  const update = (family: string, ...indices: (typeof j)[]): Formula => {
    const parameter = atom(at(family, l), indices);
    const right = subtract(parameter, multiply(sym("eta"), partial(sym("J"), parameter)));
    return { kind: "update", left: parameter, right };
  };
  return [
    heading(1, speak("algorithm"), "algorithm"),
    paragraph(speak("algorithmText")),
    {
      kind: "list",
      isOrdered: true,
      start: 1,
      items: [
        speak("algorithmForward", {
          input: equality(wholeTensor(inputActivation, 1), wholeTensor(inputVariable, 1)),
          layers: { kind: "countdown", index: l, from: num(2), to: num(depth) },
          z: expression(atom(at("z", l), [j])),
          a: expression(atom(at("a", l), [j])),
        }),
        speak("algorithmOutput", { equation: equationOf(bp1) }),
        ...(depth < 3
          ? []
          : [
              withList(
                speak("algorithmBack", {
                  layers: { kind: "countdown", index: l, from: num(depth - 1), to: num(2) },
                }),
                "equation",
                named("BP2").map(equationOf),
              ),
            ]),
        speak("algorithmBias", { equation: equationOf(bp3) }),
        speak("algorithmWeight", { equation: equationOf(bp4) }),
        speak("algorithmUpdate", {
          rate: expression(sym("eta")),
          update: update("W", j, k),
          biasUpdate: update("b", j),
        }),
      ],
    },
    ...instances(derivation, speak, elision),
  ];
}

/** The backward pass with numbers for sizes and layers, in the order in which it runs. */
function instances(derivation: Derivation, speak: Speak, elision: Elision): Block[] {
  const { network, layers } = derivation;
  const checkedAt = layers[0]?.delta.check.sizes.join("-") ?? "";
  return [
    heading(2, speak("instances"), "instances"),
    paragraph(speak("instancesText")),
    ...(checkedAt === sizesText(network) ? [] : [paragraph(speak("instancesCut", { cut: checkedAt }))]),
    ...shownLayers(derivation, layers.length, elision).flatMap((n): Block[] => {
      const layer = n === null ? undefined : layers[n - 1];
      if (layer === undefined) return [paragraph(speak("layersLeftOut"))];
      const { delta, bias, weight } = layer;
      const indexed = ({ goal, value, ranges, equation }: Instance): Block =>
        display(equality(goal, value, overRanges(ranges)), equation);
      const written = (instance: Instance): Block[] =>
        writtenBlocks(writeEquation(derivation, instance, elision), speak);
      return [
        paragraph(speak("layerText", { l: layer.layer })),
        indexed(delta),
        ...written(delta),
        indexed(bias),
        indexed(weight),
        ...written(weight),
      ];
    }),
  ];
}
