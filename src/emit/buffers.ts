import type { GradientTask } from "../program/index.ts";

/**
 * What a module calls its buffers of the inputs and targets, in their order: a network's are `input` and
 * `target`, those of another model are called as in its equations.
 */
export const bufferNames = ({ network, inputs }: GradientTask): readonly string[] =>
  inputs.map(({ name, role }) => (network === null ? name : role));

/** V8 keeps arrays of up to 64 bytes where they can be moved, and folds the addresses of longer ones only. */
export const roomFor = (length: number): number => Math.max(length, 9);
