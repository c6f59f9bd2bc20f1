import { equationKinks } from "../derivation/index.ts";
import { leftSide, type Equation } from "../equations/index.ts";
import { call, num, print, sym, view, type Expr } from "../expression/index.ts";
import type { Block } from "./content.ts";
import { kinkWords } from "./forward.ts";
import { equationFormula, type ModelView } from "./model-view.ts";
import { display, equality, equations, expression, heading, paragraph, type Speak } from "./phrase.ts";
import { stepLines } from "./steps.ts";

/** All equations in their order, and those that have one in matrix form. */
export function modelForward(of: ModelView, speak: Speak): Block[] {
  const matrices = of.forms().equations.flatMap((form) => (form === null ? [] : [form]));
  return [
    heading(1, speak("forward"), "forward"),
    paragraph(speak("modelForwardText")),
    ...equations(of.derivation.model.equations.map((equation) => equationFormula(equation, of))),
    ...(matrices.length === 0
      ? []
      : [
          paragraph(speak("modelForwardMatrix")),
          ...equations(matrices.map(({ goal, statement }) => equality(goal, statement))),
        ]),
    ...of.derivation.model.equations.flatMap((equation) => kinksOfEquation(equation, of, speak)),
  ];
}

/** Where the right side of an equation has no derivative, and which value is taken there. */
function kinksOfEquation(equation: Equation, of: ModelView, speak: Speak): Block[] {
  const v = expression(of.show(leftSide(equation)));
  return equationKinks(equation, of.derivation.model).map(({ tie, chosen }) => {
    const taken = expression(of.show(chosen));
    // z = 0 rather than 0 = z, as max(0, z) has it.
    const sides = view(tie.left).kind === "number" ? [tie.right, tie.left] : [tie.left, tie.right];
    const place = equality(...(sides.map(of.show) as [Expr, Expr]));
    const isSign = print(chosen) === "sign(0)";
    return paragraph(
      isSign
        ? speak("modelKinkSign", { v, place, sign: equality(chosen, num(0)) })
        : speak("modelKink", { v, place, chosen: taken }),
    );
  });
}

/** The functions of one number that the equations call, with their derivatives. */
export function modelFunctions(of: ModelView, speak: Speak): Block[] {
  const { functions } = of.derivation;
  if (functions.length === 0) return [];
  return [
    heading(1, speak("modelFunctions"), "functions"),
    ...functions.flatMap(({ definition, goal, steps, kinks }): Block[] => {
      const value = call(definition.name, null, sym(definition.argument));
      return [
        paragraph(speak("modelFunction", { f: expression(value) })),
        display(equality(value, definition.value)),
        paragraph(speak("activationDerivative")),
        { kind: "steps", left: goal, lines: stepLines(steps, speak.language), start: 1 },
        ...kinkWords({ definition, kinks }, speak),
      ];
    }),
  ];
}
