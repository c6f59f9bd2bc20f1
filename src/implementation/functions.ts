import { areAlike, contents, given, type Given, type Signature } from "./given.ts";
import { callInWords, conventionsFor, argumentsFor, type Callable, type Convention, type Form } from "./conventions.ts";
import type { Call } from "./messages.ts";
import { attempt, describeValue, Misfit } from "./misfit.ts";
import { agrees, readLoss, readOutputs, refuseNonFinite, type Outcome, type Wanted } from "./outcome.ts";
import type { Reading } from "./reading.ts";
import { isList, plainScalars, typedList, type Scalar, type Scalars } from "./scalars.ts";
import { formSpokenFor } from "./spoken-for.ts";
import { layoutInWords, readSlots, type Arrangement } from "./storage.ts";
import { arrangementsOf, slotsIn } from "./tensors.ts";

/** Functions that are called as they are. */
export interface Functions {
  readonly kind: "function";
  readonly name: string;
  readonly backward: Callable;
  readonly forward: Callable | null;
}

/** What the gradient array holds before a call: not zero, which a gradient may be. */
const fillings = [0.2689414214, 0.7310585786] as const;

/** How the function is to be called, found out by calling it. Throws the Misfit that tells most where nothing fits. */
export async function findConvention(
  functions: Functions,
  call: Call,
  signature: Signature,
  wanted: Wanted,
): Promise<Convention> {
  const values = given(call, 0, plainScalars);
  const misfits: Tried[] = [];
  let fit: Convention | null = null;
  for (const convention of conventionsFor(functions.backward, signature)) {
    const isSame = (other: Convention): boolean => other.form === convention.form && other.inputs === convention.inputs;
    if (misfits.some((tried) => tried.misfit.isSettled && isSame(tried.convention))) continue;
    try {
      const outcome = await callFunction(functions, convention, values, 0, signature, wanted, plainScalars);
      // Where nothing tells layouts apart, the first that runs is taken.
      if (agrees(outcome, wanted, plainScalars) !== false) return convention;
      fit ??= convention;
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      misfits.push({ convention, misfit: error });
    }
  }
  if (fit !== null) return fit;
  const [first] = misfits as [Tried];
  throw telling(misfits, await formSpokenFor(functions.backward, first.convention, values, signature));
}

interface Tried {
  readonly convention: Convention;
  readonly misfit: Misfit;
}

/**
 * Of code that fits nowhere it is said how it fails where it is called in the usual way: in the form that it reads,
 * unless it runs through in another.
 */
function telling(misfits: readonly Tried[], form: Form): Misfit {
  const best = (list: readonly Tried[]): Misfit | undefined =>
    list.map(({ misfit }) => misfit).toSorted((a, b) => b.rank - a.rank)[0];
  const usually = misfits.filter(({ convention }) => convention.inputs === "after");
  const upright = usually.filter(({ convention }) => convention.rows === "out");
  const turned = usually.filter(({ convention }) => convention.rows === "in");
  const ranThrough = ({ misfit }: Tried): boolean => misfit.isSettled || misfit.code === "mutated-input";
  const spoken = upright.find(({ convention }) => convention.form === form) ?? upright[0];
  // A gradient of the right shapes, though of no numbers, speaks against the other layout.
  const others = spoken?.misfit.code === "not-finite" ? [] : turned.filter(ranThrough);
  return (best(upright.filter(ranThrough)) ?? best(others) ?? spoken?.misfit) as Misfit;
}

/** Calls the function once. Throws a Misfit where what it gives is not what is expected of a gradient. */
export async function callFunction(
  functions: Functions,
  convention: Convention,
  values: Given,
  index: number,
  signature: Signature,
  wanted: Wanted,
  scalars: Scalars,
): Promise<Outcome> {
  const output = await outputsOf(functions, convention, values, signature, wanted, scalars);
  const args = argumentsFor(convention, values, signature);
  const filling = fillings[index % fillings.length] as number;
  const isContract = convention.form === "contract";
  const gradient = isContract ? typedList(values.theta.map(() => filling)) : null;
  const before = contents(args);
  const returned = await attempt("it", () => functions.backward(...args, ...(gradient === null ? [] : [gradient])));
  const reading = { layout: signature.layout, scalars, isGradient: true, source: "it returns" };
  const read =
    gradient === null
      ? readGradient(returned, convention, reading)
      : readWritten(gradient, filling, convention, reading);
  if (!areAlike(contents(args), before))
    throw new Misfit("mutated-input", "it changes its inputs (the parameters, the input or the target)");
  refuseNonFinite(read, signature.layout, scalars, (entry, value) => `d${entry} is ${value}`);
  return { gradient: read, roundoff: null, loss: readLoss(returned, scalars), output };
}

function readWritten(
  gradient: Float64Array,
  filling: number,
  { rows }: Convention,
  reading: Reading,
): readonly Scalar[] {
  if (gradient.every((value) => value === filling))
    throw new Misfit("no-gradient", "it writes nothing to the gradient array that it is given");
  return readSlots(slotsIn(gradient, reading, flatLike(rows, reading)));
}

const flatLike = (rows: Convention["rows"], { layout }: Reading): Arrangement => ({
  split: "layers",
  kinds: Object.fromEntries(
    layout.filter(({ sizes }) => sizes.length === 2).map(({ name }) => [name, { rows, bias: "apart" }]),
  ),
});

/** A gradient lies as the parameters do. */
function readGradient(returned: unknown, { rows }: Convention, reading: Reading): readonly Scalar[] {
  if (reading.scalars.isScalar(returned) || typeof returned !== "object" || returned === null) {
    const names = reading.layout.slice(0, 2).map(({ name }) => `d${name}`);
    const more = reading.layout.length > 2 ? ", …" : "";
    throw new Misfit(
      "no-gradient",
      `it returns ${describeValue(returned)} where an object such as { ${names.join(", ")}${more} } is expected`,
    );
  }
  try {
    const arrangements = arrangementsOf(returned, reading);
    const same = arrangements.find(({ kinds }) => matrices(reading).every((shape) => lies(kinds, shape, rows)));
    if (same !== undefined) return readSlots(slotsIn(returned, reading, same));
    const odd = matrices(reading).find((shape) => !arrangements.some(({ kinds }) => lies(kinds, shape, rows)));
    const { rows: height = 1, columns = 1, name = "W" } = odd ?? {};
    const [out, turned] = [`${height} × ${columns}`, `${columns} × ${height}`];
    const [found, own] = rows === "out" ? [turned, out] : [out, turned];
    throw new Misfit("wrong-shape", `d${name} is ${found}; expected ${own}, as ${name} is`);
  } catch (error) {
    // Code that runs through does take its parameters so.
    if (error instanceof Misfit && isFinite(returned, reading.scalars)) throw error.settled();
    throw error;
  }
}

const matrices = ({ layout }: Reading): Reading["layout"] => layout.filter(({ sizes }) => sizes.length === 2);

const lies = (kinds: Arrangement["kinds"], { name }: Reading["layout"][number], side: string): boolean =>
  kinds[name]?.bias === "apart" && kinds[name].rows === side;

function isFinite(value: unknown, scalars: Scalars): boolean {
  if (scalars.isScalar(value)) return Number.isFinite(scalars.valueOf(value));
  if (isList(value)) return Array.from(value).every((entry) => isFinite(entry, scalars));
  if (typeof value === "object" && value !== null) return Object.values(value).every((v) => isFinite(v, scalars));
  return value !== undefined;
}

/** The file may have a forward pass of another kind, of which nothing is said here. */
async function outputsOf(
  { forward }: Functions,
  convention: Convention,
  values: Given,
  signature: Signature,
  wanted: Wanted,
  scalars: Scalars,
): Promise<readonly Scalar[] | null> {
  if (forward === null || wanted.length === 0) return null;
  const inputs = signature.inputs.map((input, i) => ({ input, i })).filter(({ input }) => input.role === "input");
  const own = { ...values, samples: values.samples.map((sample) => inputs.map(({ i }) => sample[i] ?? [])) };
  const args = argumentsFor(convention, own, { ...signature, inputs: inputs.map(({ input }) => input) });
  try {
    if (forward.length <= args.length) return readOutputs(await forward(...args), wanted, scalars);
    const output = typedList(Array.from({ length: wanted.samples * wanted.length }, () => NaN));
    await forward(...args, output);
    return readOutputs(output, wanted, scalars);
  } catch {
    return null;
  }
}

/** How the function is called, and what had to be found out for it. */
export const functionInWords = (
  { name }: Functions,
  convention: Convention,
  signature: Signature,
): { readonly convention: string; readonly layout: readonly string[] } => ({
  convention: callInWords(name, convention, signature),
  layout: layoutInWords("taken", flatLike(convention.rows, { layout: signature.layout } as Reading)),
});
