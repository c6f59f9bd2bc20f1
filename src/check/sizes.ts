import { countParameters, sizesText, type Network } from "../network/index.ts";
import { problem } from "../problem.ts";
import { parametersOf, type Subject } from "../program/index.ts";

const mostParameters = 200_000;

/** @throws Problem `too-many-parameters` */
export function refuseSize(subject: Subject): void {
  const isNetwork = !("model" in subject);
  const count = isNetwork ? countParameters(subject) : parametersOf(subject);
  if (count > mostParameters)
    throw problem(
      "too-many-parameters",
      `${isNetwork ? sizesText(subject) : subject.name} has ${count} parameters; at most ${mostParameters} are checked`,
      "check the same code at smaller sizes",
    );
}

/** Sizes at which some mistakes make no difference, a sentence each. */
export function blindSpots({ sizes }: Network): readonly string[] {
  const notes: string[] = [];
  if (sizes.at(-1) === 1)
    notes.push(
      "with one output a factor 1/k, a sum over outputs taken too early or a missing one cannot show; check at three outputs too if the code allows it",
    );
  const square = sizes.findIndex((size, i) => i > 0 && size === sizes[i - 1]);
  if (square > 0)
    notes.push(`W${square + 1} is square, so that a transposed shape cannot show; check at distinct sizes too`);
  return notes;
}

/** Sizes at which they all do: three outputs, and every layer wider than the next. */
export const clearSizes = (layers: number): readonly number[] =>
  Array.from({ length: layers }, (_, i) => layers + 2 - i);
