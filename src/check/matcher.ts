import { openHere, type Expectation } from "../implementation/index.ts";
import { parseNetwork } from "../network/index.ts";
import type { Subject } from "../program/index.ts";
import { checkSession } from "./check.ts";
import { expectedSubject } from "./expected.ts";
import { report } from "./report.ts";
import { failedVerdict, type CheckVerdict } from "./verdict.ts";

/** What the gradient is to be of, as the command line's options of these names have it. */
export interface DerivedGradientOptions extends Omit<Expectation, "network" | "equations"> {
  /** The code's own forward pass, which is then checked as well. */
  readonly forward?: (...args: never) => unknown;
}

export interface GradientMatchers {
  /**
   * Checks that a function computes the derived gradient of a network, in numbers, at random points:
   * `await expect(backward).toMatchDerivedGradient("2-3-1", { activation: "tanh" })`. Of an adapter, which names its
   * network itself, no sizes are given.
   */
  toMatchDerivedGradient: (sizes?: string, options?: DerivedGradientOptions) => Promise<void>;
}

/** For jest's and vitest's `expect.extend`. */
export const matchers = { toMatchDerivedGradient };

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- jest is extended so
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type -- as jest has it
    interface Matchers<R, T = {}> extends GradientMatchers {}
  }
}

async function toMatchDerivedGradient(
  this: { readonly isNot?: boolean },
  received: unknown,
  sizes?: string,
  options: DerivedGradientOptions = {},
): Promise<{ readonly pass: boolean; readonly message: () => string }> {
  const verdict = await checkHere(received, sizes, options);
  const isNot = this.isNot ?? false;
  const hasRun = verdict.verdict === "equal" || verdict.verdict === "different";
  const text = report(verdict, "text", "").trimEnd();
  return {
    // A check that did not run fails, whichever of the two is wanted.
    pass: hasRun ? verdict.verdict === "equal" : isNot,
    message: () => (isNot && hasRun ? `a gradient that differs was expected\n\n${text}` : text),
  };
}

async function checkHere(
  received: unknown,
  sizes: string | undefined,
  { forward, ...expectation }: DerivedGradientOptions,
): Promise<CheckVerdict> {
  const name = typeof received === "function" && received.name !== "" ? received.name : "the function";
  const subject = sizes === undefined ? null : networkOf(sizes, expectation);
  const session = await openHere(received, forward ?? null);
  if (session.kind === "problem") return failedVerdict(name, subject, undefined, session);
  const wanted = subject ?? (await expectedSubject(name, session.description));
  const verdict = await checkSession(name, wanted, session);
  return { ...verdict, export: null };
}

function networkOf(sizes: string, { activation, loss, constants, l1, l2 }: Expectation): Subject {
  const text = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));
  const constant = Object.entries(constants ?? {}).map(([name, value]) => `${name}=${value}`);
  return parseNetwork(sizes, { activation, loss, constant, l1: text(l1), l2: text(l2) });
}
