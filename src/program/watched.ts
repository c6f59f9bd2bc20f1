import { double, type Arithmetic } from "../exact/index.ts";

/** Sides of a comparison below this are compared as if they were of this size. */
const smallestSide = 1e-3;

/** Functions with a kink at zero. */
const bentAtZero: ReadonlySet<string> = new Set(["abs", "sign"]);
/** Functions with a kink where their arguments are equal. */
const bentAtTies: ReadonlySet<string> = new Set(["max", "min"]);

/** Doubles that remember how close to a tie any comparison has been, relative to its sides; ∞ where there was none. */
export function watchedDouble(): { readonly arithmetic: Arithmetic<number>; readonly margin: () => number } {
  let least = Infinity;
  const compare = (a: number, b: number): void => {
    const margin = Math.abs(a - b) / Math.max(smallestSide, Math.abs(a), Math.abs(b));
    // A NaN is close to everything.
    least = Number.isNaN(margin) ? 0 : Math.min(least, margin);
  };
  return {
    margin: () => least,
    arithmetic: {
      ...double,
      isGreater: (a, b) => {
        compare(a, b);
        return double.isGreater(a, b);
      },
      apply: (name, ...args) => {
        const [a = 0, b = 0] = args;
        if (bentAtZero.has(name)) compare(a, 0);
        if (bentAtTies.has(name)) compare(a, b);
        return double.apply(name, ...args);
      },
    },
  };
}
