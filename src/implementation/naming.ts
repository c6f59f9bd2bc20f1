import type { Export, Field, Method, Parameter } from "./surface.ts";

/** What a method of a network is for, by its name. */
const methodRoles = {
  gradients: /^(backward|back_?prop|gradient|grads?$|(compute|calc|get|accumulate)\w*grad)/i,
  step: /^(train|step|learn|fit|update|sgd|optimi[sz]e|propagate|apply)/i,
  forward: /^(forward|feed_?forward|predict|activate|run|infer|evaluate|output|query|think|guess)/i,
  clear: /^(zero|clear|reset)\w*(grad|delta|d[wb])/i,
} as const;
export type MethodRole = keyof typeof methodRoles;

/** What a parameter of a function stands for, by its name; the first row that fits. */
const parameterRoles = {
  rate: /^(lr|eta|η|alpha|α|rate|learning_?rate|step_?size)$/i,
  gradient: /^(gradient|grad|grads|out|result)$/i,
  theta: /^(__0|theta|θ|p|params?|parameters|weights|net|network|model)$/i,
  weight: /^(w|weights?)(\d|_|[A-Z]|$)|_w$|Weights?$/i,
  bias: /^(b|bias(es)?)(\d|_|[A-Z]|$)|_b$|Bias(es)?$/i,
  y: /^_?(y|ys|t|targets?|labels?|expected|desired|truth|ideal|correct|answers?)(_?(array|list|vector|s|batch|train|\w*true))?$/i,
  x: /^_?(x|xs|inputs?|in|inp|features?|samples?|data|vector|point|(mini_?)?batch(es)?|data_?set|training_?(data|set)|examples?)(_?(array|list|vector|s|batch|train))?$/i,
  sizes: /^(sizes|layers?|shape|architecture|dims?|topology|structure|layer_?sizes)$/i,
} as const;
export type ParameterRole = keyof typeof parameterRoles;

export const methodOf = (methods: readonly Method[], role: MethodRole): Method | null =>
  methods.find(({ name }) => methodRoles[role].test(name)) ?? null;

export const roleOf = ({ name }: Pick<Parameter, "name">): ParameterRole | null =>
  (Object.keys(parameterRoles) as ParameterRole[]).find((role) => parameterRoles[role].test(name)) ?? null;

export const hasRole = ({ parameters }: Method, role: ParameterRole): boolean =>
  parameters.some((parameter) => roleOf(parameter) === role);

/** Does a method take samples as lists of them, by the types, the names or the use of its parameters? */
export const takesLists = (method: Method): boolean =>
  method.parameters.some((parameter) => isListOfSamples(parameter, method));

export function isListOfSamples(parameter: Parameter, method: Method): boolean {
  const role = roleOf(parameter);
  if (role !== "x" && role !== "y") return false;
  if (["matrix", "stack", "objects"].includes(parameter.form)) return true;
  if (parameter.form !== "unknown") return false;
  return (
    parameter.isNested ||
    listName.test(parameter.name) ||
    /batch|epoch|data_?set/i.test(method.name) ||
    (collection.test(parameter.name) && !hasRole(method, "y"))
  );
}

const listName = /^_?(X|Y|[xX]s|[yY]s|\w*[bB]atch(es)?|samples|[xXyY]_?[tT]rain)$/;
const collection = /^_?(data|examples|(data|training)_?(data|set))$/i;

/** A tensor of the network and where an object keeps it: a field, or an entry of a field that lists the layers. */
export interface Place {
  readonly tensor: string;
  readonly field: Field;
  readonly entry: number | null;
}

/** Where an object keeps its parameters, by the names of its fields in their order. */
export const parametersOf = ({ fields }: Export): readonly Place[] =>
  placesOf(fields.filter((field) => !holdsGradient(field) && !isMemory.test(field.name)));

/** Where it keeps the gradient. */
export const gradientsOf = ({ fields }: Export): readonly Place[] =>
  placesOf(fields.filter((field) => holdsGradient(field) && !isMemory.test(field.name)));

const holdsGradient = ({ name, owner }: Field): boolean => isGradient.test(name) || /^_?grad/i.test(owner ?? "");

const isGradient =
  /^_?(d|∇|g|grads?|gradients?|nabla|delta)_?(w|b|weights?|bias)|(w|b|weights?|bias(es)?)_?(grads?|gradients?|deltas?)\d*$/i;
/** What an optimiser remembers. */
const isMemory =
  /^_?(v|m|vel|velocity|momentum|cache|prev|previous|last|best|old)_?(d?[wb]|weights?|bias)|momentum|velocity/i;

const weight =
  /^_?(w|weights?)(?=\d|_|[A-Z]|$)|[a-z0-9]_?W(eights?)?$|_w(eights?)?$|weights?\d*(_?grads?|gradients?)?$|^_?(d|∇|g|grads?|nabla|delta)_?w/i;
const bias =
  /^_?(b|bias(es)?)(?=\d|_|[A-Z]|$)|_b$|bias(es)?\d*(_?grads?|gradients?)?$|^_?(d|∇|g|grads?|nabla|delta)_?b/i;

/** A getter beside fields gives what is in these. */
const stored = (fields: readonly Field[]): readonly Field[] => {
  const own = fields.filter(({ isGetter }) => !isGetter);
  return own.length > 0 ? own : fields;
};

function placesOf(fields: readonly Field[]): readonly Place[] {
  const holders = fields.filter(({ form }) => form !== "number");
  const weights = stored(holders.filter(({ name }) => weight.test(name)));
  const biases = stored(holders.filter(({ name }) => !weight.test(name) && bias.test(name)));
  const [all] = weights;
  const isListed =
    weights.length === 1 &&
    all !== undefined &&
    (all.form === "stack" || (/s$/i.test(all.name) && ["objects", "unknown"].includes(all.form)));
  const place = (letter: string, list: readonly Field[]): readonly Place[] =>
    (isListed
      ? list.slice(0, 1).flatMap((field) => [0, 1].map((entry) => ({ field, entry })))
      : list.map((field) => ({ field, entry: null }))
    ).map((found, i) => ({ ...found, tensor: `${letter}${i + 2}` }));
  return [...place("W", weights), ...place("b", biases)];
}
