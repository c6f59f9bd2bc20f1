import type { Precision } from "../emit/index.ts";
import { problem } from "../problem.ts";
import type { Exponential, Strategy } from "../program/index.ts";

/** How a module is to be made, as options say it. */
export interface EmissionFlags {
  readonly target?: string | undefined;
  readonly strategy?: string | undefined;
  readonly exp?: string | undefined;
  readonly precision?: string | undefined;
}

/** The same, read; what is undefined is chosen by size. */
export type Emission =
  | { readonly target: "ts"; readonly strategy: Strategy | undefined; readonly exp: Exponential | undefined }
  | { readonly target: "wasm"; readonly precision: Precision };

/** @throws Problem naming the option that is unknown, or that the target does not have */
export function chooseEmission({ target = "ts", strategy, exp, precision }: EmissionFlags): Emission {
  const chosen = oneOf("target", target, ["ts", "wasm"]);
  if (chosen === "wasm") {
    const surplus = Object.entries({ strategy, exp }).find(([, value]) => value !== undefined);
    if (surplus !== undefined)
      throw problem(
        `${surplus[0]}-target`,
        `--${surplus[0]} is for TypeScript, and --target wasm makes WebAssembly`,
        `leave out --${surplus[0]}, or --target`,
      );
    return { target: chosen, precision: oneOf("precision", precision ?? "f64", ["f64", "f32"]) };
  }
  if (precision !== undefined)
    throw problem(
      "precision-target",
      "--precision is for WebAssembly: JavaScript computes in double precision, and nothing is gained by rounding",
      "add --target wasm, or leave out --precision",
    );
  const strategies = oneOf("strategy", strategy ?? "auto", ["auto", "unrolled", "tiled"]);
  return {
    target: chosen,
    strategy: strategies === "auto" ? undefined : strategies,
    exp: exp === undefined ? undefined : oneOf("exp", exp, ["fast", "exact"]),
  };
}

/** The options that ask for it. */
export function emissionText(emission: Emission): string {
  const option = (name: string, value: string | undefined): string =>
    value === undefined ? "" : ` --${name} ${value}`;
  return emission.target === "ts"
    ? option("strategy", emission.strategy) + option("exp", emission.exp)
    : option("target", "wasm") + (emission.precision === "f64" ? "" : option("precision", emission.precision));
}

/** @throws Problem where the name is not one of those known */
export function oneOf<const T extends string>(what: string, name: string, known: readonly T[]): T {
  const found = known.find((k) => k === name);
  if (found === undefined)
    throw problem(`${what}-unknown`, `there is no ${what} "${name}"`, `known: ${known.join(", ")}`);
  return found;
}
