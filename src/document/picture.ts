import type { Expr } from "../expression/index.ts";

/** A drawing of a network: shapes with coordinates in units of one gap between neurons, y downwards. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly neurons: readonly { readonly x: number; readonly y: number; readonly label: Expr | null }[];
  /** Connections; at most one is marked and carries a label. */
  readonly edges: readonly {
    readonly from: readonly [x: number, y: number];
    readonly to: readonly [x: number, y: number];
    readonly label: Expr | null;
  }[];
  /** ⋮ where neurons, ⋯ where layers are left out. */
  readonly dots: readonly { readonly x: number; readonly y: number; readonly direction: "down" | "across" }[];
  /** Formulas below the columns and beside neurons. */
  readonly labels: readonly { readonly x: number; readonly y: number; readonly formula: Expr }[];
}
