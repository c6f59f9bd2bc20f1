/** Bounds that the ratios of one run are held against: at least, or at most. */
export interface Goal {
  readonly title: string;
  /** Contenders whose medians are divided. */
  readonly over: string;
  readonly under: string;
  readonly isAtLeast: boolean;
  readonly byNetwork: Readonly<Record<string, number>>;
}

const everywhere = (bound: number): Readonly<Record<string, number>> => ({
  "2-3-1": bound,
  "4-8-3": bound,
  "16-32-8": bound,
  "64-64-10": bound,
  "784-30-10": bound,
  "784-128-10": bound,
  "8-16-16-16-4": bound,
  "32-64-64-64-10": bound,
});

/** One column of the table of goals each; forward and full gradient of one sample. */
export const goals: readonly Goal[] = [
  {
    title: "loops / `backwardOwned()`",
    over: "loops",
    under: "ours",
    isAtLeast: true,
    byNetwork: {
      "2-3-1": 2.6,
      "4-8-3": 3.5,
      "16-32-8": 4.5,
      "64-64-10": 4.5,
      "784-30-10": 3.6,
      "784-128-10": 3.6,
      "8-16-16-16-4": 3.5,
      "32-64-64-64-10": 3.5,
    },
  },
  {
    title: "loops / `backward(θ, x, y, g)`",
    over: "loops",
    under: "ours-arguments",
    isAtLeast: true,
    byNetwork: {
      "2-3-1": 2.3,
      "4-8-3": 2.9,
      "16-32-8": 2.8,
      "64-64-10": 2.8,
      "784-30-10": 2.2,
      "784-128-10": 2.2,
      "8-16-16-16-4": 2.5,
      "32-64-64-64-10": 2.5,
    },
  },
  {
    title: "`backwardOwned()` / C native",
    over: "ours",
    under: "c-native",
    isAtLeast: false,
    byNetwork: {
      "2-3-1": 1.15,
      "4-8-3": 1.2,
      "16-32-8": 1.85,
      "64-64-10": 3.1,
      "784-30-10": 3,
      "784-128-10": 2.6,
    },
  },
  {
    title: "`backwardOwned()` / C scalar",
    over: "ours",
    under: "c-scalar",
    isAtLeast: false,
    byNetwork: everywhere(1),
  },
  {
    title: "WASM f64 / C native",
    over: "ours-wasm",
    under: "c-native",
    isAtLeast: false,
    byNetwork: { "16-32-8": 1.5, "64-64-10": 1.9, "784-30-10": 1.5, "784-128-10": 1.4 },
  },
  {
    title: "WASM f32 / C native",
    over: "ours-wasm-f32",
    under: "c-native",
    isAtLeast: false,
    byNetwork: { "16-32-8": 0.85, "64-64-10": 1.05, "784-30-10": 0.8, "784-128-10": 0.7 },
  },
];
