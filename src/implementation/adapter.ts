/** Weights as `number[][]`, rows first; biases as `number[]`; the scalars of other models as numbers. */
export type Tensors = Readonly<Record<string, number | number[] | number[][] | number[][][]>>;

/** What the code under check is checked against. Every entry is the command line's option of that name. */
export interface Expectation {
  /** The layer sizes, such as "2-3-1". */
  readonly network?: string;
  /** Instead of a network: a file of forward equations. */
  readonly equations?: string;
  readonly activation?: string;
  readonly loss?: string;
  readonly constants?: Readonly<Record<string, number | string>>;
  readonly l1?: number;
  readonly l2?: number;
}

interface Common<Net> extends Expectation {
  /**
   * A new instance. A function that takes the sizes says that the code is made for any, so that it is checked at
   * others as well, at which more mistakes show.
   */
  readonly create: (shape: { readonly sizes: readonly number[] }) => Net | Promise<Net>;
  /** The outputs at x, a sample, or a list of samples where `batch` is given. Checked before the gradient is. */
  readonly forward?: (net: Net, x: never) => unknown;
  /** The loss as the code computes it: tells a wrong gradient from the right one of another loss. */
  readonly objective?: (net: Net, x: never, y: never) => unknown;
  /** How many samples a call takes, as a list; left out, each call takes a single one. */
  readonly batch?: number;
  /** Is the loss of a batch the mean of those of its samples (the default), or their sum? */
  readonly reduction?: "mean" | "sum";
}

/** How parameters get in: written out for the code to take, or in place, where the code keeps them. */
type Inward<Net> =
  | {
      /** Takes `{ W2, b2, W3, b3, … }`: W2[j][k] leads from neuron k of layer 1 to neuron j of layer 2. */
      readonly setParameters: (net: Net, parameters: never) => unknown;
      /** Where the code keeps its parameters: `{ W2: net.w1, b2: net.b1, … }`, in any layout. */
      readonly parameters?: (net: Net) => unknown;
    }
  | { readonly setParameters?: undefined; readonly parameters: (net: Net) => unknown };

/** How the gradient comes out: it is there after a call, or it shows in what a training step does to the weights. */
type Outward<Net> =
  | {
      /** Returns `{ W2, b2, … }` (or dW2, …; or one flat list), each laid out as the parameters are. */
      readonly gradients: (net: Net, x: never, y: never) => unknown;
      readonly step?: undefined;
    }
  | {
      readonly gradients?: undefined;
      /** Makes one step of gradient descent; one that does not take the rate makes it at `learningRate`. */
      readonly step: (net: Net, x: never, y: never, rate: number) => unknown;
      /** The rate of a step that does not take it from the call; left out, it is found out, and with it the sign. */
      readonly learningRate?: number;
      /** A step is read from the parameters before and after it. */
      readonly parameters: (net: Net) => unknown;
    };

/** An adapter: how `deltarule check` gets at code that is no plain function. */
export type GradientCheck<Net = unknown> = Common<Net> & Inward<Net> & Outward<Net>;

/** Marks the default export of a file as an adapter. */
export const adapterMark = "deltarule.check";

/**
 * Says how hand-written backpropagation is reached, in a file of its own:
 * `export default defineCheck({ network: "2-3-1", create: () => new Net(), … })`, checked by `deltarule check FILE`.
 */
export const defineCheck = <Net>(check: GradientCheck<Net>): GradientCheck<Net> & { readonly [adapterMark]: true } => ({
  ...check,
  [adapterMark]: true,
});
