import { problem } from "../problem.ts";

/**
 * What the user asked for: a fully connected network. Layers are numbered from 1, the input;
 * `sizes[l - 1]` is the number of neurons of layer l.
 */
export interface Network {
  readonly sizes: readonly number[];
  /** Activation of layer 2, 3, …, L: the name of one, or a formula in z. */
  readonly activations: readonly string[];
  /** The name of a loss, or a formula in a and y under `sum(…)` or `mean(…)`. */
  readonly loss: string;
  /** Named constants of the formulas, as decimal literals. */
  readonly constants?: Readonly<Record<string, string>>;
  /** Factors of the penalties on the weights: λ₁Σ|w| and ½λ₂Σw², as decimal literals. */
  readonly penalties?: Penalties;
}

export interface Penalties {
  readonly l1?: string;
  readonly l2?: string;
}

export interface NetworkOptions {
  readonly activation?: string | undefined;
  readonly loss?: string | undefined;
  /** `name=value`, one for each constant. */
  readonly constant?: readonly string[] | undefined;
  readonly l1?: string | undefined;
  readonly l2?: string | undefined;
}

export const defaultActivation = "sigmoid";
export const defaultLoss = "mse";

/** A layer wider than this is a typing error, or a job for a framework. */
export const mostNeurons = 100_000;
export const mostLayers = 64;

/**
 * Reads `2-3-1` and its options.
 *
 * @throws Problem `sizes-…` where the text names no network, `activation-count` where the list of
 *   activations does not fit the layers
 */
export function parseNetwork(text: string, options: NetworkOptions = {}): Network {
  const sizes = parseSizes(text);
  const listed = splitList(options.activation ?? defaultActivation);
  const layers = sizes.length - 1;
  if (listed.some((item) => item === "")) {
    throw problem(
      "activation-empty",
      "the list of activations has an empty item",
      "write names or formulas separated by single commas, such as tanh,sigmoid",
    );
  }
  if (listed.length !== 1 && listed.length !== layers) {
    throw problem(
      "activation-count",
      `${listed.length} activations for ${layers} non-input layers`,
      `write one for all layers, or ${layers} separated by commas`,
    );
  }
  const activations = listed.length === 1 ? sizes.slice(1).map(() => listed[0] as string) : listed;
  const constants = readConstants(options.constant ?? []);
  const penalties = readPenalties(options);
  return {
    sizes,
    activations,
    loss: (options.loss ?? defaultLoss).trim(),
    ...(Object.keys(constants).length === 0 ? {} : { constants }),
    ...(Object.keys(penalties).length === 0 ? {} : { penalties }),
  };
}

const isDecimal = (text: string): boolean => /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/i.test(text);

/** Names that formulas have a use for. */
const taken: readonly string[] = ["a", "y", "z", "e", "i", "pi", "sum", "mean"];

function readConstants(list: readonly string[]): Readonly<Record<string, string>> {
  const pairs = list.map((item): readonly [string, string] => {
    const [, name = "", value = ""] = /^\s*([a-z]\w*)\s*=\s*(\S+)\s*$/i.exec(item) ?? [];
    if (name === "" || !isDecimal(value))
      throw problem(
        "constant-malformed",
        `"${item.slice(0, 40)}" defines no constant`,
        "write a name and a number, such as --constant alpha=0.3",
      );
    if (taken.includes(name))
      throw problem("constant-reserved", `${name} has a meaning of its own in formulas`, "choose another name");
    return [name, value];
  });
  const twice = pairs.find(([name], i) => pairs.findIndex(([other]) => other === name) !== i);
  if (twice !== undefined)
    throw problem("constant-twice", `the constant ${twice[0]} is given twice`, "give each constant one value");
  return Object.fromEntries(pairs);
}

function readPenalties(options: NetworkOptions): Penalties {
  const given = (["l1", "l2"] as const).flatMap((name) => {
    const text = options[name]?.trim();
    if (text === undefined) return [];
    if (!isDecimal(text) || !(Number(text) >= 0))
      throw problem("penalty", `--${name} ${text.slice(0, 40)} is not a factor`, `write for example --${name} 0.001`);
    return Number(text) === 0 ? [] : [[name, text] as const];
  });
  return Object.fromEntries(given);
}

function parseSizes(text: string): number[] {
  const example = "write the neurons of each layer from input to output, joined by hyphens, such as 2-3-1";
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  if (text.trim() === "") throw problem("sizes-empty", "no layer sizes given", example);
  const parts = text.trim().split("-");
  const wrong = parts.findIndex((part) => !/^\d+$/.test(part));
  if (wrong >= 0) {
    const part = parts[wrong] as string;
    const what =
      part === ""
        ? wrong === 0
          ? "starts with a hyphen"
          : wrong === parts.length - 1
            ? "ends with a hyphen"
            : "has two hyphens in a row"
        : parts.length === 1
          ? "is not a list of layer sizes"
          : `has "${part}" where the size of layer ${wrong + 1} belongs`;
    throw problem("sizes-malformed", `"${shown}" ${what}`, `sizes are whole numbers; ${example}`);
  }
  if (parts.length < 2)
    throw problem("sizes-too-few", `"${shown}" names one layer`, "write at least two sizes, such as 2-1");
  if (parts.length > mostLayers)
    throw problem("sizes-too-many", `${parts.length} layers; at most ${mostLayers} are derived`, "name fewer layers");
  const sizes = parts.map(Number);
  const empty = sizes.indexOf(0);
  if (empty >= 0)
    throw problem(
      "sizes-zero",
      `layer ${empty + 1} of "${shown}" has no neurons`,
      "every layer has at least one neuron",
    );
  const wide = sizes.findIndex((size) => size > mostNeurons);
  if (wide >= 0)
    throw problem(
      "sizes-too-large",
      `layer ${wide + 1} has ${parts[wide]} neurons; at most ${mostNeurons} are handled`,
      "name a smaller layer",
    );
  return sizes;
}

/** Splits at commas outside parentheses. */
function splitList(text: string): string[] {
  const items = [""];
  let depth = 0;
  for (const c of text) {
    depth += c === "(" ? 1 : c === ")" ? -1 : 0;
    if (c === "," && depth === 0) items.push("");
    else items.push(`${items.pop() ?? ""}${c}`);
  }
  return items.map((item) => item.trim());
}

/** `2-3-1`, as the user writes it. */
export const sizesText = (network: Network): string => network.sizes.join("-");

/** Number of weights and biases of a fully connected network. */
export const countParameters = ({ sizes }: Network): number =>
  sizes.slice(1).reduce((total, size, i) => total + size * ((sizes[i] as number) + 1), 0);

/** The command-line options that say what the default does not. */
export function optionsText({ activations, loss, constants = {}, penalties = {} }: Network): string {
  const [first] = activations;
  const list = activations.every((a) => a === first) ? [first as string] : activations;
  const quoted = (s: string): string => (/^[\w\-,]+$/.test(s) ? s : `"${s}"`);
  const activation = list.length === 1 && first === defaultActivation ? "" : ` --activation ${quoted(list.join(","))}`;
  return [
    activation,
    loss === defaultLoss ? "" : ` --loss ${quoted(loss)}`,
    ...Object.entries(constants).map(([name, value]) => ` --constant ${name}=${value}`),
    ...Object.entries(penalties).map(([name, value]) => ` --${name} ${value}`),
  ].join("");
}
