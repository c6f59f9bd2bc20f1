import { ordered } from "./recorded-comparisons.ts";
import { toNumeric, toPlain } from "./recorded-numbers.ts";
import { doubleOf, isRecorded, native, type Operand, type Recorded, type Tape } from "./recorded-tape.ts";

type NativeArray = Float64Array | Float32Array;
type NativeName = "Float64Array" | "Float32Array";

/** What the arrays over one buffer share: the recorded number that each cell of four bytes holds the double of. */
interface Cells {
  readonly recorded: (Recorded | undefined)[];
  /** Does an array of another kind see the bytes? */
  isSeen: boolean;
}

interface State {
  readonly doubles: NativeArray;
  readonly cells: Cells;
}

const stateKey = Symbol("state");
interface Target {
  readonly [stateKey]: State;
}

/** Is it an array that the recorder has put in place of one of the language's? */
export const isFloatArray = (x: unknown): x is { readonly slice: () => unknown } =>
  typeof x === "object" && x !== null && stateKey in x;

const stateOf = (array: object): State => (array as Target)[stateKey];

/**
 * In place of the arrays of floating-point numbers, ones that hold recorded numbers as well. They lie in ordinary
 * buffers, which hold the doubles; a number that an array of another kind would see escapes.
 */
export function recordedArrays(tape: Tape): Readonly<Record<string, unknown>> {
  const buffers = new WeakMap<ArrayBufferLike, Cells>();
  const cellsOf = (buffer: ArrayBufferLike): Cells => {
    const cells = buffers.get(buffer) ?? { recorded: [], isSeen: false };
    buffers.set(buffer, cells);
    return cells;
  };
  ArrayBuffer.isView = ((x) => nativeIsView(x) || isFloatArray(x)) as typeof ArrayBuffer.isView;
  const floats = (["Float64Array", "Float32Array"] as const).map((name) => [name, arrayClass(tape, name, cellsOf)]);
  const others = otherViews.map((name) => [name, watched(tape, name, cellsOf)]);
  return Object.fromEntries([...floats, ...others]) as Record<string, unknown>;
}

const nativeIsView = ArrayBuffer.isView.bind(ArrayBuffer);
const otherViews = [
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "BigInt64Array",
  "BigUint64Array",
  "DataView",
] as const;
const nativeViews = Object.fromEntries(otherViews.map((name) => [name, globalThis[name]])) as Record<string, Views>;
type Views = (new (...args: unknown[]) => object) & { readonly prototype: object };

/** A kind of view that holds no recorded numbers, and of which those that hold them learn that it sees their bytes. */
function watched(tape: Tape, name: string, cellsOf: (buffer: ArrayBufferLike) => Cells): unknown {
  const views = nativeViews[name] as Views;
  const proxy = new Proxy(views, {
    construct: (_, [source, ...rest]: unknown[], newTarget) => {
      if (source instanceof ArrayBuffer) {
        const cells = cellsOf(source);
        if (cells.recorded.some((x) => x?.isConstant === false)) tape.leave(`bytes read by ${name}`);
        cells.isSeen = true;
      }
      return Reflect.construct(views, [toPlain(tape, source, "use as a length"), ...rest], newTarget) as object;
    },
  });
  Object.defineProperty(views.prototype, "constructor", { value: proxy, writable: true, configurable: true });
  return proxy;
}

/** The index that a key stands for; null for other keys. */
function indexOf(key: PropertyKey): number | null {
  if (typeof key !== "string") return null;
  const first = key.charCodeAt(0);
  const isNumeric = (first >= 48 && first <= 57) || first === 45;
  return isNumeric ? +key : null;
}

function read({ doubles, cells }: State, index: number): Operand | undefined {
  const double = doubles[index];
  if (double === undefined) return undefined;
  const recorded = cells.recorded[(doubles.byteOffset + index * doubles.BYTES_PER_ELEMENT) / 4];
  return recorded !== undefined && native.is(recorded.double, double) ? recorded : double;
}

function write(tape: Tape, { doubles, cells }: State, index: number, value: unknown): void {
  const number = toNumeric(tape, value);
  if (typeof number === "bigint") throw new TypeError("Cannot convert a BigInt value to a number");
  if (!(index in doubles)) return;
  const double = doubleOf(number);
  doubles[index] = double;
  const kept = doubles[index] ?? NaN;
  // What rounding takes from a decimal, as from 0.1, is not meant: the record keeps the decimal.
  const isRounded = kept !== double && double - double === 0;
  const recorded = isRecorded(number) ? number : isRounded ? tape.constant(number) : undefined;
  if (cells.isSeen && recorded?.isConstant === false) tape.leave("bytes seen by an array of another kind");
  cells.recorded[(doubles.byteOffset + index * doubles.BYTES_PER_ELEMENT) / 4] = recorded?.rounded(kept);
}

const handler = (tape: Tape): ProxyHandler<Target> => ({
  get: (target, key, receiver) => {
    if (key === "length") return target[stateKey].doubles.length;
    const index = indexOf(key);
    return index === null ? (Reflect.get(target, key, receiver) as unknown) : read(target[stateKey], index);
  },
  set: (target, key, value, receiver) => {
    const index = indexOf(key);
    if (index === null) return Reflect.set(target, key, value, receiver);
    write(tape, target[stateKey], index, value);
    return true;
  },
  has: (target, key) => {
    const index = indexOf(key);
    return index === null ? Reflect.has(target, key) : index in target[stateKey].doubles;
  },
  ownKeys: (target) => [
    ...Array.from({ length: target[stateKey].doubles.length }, (_, i) => String(i)),
    ...Reflect.ownKeys(target).filter((key) => key !== stateKey),
  ],
  getOwnPropertyDescriptor: (target, key) => {
    const index = indexOf(key);
    if (index === null) return Reflect.getOwnPropertyDescriptor(target, key);
    const value = read(target[stateKey], index);
    return value === undefined ? undefined : { value, writable: true, enumerable: true, configurable: true };
  },
  defineProperty: (target, key, descriptor) => {
    const index = indexOf(key);
    if (index === null) return Reflect.defineProperty(target, key, descriptor);
    write(tape, target[stateKey], index, descriptor.value);
    return true;
  },
});

type ArrayClass = new (source?: unknown, offset?: unknown, length?: unknown) => Floats;
interface Floats extends ArrayLike<unknown>, Iterable<unknown> {
  [index: number]: unknown;
  readonly constructor: ArrayClass;
}

function arrayClass(tape: Tape, name: NativeName, cellsOf: (buffer: ArrayBufferLike) => Cells): ArrayClass {
  const Native = native[name];
  const proxied = handler(tape);
  const build = (source: unknown, offset: unknown, length: unknown): State => {
    const over = (doubles: NativeArray): State => ({ doubles, cells: cellsOf(doubles.buffer) });
    if (source instanceof ArrayBuffer || source instanceof SharedArrayBuffer)
      return over(new Native(source as ArrayBuffer, offset as number, length as number));
    if (typeof source !== "object" || source === null || isRecorded(source))
      return over(new Native(toPlain(tape, source ?? 0, "use as a length") as number));
    const values = Array.from(source as ArrayLike<unknown>);
    const state = over(new Native(values.length));
    values.forEach((value, i) => write(tape, state, i, value));
    return state;
  };
  class FloatArray {
    constructor(source?: unknown, offset?: unknown, length?: unknown) {
      Object.defineProperty(this, stateKey, { value: build(source, offset, length), configurable: true });
      return new Proxy(this as unknown as Target, proxied) as unknown as FloatArray;
    }
    static from(this: ArrayClass, source: Iterable<unknown>, map?: (x: unknown, i: number) => unknown): Floats {
      return new this(map === undefined ? Array.from(source) : Array.from(source, map));
    }
    static of(this: ArrayClass, ...values: unknown[]): Floats {
      return new this(values);
    }
    get length(): number {
      return stateOf(this).doubles.length;
    }
    get buffer(): ArrayBufferLike {
      return stateOf(this).doubles.buffer;
    }
    get byteLength(): number {
      return stateOf(this).doubles.byteLength;
    }
    get byteOffset(): number {
      return stateOf(this).doubles.byteOffset;
    }
    get [Symbol.toStringTag](): string {
      return name;
    }
    [Symbol.for("nodejs.util.inspect.custom")](): NativeArray {
      return stateOf(this).doubles;
    }
  }
  Object.defineProperty(FloatArray, "name", { value: name });
  for (const holder of [FloatArray, FloatArray.prototype])
    Object.defineProperty(holder, "BYTES_PER_ELEMENT", { value: Native.BYTES_PER_ELEMENT });
  const hidden = { writable: true, configurable: true, enumerable: false };
  for (const method of borrowed)
    Object.defineProperty(FloatArray.prototype, method, { ...hidden, value: Reflect.get(Array.prototype, method) });
  Object.defineProperty(FloatArray.prototype, Symbol.iterator, {
    ...hidden,
    value: FloatArray.prototype["values" as never],
  });
  for (const [method, value] of Object.entries(methodsOn(tape)))
    Object.defineProperty(FloatArray.prototype, method, { ...hidden, value });
  return FloatArray as unknown as ArrayClass;
}

/** The methods of arrays that serve anything with indices and a length. */
const borrowed = [
  "at",
  "copyWithin",
  "entries",
  "every",
  "fill",
  "find",
  "findIndex",
  "findLast",
  "findLastIndex",
  "forEach",
  "includes",
  "indexOf",
  "join",
  "keys",
  "lastIndexOf",
  "reduce",
  "reduceRight",
  "reverse",
  "some",
  "toLocaleString",
  "toString",
  "values",
] as const;

type Compare = (a: unknown, b: unknown) => number;

/** The methods that differ from those of arrays, since what they give is of fixed length and holds numbers only. */
function methodsOn(tape: Tape): Readonly<Record<string, (this: Floats, ...args: never[]) => unknown>> {
  const inOrder: Compare = (a, b) => {
    const [x, y] = [a as Operand, b as Operand];
    return ordered(tape, x, "<", y) ? -1 : ordered(tape, x, ">", y) ? 1 : 0;
  };
  const sorted = (array: Floats, compare: Compare | undefined): unknown[] => Array.from(array).sort(compare ?? inOrder);
  const put = (array: Floats, values: readonly unknown[]): Floats => {
    values.forEach((value, i) => (array[i] = value));
    return array;
  };
  return {
    set(this: Floats, source: ArrayLike<unknown>, offset = 0) {
      const values = Array.from(source);
      if (offset < 0 || offset + values.length > this.length) throw new RangeError("offset is out of bounds");
      values.forEach((value, i) => (this[offset + i] = value));
    },
    subarray(this: Floats, start?: number, end?: number) {
      const part = stateOf(this).doubles.subarray(start, end);
      return new this.constructor(part.buffer, part.byteOffset, part.length);
    },
    slice(this: Floats, start?: number, end?: number) {
      return new this.constructor(Array.from(this).slice(start, end));
    },
    map(this: Floats, change: (x: unknown, i: number, array: unknown) => unknown, self?: unknown) {
      return new this.constructor(Array.from(this, (x, i) => change.call(self, x, i, this)));
    },
    filter(this: Floats, test: (x: unknown, i: number, array: unknown) => unknown, self?: unknown) {
      return new this.constructor(Array.from(this).filter((x, i) => test.call(self, x, i, this)));
    },
    sort(this: Floats, compare?: Compare) {
      return put(this, sorted(this, compare));
    },
    toSorted(this: Floats, compare?: Compare) {
      return new this.constructor(sorted(this, compare));
    },
    toReversed(this: Floats) {
      return new this.constructor(Array.from(this).reverse());
    },
    with(this: Floats, index: number, value: unknown) {
      const values = Array.from(this);
      const place = index < 0 ? values.length + index : index;
      if (!(place in values)) throw new RangeError("Invalid typed array index");
      values[place] = value;
      return new this.constructor(values);
    },
  };
}
