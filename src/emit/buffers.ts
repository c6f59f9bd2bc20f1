import type { GradientTask } from "../program/index.ts";

/**
 * What a module calls its buffers of the inputs and targets, in their order: a network's are `input` and
 * `target`, those of another model are called as in its equations.
 */
export const bufferNames = ({ network, inputs }: GradientTask): readonly string[] =>
  inputs.map(({ name, role }) => (network === null ? name : role));
