import { isConstant, toNumber, type Relation } from "../expression/index.ts";
import { lane, scaleOf, upTo, type Operator, type Position, type Value } from "../program/index.ts";
import { numberText, type NumberType } from "./wasm-numbers.ts";

/** What values are printed with. */
export interface ValueContext {
  readonly number: NumberType;
  readonly vectors: ReadonlySet<string>;
  /** Where an array begins in memory. */
  readonly baseOf: (array: string) => number;
  /** The local that holds a position but for its constant, in bytes; null where there is nothing but the constant. */
  readonly pointer: (position: Position) => string | null;
  /** Notes that a function is called. */
  readonly call: (name: string) => void;
}

const instructions = { "+": "add", "-": "sub", "*": "mul", "/": "div" } as const satisfies Record<Operator, string>;
const relations = { ">": "gt", ">=": "ge", "<": "lt", "<=": "le" } as const satisfies Record<Relation, string>;

/** Functions that are instructions, for scalars and for vectors. */
const native: Readonly<Record<string, string>> = { sqrt: "sqrt", abs: "abs", max: "max", min: "min" };
/** Functions that a module has for vectors. */
export const ownVectorFunctions: ReadonlySet<string> = new Set(["exp", "logistic"]);

/** Names in WebAssembly's text are ASCII. */
export const identifier = (name: string): string =>
  `$${name.replace(/[^\w!#$%&'*+\-./:<=>?@\\^`|~]/gu, (c) => `~${(c.codePointAt(0) as number).toString(16)}~`)}`;

export const getLocal = (name: string): string => `(local.get ${identifier(name)})`;

/**
 * `offset=… (pointer)`, what loads and stores are given.
 *
 * @param lanes how many lanes further on
 * @param part the lane of a vector that is stored, which stands in between
 */
export function address(array: string, at: Position, context: ValueContext, lanes = 0, part?: number): string {
  const offset = context.baseOf(array) + (at.constant + lanes * scaleOf(at, lane)) * context.number.bytes;
  const pointer = context.pointer(at);
  const lanePart = part === undefined ? "" : `${part} `;
  return `offset=${offset} ${lanePart}${pointer === null ? "(i32.const 0)" : getLocal(pointer)}`;
}

/** A value as a scalar. */
export function scalar(value: Value, context: ValueContext): string {
  const { type, vector } = context.number;
  const inner = (v: Value): string => scalar(v, context);
  switch (value.kind) {
    case "number":
      return `(${type}.const ${numberText(context.number.rounded(toNumber(value.value)))})`;
    case "local": {
      const part = laneIn(value.name, context);
      return part === null ? getLocal(value.name) : `(${vector}.extract_lane ${part.at} ${getLocal(part.vector)})`;
    }
    case "load":
      return `(${type}.load ${address(value.array, value.at, context)})`;
    case "operation":
      return `(${type}.${instructions[value.operator]} ${inner(value.left)} ${inner(value.right)})`;
    case "negate":
      return `(${type}.neg ${inner(value.of)})`;
    case "call":
      return scalarCall(value.name, value.args.map(inner), context);
    case "choose":
      return `(select ${inner(value.then)} ${inner(value.otherwise)} (${type}.${relations[value.relation]} ${inner(value.left)} ${inner(value.right)}))`;
    case "match":
      return `(select ${inner(value.then)} (${type}.const 0) ${equalPositions(value.left, value.right, context, 0)})`;
  }
}

function scalarCall(name: string, args: readonly string[], context: ValueContext): string {
  const { type, vector } = context.number;
  if (isConstant(name)) return `(${type}.const ${numberText(context.number.rounded(Math.PI))})`;
  if (native[name] !== undefined) return `(${type}.${native[name]} ${args.join(" ")})`;
  context.call(name);
  if (ownVectorFunctions.has(name))
    return `(${vector}.extract_lane 0 (call $${name} (${vector}.splat ${args.join(" ")})))`;
  return type === "f64"
    ? `(call $${name} ${args.join(" ")})`
    : `(f32.demote_f64 (call $${name} (f64.promote_f32 ${args.join(" ")})))`;
}

/** A value in the lanes 0, 1, …, count−1 of a vector. */
export function inLanes(value: Value, count: number, context: ValueContext): string {
  const { vector, type, lanes } = context.number;
  const inner = (v: Value): string => inLanes(v, count, context);
  switch (value.kind) {
    case "number": {
      const text = numberText(context.number.rounded(toNumber(value.value)));
      return `(v128.const ${vector} ${upTo(lanes)
        .map(() => text)
        .join(" ")})`;
    }
    case "local":
      return context.vectors.has(value.name) ? getLocal(value.name) : `(${vector}.splat ${scalar(value, context)})`;
    case "load":
      return loadLanes(value, count, context);
    case "operation":
      return `(${vector}.${instructions[value.operator]} ${inner(value.left)} ${inner(value.right)})`;
    case "negate":
      return `(${vector}.neg ${inner(value.of)})`;
    case "call":
      return callInLanes(value.name, value.args.map(inner), context);
    case "choose":
      return `(v128.bitselect ${inner(value.then)} ${inner(value.otherwise)} (${vector}.${relations[value.relation]} ${inner(value.left)} ${inner(value.right)}))`;
    case "match": {
      const masks = upTo(count).map((at) => {
        const mask = `(i32.sub (i32.const 0) ${equalPositions(value.left, value.right, context, at)})`;
        return type === "f64" ? `(i64.extend_i32_s ${mask})` : mask;
      });
      return `(v128.and ${inner(value.then)} ${packed(masks, context.number.integers)})`;
    }
  }
}

function callInLanes(name: string, args: readonly string[], context: ValueContext): string {
  const { vector } = context.number;
  if (isConstant(name)) return `(${vector}.splat ${scalarCall(name, args, context)})`;
  if (native[name] !== undefined) return `(${vector}.${native[name]} ${args.join(" ")})`;
  context.call(name);
  return `(call $${name}${ownVectorFunctions.has(name) ? "" : "_lanes"} ${args.join(" ")})`;
}

/** One vector of scalars given as text. */
export const packed = (values: readonly string[], vector: string): string =>
  values
    .slice(1)
    .reduce(
      (text, value, i) => `(${vector}.replace_lane ${i + 1} ${text} ${value})`,
      `(${vector}.splat ${values[0] as string})`,
    );

function loadLanes({ array, at }: Extract<Value, { kind: "load" }>, count: number, context: ValueContext): string {
  const { bytes, type, vector, lanes } = context.number;
  const bits = bytes * 8;
  const scale = scaleOf(at, lane);
  if (scale === 0) return `(v128.load${bits}_splat ${address(array, at, context)})`;
  if (scale !== 1)
    return packed(
      upTo(count).map((nth) => `(${type}.load ${address(array, at, context, nth)})`),
      vector,
    );
  if (count === lanes) return `(v128.load ${address(array, at, context)})`;
  if (count === 1) return `(v128.load${bits}_zero ${address(array, at, context)})`;
  const two = `(v128.load64_zero ${address(array, at, context)})`;
  return count === 2 ? two : `(f32x4.replace_lane 2 ${two} (f32.load ${address(array, at, context, 2)}))`;
}

/** 1 where two positions are equal in a lane, else 0. */
function equalPositions(left: Position, right: Position, context: ValueContext, at: number): string {
  const [a, b] = [left, right].map((position) => {
    const constant = `(i32.const ${(position.constant + at * scaleOf(position, lane)) * context.number.bytes})`;
    const pointer = context.pointer(position);
    return pointer === null ? constant : `(i32.add ${getLocal(pointer)} ${constant})`;
  }) as [string, string];
  return `(i32.eq ${a} ${b})`;
}

/** The vector and the lane that a local is one lane of, `v.l`. */
function laneIn(name: string, { vectors }: ValueContext): { readonly vector: string; readonly at: number } | null {
  const dot = name.lastIndexOf(".");
  const vector = name.slice(0, Math.max(0, dot));
  return vectors.has(vector) ? { vector, at: Number(name.slice(dot + 1)) } : null;
}
