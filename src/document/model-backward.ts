import type { DerivedAdjoint, MatrixForm } from "../derivation/index.ts";
import { call, freshIndex, multiply, partial, print, shown, subtract, sym, view } from "../expression/index.ts";
import type { Formula } from "../notation/index.ts";
import type { Block, Rich } from "./content.ts";
import { adjointFormula, equationFormula, stepsBlock, symbolOf, usersOf, type ModelView } from "./model-view.ts";
import {
  boundsFormula,
  display,
  equality,
  expression,
  heading,
  overRanges,
  paragraph,
  withList,
  type Speak,
} from "./phrase.ts";

/** The derivative of J with respect to every variable and every parameter, each derived. */
export function modelEquations(of: ModelView, speak: Speak): Block[] {
  const forms = of.forms().adjoints;
  return [
    heading(1, speak("modelEquations"), "equations"),
    paragraph(speak("modelEquationsText", { J: expression(of.objective) })),
    ...of.derivation.adjoints.flatMap((adjoint, i) => derivationOf(adjoint, forms[i] ?? null, of, speak)),
  ];
}

function derivationOf(adjoint: DerivedAdjoint, matrix: MatrixForm | null, of: ModelView, speak: Speak): Block[] {
  const { target, isParameter, ranges, goal, statement, steps, evaluation } = adjoint;
  const v = expression(symbolOf(target, of));
  const isUnused = usersOf(target, of.derivation.model).length === 0;
  const announced =
    ranges.length === 0
      ? speak("modelDerivation")
      : withList(speak("derivation"), "bounds", overRanges(ranges).map(boundsFormula));
  return [
    heading(2, speak(isParameter ? "modelGradient" : "modelDerivative", { v }), `derivative-${target.family}`),
    paragraph(uses(adjoint, of, speak)),
    ...(isUnused ? [] : [paragraph(announced), stepsBlock(goal, steps, of, speak)]),
    ...(evaluation.length === 0
      ? []
      : [paragraph(speak("evaluation")), stepsBlock(statement, evaluation, of, speak, steps.length + 1)]),
    ...(matrix === null ? [] : matrixBlocks(matrix, speak)),
    ...(isUnused ? [] : [paragraph(speak("result"))]),
    display(adjointFormula(adjoint, of), null, true),
  ];
}

const mostUsers = 8;

/** Which equations use a variable: each adds a term to its adjoint. */
function uses({ target }: DerivedAdjoint, of: ModelView, speak: Speak): Rich {
  const { model } = of.derivation;
  const v = expression(symbolOf(target, of));
  const users = usersOf(target, model).map(({ variable }) => expression(symbolOf(variable, of)));
  if (users.length === 0) return speak("modelUnused", { v, J: expression(of.objective) });
  const said = users.length === 1 ? speak("modelUsedOnce", { v }) : speak("modelUsedOften", { v, count: users.length });
  return withList(
    said,
    "users",
    shown(users.length, mostUsers).map((n) => (n === null ? null : (users[n - 1] as Formula))),
  );
}

const matrixBlocks = ({ goal, statement, shape, shapes }: MatrixForm, speak: Speak): Block[] => [
  paragraph(speak("modelMatrixForm")),
  display(equality(goal, statement)),
  ...(shapes === null
    ? []
    : [paragraph(speak("shapesText")), display(equality(shapes, call("shape", null, ...shape)))]),
];

const mostUpdates = 12;

/** What is computed in which order, and the step of gradient descent. */
export function modelAlgorithm(of: ModelView, speak: Speak): Block[] {
  const { model, adjoints } = of.derivation;
  const compute = (equation: Formula): Rich => speak("modelStepForward", { equation });
  const parameters = adjoints.filter(({ isParameter }) => isParameter);
  const rate = sym(rateOf(of));
  const updates = parameters.map(({ goal }): Formula => {
    const derivative = view(of.show(goal));
    if (derivative.kind !== "partial") throw new Error(`no derivative: ${print(goal)}`);
    const { by } = derivative;
    return { kind: "update", left: by, right: subtract(by, multiply(rate, partial(of.objective, by))) };
  });
  return [
    heading(1, speak("algorithm"), "algorithm"),
    paragraph(speak("algorithmText")),
    {
      kind: "list",
      isOrdered: true,
      start: 1,
      items: [
        ...model.equations.map((equation) => compute(equationFormula(equation, of))),
        ...adjoints.map((adjoint) => compute(adjointFormula(adjoint, of))),
        ...(updates.length === 0
          ? []
          : [
              withList(
                speak("modelUpdate", { rate: expression(rate) }),
                "updates",
                shown(updates.length, mostUpdates).map((n) => (n === null ? null : (updates[n - 1] as Formula))),
              ),
            ]),
      ],
    },
  ];
}

/** η for the learning rate, unless the model calls something else so. */
function rateOf({ derivation: { model } }: ModelView): string {
  const names = [...model.tensors, ...model.equations].map(({ variable }) => variable.family);
  const free = ["eta", "alpha", "lambda", "epsilon"].find((name) => !names.includes(name));
  return free ?? freshIndex(new Set(names));
}
