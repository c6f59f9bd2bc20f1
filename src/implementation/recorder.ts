import { recordedArrays } from "./recorded-arrays.ts";
import { patches } from "./recorded-globals.ts";
import { recordedMath } from "./recorded-math.ts";
import { isNumber } from "./recorded-numbers.ts";
import { operators } from "./recorded-operators.ts";
import { runtimeName } from "./recorded-runtime.ts";
import { doubleOf, isRecorded, Tape, type Operand } from "./recorded-tape.ts";
import type { Escape, Recording } from "./recording.ts";

/** What the process that runs the checked code asks of the record. */
export interface Recorder {
  /** An input of a call, as the checked code is to be given it. */
  readonly input: (call: number, slot: number, value: number) => unknown;
  readonly isRecorded: (x: unknown) => boolean;
  /** The node of a number; a plain number becomes a constant. */
  readonly nodeOf: (x: unknown) => number;
  /** The double of a number, recorded or plain. */
  readonly valueOf: (x: unknown) => number;
  readonly subtract: (a: unknown, b: unknown) => unknown;
  readonly divide: (a: unknown, b: unknown) => unknown;
  readonly recording: () => Recording;
  readonly escape: () => Escape | null;
  /** For each node watched, the stack of its making. */
  readonly stacks: () => readonly string[];
}

/**
 * Puts the recorder in place of what rewritten code calls, and of Math, the arrays of floating-point numbers and the
 * other globals that see numbers. To be done before the checked code is imported; what imports this sees the
 * replacements too, save what it had taken hold of before.
 */
export function installRecorder(watched: readonly number[] = []): Recorder {
  const tape = new Tape(watched);
  const runtime = operators(tape);
  for (const [holder, replacements] of patches(tape)) replace(holder, replacements);
  replace(globalThis, { ...recordedArrays(tape), Math: recordedMath(tape), [runtimeName]: runtime });
  replace(Number.prototype, { constructor: globalThis.Number });
  return {
    input: (call, slot, value) => tape.input(call, slot, value),
    isRecorded,
    nodeOf: (x) => tape.node(numberOf(x)),
    valueOf: (x) => doubleOf(numberOf(x)),
    subtract: (a, b) => runtime.subtract(a, b, -1),
    divide: (a, b) => runtime.divide(a, b, -1),
    recording: () => tape.recording(),
    escape: () => tape.escape,
    stacks: () => watched.map((node) => tape.stacks.get(node) ?? ""),
  };
}

function replace(holder: object, replacements: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(replacements))
    Object.defineProperty(holder, name, { value, writable: true, configurable: true, enumerable: false });
}

function numberOf(x: unknown): Operand {
  if (isNumber(x)) return x;
  throw new TypeError(`not a number: ${typeof x}`);
}
