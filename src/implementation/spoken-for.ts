import { argumentsFor, type Callable, type Convention, type Form } from "./conventions.ts";
import type { Given, Signature } from "./given.ts";

/**
 * The form of parameters that a function reads where it fits none: told by what it asks of them when it is called
 * once more in the form that its number of parameters speaks for.
 */
export async function formSpokenFor(
  backward: Callable,
  first: Convention,
  values: Given,
  signature: Signature,
): Promise<Form> {
  const asked = { names: false, flat: false };
  const names = new Set(signature.layout.map(({ name }) => name));
  const row = (list: object): object =>
    watch(list, (key) => {
      // A row that is taken as a number.
      if (key === Symbol.toPrimitive) asked.flat = true;
    });
  const tensor = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map((entry: unknown) => (Array.isArray(entry) ? row(entry as unknown[]) : entry))
      : value;
  const isNamed = first.form === "nested-parameters";
  const count = isNamed ? 1 : signature.layout.length;
  const args = argumentsFor(first, values, signature).map((arg, i) => {
    if (i >= count) return arg;
    if (!isNamed) return tensor(arg);
    const tensors = Object.entries(arg as object).map(([name, value]) => [name, tensor(value)] as const);
    return watch(Object.fromEntries(tensors), (key) => (asked.names ||= names.has(String(key))));
  });
  try {
    await backward(...args);
  } catch {
    // How it fails is known; here it matters how far it comes.
  }
  if (isNamed) return !asked.names ? "flat-parameters" : asked.flat ? "flat-tensors" : first.form;
  return first.form === "positional" && asked.flat ? "flat-positional" : first.form;
}

const watch = (object: object, see: (key: string | symbol) => void): object =>
  new Proxy(object, {
    get: (target, key): unknown => {
      see(key);
      return Reflect.get(target, key);
    },
  });
