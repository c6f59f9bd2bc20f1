import { compareModelWithDifferences, type ModelDerivation } from "../derivation/index.ts";
import { decimal, shown } from "../expression/index.ts";
import { plain, type Block, type Rich } from "./content.ts";
import { namedSizes } from "./model-opening.ts";
import { symbolOf, type ModelView } from "./model-view.ts";
import { correspondence, type EmittedCode } from "./numbers.ts";
import { expression, heading, paragraph, withList, type Speak } from "./phrase.ts";

const mostTensors = 12;

/** The derived gradient against differences, and the certificate of the steps. */
export function modelCheck(of: ModelView, speak: Speak): Block[] {
  const { sizes, isCut, tensors } = compareModelWithDifferences(of.derivation);
  const slots = { J: expression(of.objective), step: expression(decimal("1e-20")) };
  const said =
    sizes.size === 0
      ? speak("modelCheck", slots)
      : withList(speak(isCut ? "modelCheckCut" : "modelCheckSizes", slots), "sizes", namedSizes(sizes));
  const rows = shown(tensors.length, mostTensors).map((n): Rich[] => {
    const agreement = n === null ? undefined : tensors[n - 1];
    if (agreement === undefined) return [plain("…"), plain("…"), plain("…")];
    const symbol = symbolOf({ family: agreement.tensor, layer: null }, of);
    return [
      withList(plain("{t}"), "t", [expression(symbol)]),
      agreement.isZero ? speak("checkZero") : plain(String(agreement.digits)),
      speak(agreement.compared === "entries" ? "checkEntries" : "checkDirections"),
    ];
  });
  return [
    heading(1, speak("check"), "check"),
    paragraph(said),
    {
      kind: "table",
      columns: ["short", "number", "short"],
      head: [speak("checkTensor"), speak("checkDigits"), speak("checkCompared")],
      rows,
    },
    ...certificate(of.derivation, speak),
  ];
}

function certificate({ functions, adjoints }: ModelDerivation, speak: Speak): Block[] {
  const steps = [
    ...functions.flatMap((f) => f.steps),
    ...adjoints.flatMap((adjoint) => [...adjoint.steps, ...adjoint.evaluation]),
  ];
  const [first] = steps;
  if (first === undefined) return [];
  return [
    paragraph(
      speak("modelCertificate", {
        steps: steps.length,
        draws: Math.min(...steps.map(({ check }) => check.draws)),
        seed: first.check.seed,
        chance: expression(decimal("1e-10")),
      }),
    ),
  ];
}

/** Which lines of the emitted module compute which equation. */
export function modelCode(emitted: EmittedCode, { show }: ModelView, speak: Speak): Block[] {
  const references = emitted.references.map((reference) => ({
    ...reference,
    equations: reference.equations.map(({ tag, goal, value }) => ({ tag, goal: show(goal), value: show(value) })),
  }));
  return correspondence({ ...emitted, references }, speak);
}
