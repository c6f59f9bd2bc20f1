import { isElementary } from "../expression/index.ts";
import { visitStatements, visitValue, valuesOf, type Program } from "../program/index.ts";

/** What a module has to bring along, for want of a Math function. The bodies are those of exact/double.ts, to the last bit. */
export const ownFunctions = {
  erf: "",
  logistic: "",
  softplus: "",
  xlogx: "",
} as const;

type OwnFunction = keyof typeof ownFunctions;
const isOwn = (name: string): name is OwnFunction => Object.hasOwn(ownFunctions, name);

/** How a function is called in code: `Math.exp`, or by the name of one of the module's own. */
export function nameOfFunction(name: string): string {
  if (!isElementary(name)) throw new Error(`no code computes ${name}`);
  return isOwn(name) ? name : `Math.${name}`;
}

/** The functions of its own that a module for the program needs. */
export function functionsUsed({ procedures }: Program): readonly OwnFunction[] {
  const used = new Set<string>();
  for (const { statements } of procedures)
    visitStatements(statements, (statement) =>
      valuesOf(statement).forEach((root) => visitValue(root, (v) => v.kind === "call" && used.add(v.name))),
    );
  return (Object.keys(ownFunctions) as OwnFunction[]).filter((name) => used.has(name));
}
