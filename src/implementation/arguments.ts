import { isListOfSamples, roleOf, takesLists, type ParameterRole } from "./naming.ts";
import type { Method, Parameter } from "./surface.ts";

/**
 * A call of a method of `net`, or of a function that is given `net` itself, with what is at hand: samples as lists,
 * or in batches as lists of them.
 */
export function call(object: "net" | null, method: Method, atHand: AtHand, isBatch = false): CallText {
  const { name, parameters } = method;
  const args: string[] = [];
  const notes: string[] = [];
  const counts = { weight: 2, bias: 2 };
  for (const parameter of parameters) {
    const role = roleOf(parameter);
    if (turns.test(parameter.name) && ["number", "unknown"].includes(parameter.form)) {
      args.push("1");
      continue;
    }
    const isKnown = role !== null && (atHand.includes(role) || (object === null && role in ofFunctions));
    if (!isKnown && parameter.isOptional) break;
    const isTensor = role === "weight" || role === "bias";
    const source = !isKnown
      ? "undefined"
      : isTensor
        ? `net.${role === "weight" ? "W" : "b"}${counts[role]++}`
        : (ofFunctions[role] ?? role);
    const isSample = role === "x" || role === "y";
    const isListed = isListOfSamples(parameter, method);
    const given = !isKnown
      ? null
      : isSample && isBatch
        ? inBatch(source, parameter, isListed)
        : converted(source, parameter);
    // A single sample for a list of them is a guess.
    if (given === null || (isSample && isListed && !isBatch)) notes.push(parameter.name);
    args.push(given ?? `${source} as never`);
  }
  return { text: `${object === null ? "" : `${object}.`}${name}(${args.join(", ")})`, notes };
}

/** Would it be called without an adapter? By the names of its parameters, as `conventions.ts` gives them. */
export function isTakenAsItIs(backward: Method): boolean {
  if (takesLists(backward)) return false;
  const roles = backward.parameters.map(roleOf).join(" ");
  const [first] = backward.parameters.filter((parameter) => roleOf(parameter) === "theta");
  if (first === undefined) return /^(weight bias weight bias x y|x y weight bias weight bias)$/.test(roles);
  const isFlat = first.form === "typed" || first.form === "list" || /^(theta|θ)$/.test(first.name);
  const isNamed = first.form === "other" && first.entries.every((name) => /^[Wb][23]$/.test(name));
  return isFlat ? /^(theta x y( gradient)?|x y theta)$/.test(roles) : isNamed && /^(theta x y|x y theta)$/.test(roles);
}

/** What an entry of the adapter is given. */
export type AtHand = readonly ParameterRole[];

export interface CallText {
  readonly text: string;
  /** Parameters for which it is to be decided what to give. */
  readonly notes: readonly string[];
}

/** How often a step is made: the gradient is read from one. */
const turns = /^(n_?|num_?|max_?)?(epochs?|iterations?|iters?)$/i;

/** What only a function that keeps nothing is given, and by which name. */
const ofFunctions: Partial<Record<ParameterRole, string>> = {
  weight: "net",
  bias: "net",
  theta: "net",
  gradient: "gradient",
};

/** A list of samples, as a parameter takes it; null where it takes something else. */
const inBatch = (source: string, { form }: Parameter, isListed: boolean): string | null =>
  (isListed && form === "matrix") || form === "unknown" ? source : null;

/** What is at hand as lists, as a parameter takes it; null where it takes something else. */
function converted(source: string, { form, entries }: Parameter): string | null {
  if (form === "unknown") return source;
  if (source === "rate") return form === "number" ? source : null;
  if (source === "gradient") return form === "typed" ? source : null;
  if (source === "net") {
    if (form === "typed") return "Float64Array.from(Object.values(net).flat(2))";
    // They may be lists of another kind, which a cast lets through.
    return form === "other" && entries.every((name) => /^[Wb][23]$/.test(name)) ? "net as never" : null;
  }
  const isMatrix = source.startsWith("net.W");
  if (form === "typed") return `Float64Array.from(${source}${isMatrix ? ".flat()" : ""})`;
  if (form === (isMatrix ? "matrix" : "list")) return source;
  if (isMatrix) return null;
  return form === "matrix" ? `[${source}]` : form === "number" ? `${source}[0] ?? 0` : null;
}
