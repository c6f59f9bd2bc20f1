import { isMarked } from "./adapter-parts.ts";
import { makeCalls, openCode } from "./calls.ts";
import type { CheckProblem } from "./messages.ts";
import { asProblem } from "./problems.ts";
import { plainScalars } from "./scalars.ts";
import type { Session } from "./session.ts";

/**
 * Code of this very process: a function that computes a gradient, with its forward pass, or an adapter. Nothing
 * guards this process against it, nothing is recorded, and what it keeps in variables it keeps from call to call.
 */
export async function openHere(
  code: unknown,
  forward: ((...args: never) => unknown) | null,
): Promise<Session | CheckProblem> {
  const exports = isMarked(code) ? { default: code } : { backward: code, ...(forward === null ? {} : { forward }) };
  const load = (): Promise<typeof exports> => Promise.resolve(exports);
  try {
    return {
      kind: "session",
      description: await openCode(load, null),
      sites: [],
      run: (request) =>
        makeCalls(load, null, request, plainScalars).catch((error: unknown) => asProblem(error, request, null)),
      close: () => Promise.resolve(),
    };
  } catch (error) {
    return asProblem(error, null, null);
  }
}
