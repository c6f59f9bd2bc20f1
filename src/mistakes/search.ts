import type { GradientTask, Placement } from "../program/index.ts";
import { Matcher } from "./matcher.ts";
import { mutated, type Mutation } from "./mutation.ts";
import { derivedParts, type Parts, type Shape } from "./parts.ts";
import type { Trial } from "./trial.ts";
import { Signed, World } from "./world.ts";

/** Pairs put together, and entries computed for them, at most: about two seconds' worth. */
const mostPairs = 40_000;
const mostWork = 250_000;
/** What rounding leaves open is decided by the exact trials. */
const tolerance = 1e-6;

/** Mistakes with the backward pass that they make. */
export interface Candidate {
  readonly mutations: readonly Mutation[];
  readonly signed: Signed;
}

/** What a single mistake does: which tensors it changes, and for which it gives what the code gave, a bit for each tensor. */
interface Effect {
  readonly mutation: Mutation;
  readonly changes: bigint;
  readonly matches: bigint;
}

const layerOf = ({ name }: Pick<Placement, "name">): number => Number(/\d+$/.exec(name)?.[0]);

/** Looks for the mistakes that explain what the code gave, by doubles first and then in the exact trials. */
export class Search<T> {
  readonly parts: Parts;
  /** The backward pass as derived. */
  readonly right: Signed;
  readonly numeric: Matcher<number>;
  readonly exact: readonly Matcher<T>[];
  readonly layout: readonly Placement[];
  /** Gradients by their formulas: several mistakes may come to the same. */
  private readonly seen = new Set<string>();
  private readonly refused: Candidate[] = [];

  constructor(shape: Shape, task: GradientTask, numeric: Trial<number>, exact: readonly Trial<T>[]) {
    this.parts = derivedParts(shape);
    this.right = new Signed(this.parts);
    // From the outputs back: a mistake shows first where it is made.
    this.layout = [...task.layout].reverse();
    this.seen.add(this.signatureOf(this.right));
    const isClose = (a: number, b: number, scale: number): boolean => Math.abs(a - b) <= tolerance * scale;
    this.numeric = new Matcher(new World(numeric, task), this.layout, isClose, Math.abs);
    this.exact = exact.map((trial) => new Matcher(new World(trial, task), this.layout, trial.same, () => 0));
  }

  /** Does a backward pass give what the code gave, in doubles and exactly? */
  explains(candidate: Signed): boolean {
    return this.numeric.explains(candidate) && this.exact.every((matcher) => matcher.explains(candidate));
  }

  /** The first mistake that explains what the code gave; those that do not are kept for {@link pair}. */
  single(mutations: readonly Mutation[]): Candidate | null {
    for (const mutation of mutations) {
      const parts = mutated(this.parts, mutation);
      if (parts === null) continue;
      const own = new Signed(parts);
      const signature = this.signatureOf(own);
      if (this.seen.has(signature)) continue;
      this.seen.add(signature);
      const candidate = { mutations: [mutation], signed: own };
      if (this.explains(own)) return candidate;
      this.refused.push(candidate);
    }
    return null;
  }

  /** The mistake that explains most layers from the outputs down, more than the right derivation and fewer than all. */
  partly(mutations: readonly Mutation[]): { candidate: Candidate; tensors: readonly string[] } | null {
    const layers = new Set(this.layout.map(layerOf)).size;
    let most = this.layersExplained(this.right);
    let found: Candidate | null = null;
    for (const mutation of mutations) {
      const parts = mutated(this.parts, mutation);
      if (parts === null) continue;
      const signed = new Signed(parts);
      const explained = this.layersExplained(signed, most);
      if (explained === layers) return null;
      // What is said of layers that are not explained must not be said at all.
      const isWithin = [...mutation.edits.keys()].every(
        (key) => !/\d$/.test(key) || layerOf({ name: key }) > layers + 1 - explained,
      );
      if (explained <= most || !isWithin) continue;
      most = explained;
      found = { mutations: [mutation], signed };
    }
    if (found === null) return null;
    const own = this.layout.filter((place) => layerOf(place) > layers + 1 - most);
    return {
      candidate: found,
      tensors: own.filter((place) => !this.isGiven(this.right, place)).map(({ name }) => name),
    };
  }

  /** How many layers from the outputs down are as the code gave them; 0 where the doubles show no more than some. */
  private layersExplained(own: Signed, moreThan = -1): number {
    const until = (test: (place: Placement) => boolean): number => {
      const wrong = this.layout.find((place) => !test(place));
      const [first, last] = [this.layout[0], this.layout.at(-1)] as [Placement, Placement];
      return layerOf(first) - (wrong === undefined ? layerOf(last) - 1 : layerOf(wrong));
    };
    const shown = until((place) => this.numeric.matches(own, place));
    return shown <= moreThan ? 0 : until((place) => this.isGiven(own, place));
  }

  private isGiven(own: Signed, place: Placement): boolean {
    return this.numeric.matches(own, place) && this.exact.every((matcher) => matcher.matches(own, place));
  }

  /** Two of those refused that explain it together, the first of the catalogue. */
  pair(): Candidate | null {
    const limit = this.numeric.world.work + mostWork;
    const singles = this.refused.map(({ mutations, signed }): Effect => ({
      mutation: mutations[0] as Mutation,
      changes: this.changesOf(signed),
      matches: this.matchesOf(signed),
    }));
    const right = this.matchesOf(this.right);
    const all = this.bits(() => true);
    // A tensor that one of two changes is as that one makes it, and right where neither does.
    const mayExplain = (a: Effect, b: Effect): boolean =>
      ((a.changes & b.changes) |
        (a.changes & ~b.changes & a.matches) |
        (b.changes & ~a.changes & b.matches) |
        (~a.changes & ~b.changes & right)) ===
      all;
    let tried = 0;
    const last = singles.length - 1;
    for (let total = 1; total < 2 * last; total++) {
      for (let i = Math.max(0, total - last); 2 * i < total; i++) {
        const [a, b] = [singles[i] as Effect, singles[total - i] as Effect];
        if (!mayExplain(a, b)) continue;
        tried += 1;
        const found = this.together(a.mutation, b.mutation);
        if (found !== null) return found;
        if (tried > mostPairs || this.numeric.world.work > limit) return null;
      }
    }
    return null;
  }

  /** Both in either order: of two that change the same part, one may leave nothing of the other. */
  private together(a: Mutation, b: Mutation): Candidate | null {
    const isShared = [...a.edits.keys()].some((key) => b.edits.has(key));
    // Twice the same mistake at the same place is another such mistake, a factor of a factor.
    if (isShared && a.id === b.id) return null;
    for (const [first, second] of isShared
      ? [
          [a, b],
          [b, a],
        ]
      : [[a, b]]) {
      const once = mutated(this.parts, first as Mutation);
      const twice = once === null ? null : mutated(once, second as Mutation);
      const own = twice === null ? null : new Signed(twice);
      if (own !== null && this.explains(own)) return { mutations: [a, b], signed: own };
    }
    return null;
  }

  private signatureOf(own: Signed): string {
    return this.layout.map(({ name }) => own.signatureOf(`d${name}`)).join();
  }

  private changesOf(own: Signed): bigint {
    return this.bits(({ name }) => own.signatureOf(`d${name}`) !== this.right.signatureOf(`d${name}`));
  }

  private matchesOf(own: Signed): bigint {
    return this.bits((place) => this.numeric.matches(own, place));
  }

  private bits(test: (place: Placement) => boolean): bigint {
    return this.layout.reduce((bits, place, i) => (test(place) ? bits | (1n << BigInt(i)) : bits), 0n);
  }
}
