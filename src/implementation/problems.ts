import { describeFailure } from "./failure.ts";
import type { Signature } from "./given.ts";
import type { CheckProblem } from "./messages.ts";
import { Misfit } from "./misfit.ts";
import type { Escape } from "./recording.ts";

/** What is told of a failure: a Misfit in its own words, anything else as a failure of the check. */
export function asProblem(error: unknown, signature: Signature | null, escape: Escape | null): CheckProblem {
  const left = escape === null ? {} : { escape };
  if (!(error instanceof Misfit)) {
    const message = `checking it fails: ${describeFailure(error)}`;
    return { kind: "problem", code: "failed", message, advice: adviceOn("no-gradient", signature), ...left };
  }
  const { code, message, advice } = error;
  return { kind: "problem", code, message, advice: advice ?? adviceOn(code, signature), ...left };
}

function adviceOn(code: string, signature: Signature | null): string {
  const inputs = signature?.inputs.map(({ name }) => `, ${name}`).join("") ?? ", x, y";
  const names = signature?.layout.slice(0, 2).map(({ name }) => name) ?? ["W2", "b2"];
  const contract = `backward(theta${inputs}, gradient)`;
  const listed = (parts: readonly string[]): string => `{ ${parts.join(", ")}, … }`;
  const known: Readonly<Record<string, string>> = {
    threw: `call it by hand with the inputs it expects; deltarule calls ${contract} or backward(${listed(names)}${inputs}), or what an adapter says`,
    "not-finite": "look for a division by zero, an index outside an array, or a variable without a value",
    "mutated-input": "work on copies: the caller's parameters, input and target must stay as they are",
    "missing-parameter": `let \`parameters\` give ${listed(names)}`,
  };
  return (
    known[code] ??
    `write the gradient function as ${contract}, or let backward(parameters${inputs}) return ${listed(names.map((name) => `d${name}`))}`
  );
}
