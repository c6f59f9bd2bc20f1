import { variableKey, type ForwardModel } from "../equations/index.ts";

/** What a module calls its own things, and what the language does. */
const reserved = new Set(
  [
    "theta output gradient scratch copy requireApart forward backward propagate parameters layout sizes shapes parameterCount buffers",
    "backwardBatch accumulate sample addProducts samples count from total share at requireLength",
    "forwardOwned backwardOwned erf erfc logistic softplus xlogx Math Float64Array NaN Infinity undefined arguments eval",
    "guest machine WebAssembly atob Float32Array Uint8Array Error",
    "exp nearPowers nearRests farPowers fillPowers roundedSum lowBits Int32Array",
    "break case catch class const continue debugger default delete do else enum export extends false finally for",
    "function if implements import in instanceof interface let new null package private protected public return",
    "static super switch this throw true try typeof var void while with yield await async of",
  ].flatMap((line) => line.split(" ")),
);

/** Accumulators are s1 and m1, shared values t1, hoisted ones fixed1, arrays of sums sums1; split procedures forward1, backward1. */
const isTemporary = (name: string): boolean =>
  /^(([stm]|fixed|sums|forward|backward|propagate)\d+|fixed\d+_.*|(at|theta|own|copy|copyOf|scratch|batch|block|held)_[a-zA-Z0-9].*)$/.test(
    name,
  );

/** An entry's local is called by its variable and its indices, W_1_2 or W_j: what a variable may not be called beside W. */
const isEntryOf = (name: string, variable: string): boolean =>
  name.startsWith(`${variable}_`) && /^(\d+|[a-z]\d*)(_(\d+|[a-z]\d*))*$/.test(name.slice(variable.length + 1));

/**
 * Names in code for all variables of a model and of its backward pass, by key: no two alike, and none that the
 * module uses otherwise. The errors δ are called d.
 */
export function nameAll({ tensors }: ForwardModel, computed: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const key of [...tensors.map(({ variable }) => variableKey(variable)), ...computed]) {
    if (names.has(key)) continue;
    let name = identifier(key.replace(/^delta/, "d"));
    while (!isFree(name, [...names.values()])) name = isTemporary(name) ? `_${name}` : `${name}_`;
    names.set(key, name);
  }
  return names;
}

function identifier(key: string): string {
  const letters = key.replace(/[^\p{L}\p{N}_$]+/gu, "_").replace(/_+$/, "");
  return /^[\p{L}_$]/u.test(letters) ? letters : `_${letters}`;
}

const isFree = (name: string, taken: readonly string[]): boolean =>
  !reserved.has(name) &&
  !isTemporary(name) &&
  taken.every((other) => other !== name && !isEntryOf(name, other) && !isEntryOf(other, name));
