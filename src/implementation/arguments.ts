import { roleOf, type ParameterRole } from "./naming.ts";
import type { Method, Parameter } from "./surface.ts";

/** A call of a method of `net`, or of a function that is given `net` itself, with what is at hand as lists. */
export function call(object: "net" | null, { name, parameters }: Method, atHand: AtHand): CallText {
  const args: string[] = [];
  const notes: string[] = [];
  const counts = { weight: 2, bias: 2 };
  for (const parameter of parameters) {
    const role = roleOf(parameter);
    const isKnown = role !== null && (atHand.includes(role) || (object === null && role in ofFunctions));
    if (!isKnown && parameter.isOptional) break;
    const isTensor = role === "weight" || role === "bias";
    const source = !isKnown
      ? "undefined"
      : isTensor
        ? `net.${role === "weight" ? "W" : "b"}${counts[role]++}`
        : (ofFunctions[role] ?? role);
    const given = isKnown ? converted(source, parameter) : null;
    if (given === null) notes.push(parameter.name);
    args.push(given ?? `${source} as never`);
  }
  return { text: `${object === null ? "" : `${object}.`}${name}(${args.join(", ")})`, notes };
}

/** What an entry of the adapter is given. */
export type AtHand = readonly ParameterRole[];

export interface CallText {
  readonly text: string;
  /** Parameters for which it is to be decided what to give. */
  readonly notes: readonly string[];
}

/** What only a function that keeps nothing is given, and by which name. */
const ofFunctions: Partial<Record<ParameterRole, string>> = {
  weight: "net",
  bias: "net",
  theta: "net",
  gradient: "gradient",
};

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
