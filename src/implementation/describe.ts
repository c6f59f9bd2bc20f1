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
