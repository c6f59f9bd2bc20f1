import { inspect } from "node:util";
import { openHere, type Expectation } from "../implementation/index.ts";
import { optionsText, parseNetwork, sizesText } from "../network/index.ts";
import { Problem, problem } from "../problem.ts";
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
  const isNot = this.isNot ?? false;
  // A check that did not run fails, whichever of the two is wanted.
  const unrun = (text: string) => ({ pass: isNot, message: () => text });
  try {
    const verdict = await checkHere(received, sizes, options);
    const isEqual = verdict.verdict === "equal";
    const text = report(verdict, "text", "").trimEnd();
    if (!isEqual && verdict.verdict !== "different") return unrun(text);
    const told = isEqual
      ? `a gradient that differs was expected\n\n${text}`
      : `${text}\n${causeLine(received, verdict)}`;
    return { pass: isEqual, message: () => told };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return unrun(`${error.message}\n  ${error.advice}`);
  }
}

/** How the mistake gets its name, which a check in numbers does not give it. */
function causeLine(received: unknown, { network }: CheckVerdict): string {
  const name = typeof received === "function" && /^[\w$]+$/.test(received.name) ? received.name : "backward";
  const model =
    typeof received !== "function" || network === null
      ? ""
      : ` --network ${sizesText(network)}${optionsText(network)}${name === "backward" ? "" : ` --export ${name}`}`;
  return `  for the cause: npx deltarule check FILE${model}`;
}

async function checkHere(
  received: unknown,
  sizes: string | undefined,
  { forward, ...expectation }: DerivedGradientOptions,
): Promise<CheckVerdict> {
  const isFunction = typeof received === "function";
  if (isFunction && sizes === undefined)
    throw problem(
      "network-missing",
      "nothing says which network the function is for",
      'name its sizes, such as expect(backward).toMatchDerivedGradient("2-3-1")',
    );
  const name = isFunction && received.name !== "" ? received.name : "the function";
  const subject = sizes === undefined ? null : networkOf(sizes, expectation);
  const session = await openHere(received, forward ?? null);
  if (session.kind === "problem" && session.code === "export-missing")
    throw problem(
      "matcher-received",
      `${inspect(received, { depth: 0, breakLength: Infinity }).slice(0, 80)} is not a function`,
      'hand over the function itself, such as expect(backward).toMatchDerivedGradient("2-3-1"), or an adapter',
    );
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
