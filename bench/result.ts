import type { Mode } from "./contenders.ts";

/** What one process has found: window times in ns per sample, or why there are none. */
export type Timing =
  | { readonly status: "timed"; readonly deviation: number; readonly windows: readonly number[] }
  | { readonly status: "wrong"; readonly deviation: number }
  | { readonly status: "unavailable"; readonly why: string };

/** What is known of one contender at one network, from all its processes. */
export type Summary =
  | {
      readonly status: "timed";
      readonly deviation: number;
      /** Of the windows of the best process, ns per sample. */
      readonly median: number;
      /** Of all windows of all processes. */
      readonly minimum: number;
      /** Interquartile range of the best process's windows, relative to their median. */
      readonly spread: number;
      /** Medians of all processes, in the order they ran. */
      readonly processes: readonly number[];
    }
  | Exclude<Timing, { status: "timed" }>;

export interface Result {
  readonly contender: string;
  readonly network: string;
  readonly mode: Mode;
  readonly summary: Summary;
}

/** The machine that a run took place on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly v8: string;
  /** First line of `cc --version`, or null where there is no C compiler. */
  readonly cc: string | null;
}

export interface Settings {
  readonly processes: number;
  readonly windows: number;
  /** Milliseconds. */
  readonly window: number;
  readonly warmUp: number;
}

export interface Run {
  readonly started: string;
  readonly machine: Machine;
  readonly settings: Settings;
  readonly results: readonly Result[];
}

/** What a JSON file of the benchmark holds. */
export interface Benchmark {
  readonly version: 1;
  readonly runs: readonly Run[];
}

/** Puts the processes of one contender together; one that was not timed speaks for all. */
export function summarise(timings: readonly Timing[]): Summary {
  const untimed = timings.find((timing) => timing.status !== "timed");
  if (untimed !== undefined) return untimed;
  const timed = timings.filter((timing) => timing.status === "timed");
  const best = timed.map(({ windows }) => windows).reduce((a, b) => (quantile(b, 0.5) < quantile(a, 0.5) ? b : a));
  const median = quantile(best, 0.5);
  return {
    status: "timed",
    deviation: Math.max(...timed.map(({ deviation }) => deviation)),
    median: rounded(median),
    minimum: rounded(Math.min(...timed.flatMap(({ windows }) => windows))),
    spread: rounded((quantile(best, 0.75) - quantile(best, 0.25)) / median),
    processes: timed.map(({ windows }) => rounded(quantile(windows, 0.5))),
  };
}

/** Between two values, linearly. */
function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = at * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  return low + (high - low) * (place - Math.floor(place));
}

const rounded = (value: number): number => Number(value.toPrecision(5));
