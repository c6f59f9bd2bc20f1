import { DivisionByZero } from "../exact/index.ts";
import type { Placement } from "../program/index.ts";
import type { TrialCall } from "./trial.ts";
import type { Signed, World } from "./world.ts";

/** Are two entries of a tensor one number? `scale` is the greatest of what the code gave for it. */
export type Close<T> = (a: T, b: T, scale: number) => boolean;

/** Holds what the code gave for each tensor against what a backward pass gives, each formula once. */
export class Matcher<T> {
  readonly world: World<T>;
  private readonly layout: readonly Placement[];
  private readonly close: Close<T>;
  private readonly sizeOf: (value: T) => number;
  private readonly known = new Map<string, boolean>();
  private readonly given = new Map<string, Found<T>>();

  constructor(world: World<T>, layout: readonly Placement[], close: Close<T>, sizeOf: (value: T) => number) {
    this.world = world;
    this.layout = layout;
    this.close = close;
    this.sizeOf = sizeOf;
  }

  /** Is the gradient of a tensor what the code gave, at all calls? */
  matches(signed: Signed, place: Placement): boolean {
    const signature = `${place.name} ${signed.signatureOf(`d${place.name}`)}`;
    let found = this.known.get(signature);
    if (found === undefined) this.known.set(signature, (found = this.compare(signed, place)));
    return found;
  }

  explains(signed: Signed): boolean {
    return this.layout.every((place) => this.matches(signed, place));
  }

  private compare(signed: Signed, place: Placement): boolean {
    const { calls } = this.world.trial;
    const length = place.rows * place.columns;
    // A wrong guess is refused by its first entry.
    const probes = [...new Set([0, length >> 1, length - 1])];
    try {
      return (
        calls.every((_, call) => probes.every((at) => this.isEntry(signed, place, call, at))) &&
        calls.every((_, call) => this.isTensor(signed, place, call))
      );
    } catch (error) {
      if (error instanceof DivisionByZero) return false;
      throw error;
    }
  }

  private isEntry(signed: Signed, place: Placement, call: number, at: number): boolean {
    const found = this.found(place, call);
    return this.close(this.world.entry(signed, `d${place.name}`, call, at), found.entries[at] as T, found.scale);
  }

  private isTensor(signed: Signed, place: Placement, call: number): boolean {
    const found = this.found(place, call);
    const values = this.world.entries(signed, `d${place.name}`, call, 0);
    return values.every((value, at) => this.close(value, found.entries[at] as T, found.scale));
  }

  private found({ offset, rows, columns }: Placement, call: number): Found<T> {
    const key = `${offset} ${call}`;
    const known = this.given.get(key);
    if (known !== undefined) return known;
    const { gradient } = this.world.trial.calls[call] as TrialCall<T>;
    const greatest = (values: readonly T[]): number => values.reduce((most, v) => Math.max(most, this.sizeOf(v)), 0);
    const entries = gradient.slice(offset, offset + rows * columns);
    // Of a tensor that is zero by cancelling, doubles give rounding errors of what cancels.
    const found = { entries, scale: Math.max(greatest(entries), cancelled * greatest(gradient)) };
    this.given.set(key, found);
    return found;
  }
}

interface Found<T> {
  readonly entries: readonly T[];
  readonly scale: number;
}

const cancelled = 1e-6;
