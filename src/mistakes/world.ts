import { variableKey, type Equation, type Model, type Range } from "../equations/index.ts";
import { evaluate, forward, wholeNumber, type Valuation } from "../exact/index.ts";
import { children, num, print, view, type Expr, type Rational, type Variable } from "../expression/index.ts";
import type { GradientTask } from "../program/index.ts";
import type { Part, Parts } from "./parts.ts";
import { isOfCall } from "./reduction.ts";
import type { Trial, TrialCall } from "./trial.ts";

/**
 * The values of all quantities at all calls of a trial, each computed when it is asked for and remembered by the
 * formulas that lead to it: a wrong backward pass shares with the right one all that it computes alike.
 */
export class World<T> {
  readonly trial: Trial<T>;
  /** Entries computed so far, those of a batch once for each sample. */
  work = 0;
  private readonly task: Pick<GradientTask, "layout" | "inputs">;
  private readonly known = new Map<string, readonly T[]>();
  private readonly zero: T;

  constructor(trial: Trial<T>, task: Pick<GradientTask, "layout" | "inputs">) {
    this.trial = trial;
    this.task = task;
    this.zero = this.constant({ numerator: 0n, denominator: 1n });
  }

  constant(value: Rational): T {
    return this.trial.arithmetic.constant(value);
  }

  /** All entries of a quantity, of one sample where it is one of samples. */
  entries(signed: Signed, key: string, call: number, sample: number): readonly T[] {
    const own = this.given(key, call, sample);
    if (own !== null) return own;
    const earlier = this.earlier(signed, key, call, sample);
    if (earlier !== null) return earlier;
    const part = partOf(signed, key);
    const at = `${signed.signatureOf(key)} ${call} ${part.level === "call" ? "" : sample}`;
    let values = this.known.get(at);
    if (values === undefined) this.known.set(at, (values = this.compute(signed, part, call, sample)));
    return values;
  }

  /** One entry of a quantity of the whole call, without the others. */
  entry(signed: Signed, key: string, call: number, position: number): T {
    const part = partOf(signed, key);
    this.work += this.samplesIn(part, call);
    const sizes = part.ranges.map(({ size }) => wholeNumber(size));
    const [rows = 1, columns = 1] = sizes;
    const at = part.isTransposed === true ? transposedPosition(position, rows, columns) : position;
    const indices = sizes.length === 2 ? [Math.floor(at / columns) + 1, (at % columns) + 1] : [at + 1];
    const scope = new Map(part.ranges.map(({ index }, i) => [index, indices[i] as number]));
    return evaluate(part.value, this.valuation(signed, part, call, 0), scope);
  }

  private compute(signed: Signed, part: Part, call: number, sample: number): readonly T[] {
    const { values, ...valuation } = this.valuation(signed, part, call, sample);
    this.work += lengthOf(part) * this.samplesIn(part, call);
    const found = forward(valuation, values).get(variableKey(equationOf(part).variable)) as readonly T[];
    if (part.isTransposed !== true) return found;
    const [rows, columns] = part.ranges.map(({ size }) => wholeNumber(size)) as [number, number];
    return found.map((_, at) => found[transposedPosition(at, rows, columns)] as T);
  }

  private samplesIn({ level }: Part, call: number): number {
    return level === "call" ? (this.trial.calls[call] as TrialCall<T>).samples.length : 1;
  }

  private valuation(signed: Signed, part: Part, call: number, sample: number): Valuation<T> {
    const values = new Map<string, readonly T[]>();
    const { samples } = this.trial.calls[call] as TrialCall<T>;
    const isWhole = part.level === "call";
    for (const key of referencesOf(part.value)) {
      const isBatch = isWhole && !isOfCall(key);
      const whole = isBatch ? samples.flatMap((_, n) => [...this.entries(signed, key, call, n)]) : null;
      values.set(key, whole ?? this.entries(signed, key, call, sample));
    }
    return {
      arithmetic: this.trial.arithmetic,
      model: modelOf(signed, part, samples.length),
      values,
      functions: [],
      layers: { l: 0, L: 0 },
      sizes: new Map([["N", samples.length]]),
      adjoints: new Map(),
    };
  }

  /** What is not computed but given; null for everything else. */
  private given(key: string, call: number, sample: number): readonly T[] | null {
    const { theta, samples, rate } = this.trial.calls[call] as TrialCall<T>;
    if (key === "eta") return rate === null ? null : [rate];
    const flat = key.endsWith("_flat");
    const placement = this.task.layout.find(({ name }) => name === (flat ? key.slice(0, -5) : key));
    if (placement !== undefined) {
      const { offset, rows, columns } = placement;
      const entries = theta.slice(offset, offset + rows * columns);
      return flat ? entries.map((_, at) => entries[transposedPosition(at, columns, rows)] as T) : entries;
    }
    const input = this.task.inputs.findIndex((place) => place.key === key);
    return input < 0 ? null : ((samples[sample] as readonly (readonly T[])[])[input] as readonly T[]);
  }

  /** The same quantity at the call before on the same instance, or at the sample before; zero before the first. */
  private earlier(signed: Signed, key: string, call: number, sample: number): readonly T[] | null {
    const [, name = "", how] = /^(.*)_(before|prior)$/.exec(key) ?? [];
    if (how === undefined) return null;
    const before = how === "prior" && sample > 0 ? call : (this.trial.calls[call] as TrialCall<T>).before;
    const length = lengthOf(partOf(signed, name));
    if (before === null) return Array.from({ length }, () => this.zero);
    const { samples } = this.trial.calls[before] as TrialCall<T>;
    const at = how === "prior" ? (sample > 0 ? sample - 1 : samples.length - 1) : sample;
    return at < samples.length ? this.entries(signed, name, before, at) : Array.from({ length }, () => this.zero);
  }
}

/** Parts with what tells each formula, and all that leads to it, from every other; found when it is asked for. */
export class Signed {
  readonly parts: Parts;
  private readonly known = new Map<string, string>();
  private readonly open = new Set<string>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  signatureOf(key: string): string {
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const name = nameOf(key);
    if (name !== key) return `${this.signatureOf(name)}${key.slice(name.length)}`;
    const part = this.parts.get(key);
    // A gradient that is added to the one before leads to itself.
    if (part === undefined || this.open.has(key)) return key;
    this.open.add(key);
    let text = identityOf(part);
    for (const reference of referencesOf(part.value)) text += ` ${this.signatureOf(reference)}`;
    this.open.delete(key);
    const own = intern(text);
    this.known.set(key, own);
    return own;
  }
}

/** The quantity itself, of one at an earlier call or sample. */
const nameOf = (key: string): string =>
  key.endsWith("_before") ? key.slice(0, -7) : key.endsWith("_prior") ? key.slice(0, -6) : key;

function intern(text: string): string {
  const known = interned.get(text) ?? String(interned.size);
  interned.set(text, known);
  return known;
}

/** Long texts by short ones. */
const interned = new Map<string, string>();

function identityOf(part: Part): string {
  const known = identities.get(part);
  if (known !== undefined) return known;
  const own = intern(`${part.key} ${part.isTransposed === true ? "t" : ""}${print(part.value)}`);
  identities.set(part, own);
  return own;
}

const identities = new WeakMap<Part, string>();

function partOf({ parts }: Signed, key: string): Part {
  const found = parts.get(key);
  if (found === undefined) throw new Error(`no part computes ${key}`);
  return found;
}

const lengthOf = ({ ranges }: Part): number => ranges.reduce((total, { size }) => total * wholeNumber(size), 1);

/** Where the entry stands that flat code with rows and columns exchanged takes for the one at a position. */
const transposedPosition = (at: number, rows: number, columns: number): number =>
  (at % rows) * columns + Math.floor(at / rows);

/** The variables that an expression speaks of, without the indices of its sums. */
function referencesOf(expr: Expr): readonly string[] {
  const known = references.get(expr);
  if (known !== undefined) return known;
  const found = new Set<string>();
  const walk = (node: Expr): void => {
    const v = view(node);
    if (v.kind === "atom") found.add(v.variable.family);
    else if (v.kind === "symbol" && (v.name === "eta" || v.name === "R")) found.add(v.name);
    if (v.kind !== "atom") children(node).forEach(walk);
  };
  walk(expr);
  const list = [...found];
  references.set(expr, list);
  return list;
}

const references = new WeakMap<Expr, readonly string[]>();

const equationOf = ({ key, ranges, value }: Part): Equation => ({
  variable: { family: key, layer: null },
  ranges,
  value,
});

/** The part alone as a model, in which all that it speaks of is given. */
function modelOf(signed: Signed, part: Part, samples: number): Model {
  const known = models.get(part);
  if (known !== undefined) return known;
  const tensors = referencesOf(part.value).map((key) => {
    const isBatch = part.level === "call" && !isOfCall(key);
    const sizes = sizesOf(signed, key).map((size) => num(size));
    const variable: Variable = { family: key, layer: null };
    return { variable, role: "input" as const, sizes: isBatch ? [num(samples), ...sizes] : sizes };
  });
  const equation = equationOf(part);
  const model = { tensors, equations: [equation], objective: equation.variable };
  models.set(part, model);
  return model;
}

const models = new WeakMap<Part, Model>();

/** The sizes of a quantity, by its name. */
function sizesOf({ parts }: Signed, key: string): readonly number[] {
  const name = nameOf(key);
  const rangesOf = (of: string): readonly Range[] | undefined => parts.get(of)?.ranges;
  const numbers = (ranges: readonly Range[]): number[] => ranges.map(({ size }) => wholeNumber(size));
  const own = rangesOf(name);
  if (own !== undefined) return numbers(own);
  const [, family = "", layer = ""] = /^([Wb])(\d+)/.exec(name) ?? [];
  const gradient = rangesOf(`d${family}${layer}`);
  if (gradient !== undefined) return numbers(gradient);
  if (name === "eta") return [];
  const depth = Math.max(...[...parts.keys()].map((k) => Number(/^a(\d+)$/.exec(k)?.[1] ?? 0)));
  const first = numbers(rangesOf("dW2") ?? [])[1];
  return name === "x" ? [first as number] : numbers(rangesOf(`a${depth}`) ?? []);
}
