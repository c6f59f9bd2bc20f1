import { isMarked, refuseIncomplete } from "./adapter-parts.ts";
import type { Callable } from "./conventions.ts";
import type { Functions } from "./functions.ts";
import { Misfit } from "./misfit.ts";
import type { Adapted, Adapter } from "./parameters.ts";

/** What a module exports. */
export type Exports = Readonly<Record<string, unknown>>;

/**
 * The function or the adapter that a file is about: the export named, a method as `Class.method`, or without a name
 * an adapter by default, `backward`, or the default export. Throws a Misfit where there is none.
 */
export function findImplementation(exports: Exports, name: string | null): Functions | Adapted {
  const { value, owner, called } = name === null ? unnamed(exports) : named(exports, name);
  if (isMarked(value)) {
    refuseIncomplete(value);
    return { kind: "adapter", adapter: value as unknown as Adapter, isBatch: typeof value.batch === "number" };
  }
  if (typeof value !== "function") throw missing(exports, called, value, owner);
  if (isClass(value))
    throw new Misfit("export-missing", `the export ${called} is a class, not a function`, classAdvice);
  const forward = [owner, ...rootsOf(exports)]
    .map((root) => (root as Exports | undefined)?.forward)
    .find((f) => typeof f === "function" && f !== value && !isClass(f));
  return {
    kind: "function",
    name: called === "default" ? value.name.replace(/^(default)?$/, "backward") : called,
    backward: bound(value as Callable, owner),
    forward: forward === undefined ? null : bound(forward as Callable, owner),
  };
}

/** The session puts the name of the file in the place of FILE. */
const toAdapt = "run deltarule check --init FILE, which writes an adapter to fill in";
const classAdvice = `it is a class: ${toAdapt}`;
const adapterAdvice = "say how it is used in an adapter; deltarule check --init FILE writes one to fill in";

interface Found {
  readonly value: unknown;
  /** What it is a property of. */
  readonly owner: unknown;
  readonly called: string;
}

/** CommonJS comes as the default export, whose own default export it may have as well. */
function rootsOf(exports: Exports): readonly Exports[] {
  const inner = exports.default as Exports | null | undefined;
  const innermost = inner?.default as Exports | null | undefined;
  return [exports, inner, innermost].filter((root): root is Exports => (root ?? null) !== null);
}

function unnamed(exports: Exports): Found {
  const roots = rootsOf(exports);
  const adapter = roots.find(isMarked);
  if (adapter !== undefined) return { value: adapter, owner: null, called: "default" };
  const owner = roots.find((root) => (root.backward ?? null) !== null);
  if (owner !== undefined) return { value: owner.backward, owner, called: "backward" };
  const byDefault: unknown = roots.slice(1).find((root: unknown) => typeof root === "function");
  if (byDefault !== undefined) return { value: byDefault, owner: null, called: "default" };
  const adapters = Object.entries(exports).filter(([, value]) => isMarked(value));
  const [only] = adapters;
  if (only !== undefined && adapters.length === 1) return { value: only[1], owner: null, called: only[0] };
  return { value: undefined, owner: null, called: "backward" };
}

function named(exports: Exports, name: string): Found {
  const roots = rootsOf(exports);
  if (name === "default") {
    const value: unknown = roots.slice(1).find((root: unknown) => typeof root === "function" || isMarked(root));
    return { value, owner: null, called: name };
  }
  const path = name.split(".");
  for (const root of roots) {
    let owner: unknown = null;
    let value: unknown = root;
    for (const step of path) {
      owner = value;
      value = (owner as Exports | null | undefined)?.[step];
    }
    if (value !== undefined) return { value, owner: owner === root && path.length === 1 ? null : owner, called: name };
  }
  const [first = ""] = path;
  return { value: undefined, owner: roots.map((root) => root[first]).find(Boolean), called: name };
}

const bound = (method: Callable, owner: unknown): Callable => {
  if (owner === null) return method;
  const call: Callable = (...args) => method.apply(owner, args);
  // How many parameters it declares tells how it is called.
  return Object.defineProperty(call, "length", { value: method.length });
};

/** By the word, or as a constructor with methods on its prototype. */
const isClass = (value: unknown): boolean =>
  typeof value === "function" &&
  (/^class\b/.test(Function.prototype.toString.call(value)) ||
    Object.keys((value as { readonly prototype?: object }).prototype ?? {}).length > 0);

function missing(exports: Exports, name: string, value: unknown, owner: unknown): Misfit {
  const { classes, functions, advice } = adviceOn(exports);
  if (value !== undefined) return new Misfit("export-missing", `the export ${name} is not a function`, advice);
  const method = name.split(".")[1] ?? "";
  const prototype = typeof owner === "function" ? (owner.prototype as Exports | undefined) : undefined;
  if (typeof prototype?.[method] === "function")
    return new Misfit("export-missing", `${name} is a method of instances, not a static one`, adapterAdvice);
  const only = functions.length > 0 || classes.length === 0 ? "" : `, only ${listed(classes)}`;
  return new Misfit("export-missing", `the file exports no ${name}${only}`, advice);
}

const listed = (classes: readonly string[]): string =>
  `the ${classes.length === 1 ? "class" : "classes"} ${classes.slice(0, 20).join(", ")}`;

function adviceOn(exports: Exports): {
  readonly classes: readonly string[];
  readonly functions: readonly string[];
  readonly advice: string;
} {
  const entries = new Map(rootsOf(exports).flatMap((root) => Object.entries(root)));
  entries.delete("default");
  const names = [...entries.keys()];
  const classes = names.filter((name) => isClass(entries.get(name)));
  const functions = names.filter((name) => typeof entries.get(name) === "function" && !classes.includes(name));
  const toCall = `name one of its functions with --export: ${functions.slice(0, 20).join(", ")}`;
  const other = names.some((name) => typeof entries.get(name) === "object")
    ? adapterAdvice
    : "export the function that computes the gradient";
  const advices = [
    ...(functions.length > 0 ? [toCall] : []),
    ...(classes.length > 0 ? [`for ${listed(classes)} ${toAdapt}`] : []),
  ];
  return { classes, functions, advice: advices.length > 0 ? advices.join("; ") : other };
}
