import { takesRate } from "./adapted.ts";
import type { GradientCheck } from "./adapter.ts";
import type { Functions } from "./functions.ts";
import type { Adapted } from "./parameters.ts";

/** What is known of the checked code before it is called. */
export interface Description {
  /** A function that is called as it is, or an adapter that says how. */
  readonly kind: "function" | "adapter";
  /** What an adapter says of the network: the options of the command line by their names. */
  readonly network: string | null;
  readonly equations: string | null;
  readonly options: {
    readonly activation?: string;
    readonly loss?: string;
    readonly constant?: readonly string[];
    readonly l1?: string;
    readonly l2?: string;
  };
  /** Samples in a call; null where each call takes one, not a list of them. */
  readonly batch: number | null;
  /** How the loss of a batch is made of those of its samples. */
  readonly reduction: "mean" | "sum";
  /** Does the code make a training step, from which its gradient is read? */
  readonly isStep: boolean;
  /** Does the step take its rate from the call? Else it is the one given here, or null where it is to be found out. */
  readonly takesRate: boolean;
  readonly rate: number | null;
  /** Is the code made for any sizes? */
  readonly takesSizes: boolean;
  readonly hasForward: boolean;
}

/** What can be told of code without calling it. */
export function describe(found: Functions | Adapted): Description {
  const nothing = { network: null, equations: null, options: {}, batch: null, reduction: "mean" } as const;
  if (found.kind === "function")
    return {
      ...nothing,
      kind: "function",
      isStep: false,
      takesRate: false,
      rate: null,
      takesSizes: false,
      hasForward: found.forward !== null,
    };
  const { adapter } = found;
  const said = adapter as typeof adapter & GradientCheck;
  const { network = null, equations = null, batch = null, reduction = "mean", activation, loss, constants } = said;
  const constant = Object.entries(constants ?? {}).map(([name, value]) => `${name}=${value}`);
  return {
    kind: "adapter",
    network,
    equations,
    options: {
      ...(activation !== undefined && { activation }),
      ...(loss !== undefined && { loss }),
      ...(constant.length > 0 && { constant }),
      ...(said.l1 !== undefined && { l1: String(said.l1) }),
      ...(said.l2 !== undefined && { l2: String(said.l2) }),
    },
    batch,
    reduction,
    isStep: adapter.step !== undefined,
    takesRate: takesRate(adapter),
    rate: adapter.step === undefined || takesRate(adapter) ? null : (adapter.learningRate ?? null),
    takesSizes: adapter.create.length > 0,
    hasForward: adapter.forward !== undefined,
  };
}
