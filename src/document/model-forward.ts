import { call, sym } from "../expression/index.ts";
import type { Block } from "./content.ts";
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
  ];
}

/** The functions of one number that the equations call, with their derivatives. */
export function modelFunctions(of: ModelView, speak: Speak): Block[] {
  const { functions } = of.derivation;
  if (functions.length === 0) return [];
  return [
    heading(1, speak("modelFunctions"), "functions"),
    ...functions.flatMap(({ definition, goal, steps }): Block[] => {
      const value = call(definition.name, null, sym(definition.argument));
      return [
        paragraph(speak("modelFunction", { f: expression(value) })),
        display(equality(value, definition.value)),
        paragraph(speak("activationDerivative")),
        { kind: "steps", left: goal, lines: stepLines(steps, speak.language), start: 1 },
      ];
    }),
  ];
}
