/** How wide the numbers of a WebAssembly module are. */
export type Precision = "f64" | "f32";

/** What depends on the width of numbers: the names of instructions are built from these. */
export interface NumberType {
  readonly type: Precision;
  readonly bytes: number;
  readonly lanes: number;
  /** The vector of numbers, and of integers as wide. */
  readonly vector: string;
  readonly integers: string;
  /** The typed array that shows the memory to JavaScript. */
  readonly array: string;
  /** The number as the type holds it. */
  readonly rounded: (value: number) => number;
}

export const numberTypes = {
  f64: {
    type: "f64",
    bytes: 8,
    lanes: 2,
    vector: "f64x2",
    integers: "i64x2",
    array: "Float64Array",
    rounded: (value) => value,
  },
  f32: {
    type: "f32",
    bytes: 4,
    lanes: 4,
    vector: "f32x4",
    integers: "i32x4",
    array: "Float32Array",
    rounded: Math.fround,
  },
} as const satisfies Record<Precision, NumberType>;

/** A number in WebAssembly's text format. */
export const numberText = (value: number): string =>
  Number.isNaN(value) ? "nan" : String(value).replace("Infinity", "inf");
