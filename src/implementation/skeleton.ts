import { basename, extname } from "node:path";
import { format } from "prettier";
import { problem } from "../problem.ts";
import { call, isTakenAsItIs, type CallText } from "./arguments.ts";
import { gradientsOf, hasRole, methodOf, parametersOf, roleOf, takesLists, type Place } from "./naming.ts";
import { refuseFile } from "./source-file.ts";
import { readSurface, type Export, type Field, type Method } from "./surface.ts";

/**
 * An adapter for the network or the gradient function of a file, filled in as far as names and types tell, with a
 * comment where something is to be decided. Throws a Problem where there is no such file, or it exports nothing
 * that could compute a gradient.
 */
export async function skeletonFor(file: string): Promise<string> {
  const refusal = await refuseFile(file);
  if (refusal !== null) throw problem(refusal.code, refusal.message, refusal.advice);
  const surface = await readSurface(file);
  const subject = choose(surface);
  if (subject === null)
    throw problem(
      "nothing-exported",
      `${file} exports nothing that could compute a gradient`,
      "export the class, or the function, that does",
    );
  const text = subject.kind === "function" ? adaptFunctions(file, subject, surface) : adaptObject(file, subject);
  return format(text, { parser: "typescript", printWidth: 100 });
}

/** Where the adapter of a file lies: `net.ts` has `net.check.ts` beside it. */
export const adapterPath = (file: string): string => `${file.slice(0, file.length - extname(file).length)}.check.ts`;

/** What most likely holds the network: an object that can be trained before a function, a function before other objects. */
function choose(surface: readonly Export[]): Export | null {
  const worth = (found: Export): number => {
    const { kind, name, methods } = found;
    const own: Method = { name, parameters: [], returns: true };
    if (kind === "function")
      return methodOf([own], "gradients") !== null ? 4 : methodOf([own], "step") !== null ? 2 : 1;
    const isTrained = methodOf(methods, "gradients") !== null || methodOf(methods, "step") !== null;
    // A new instance for every check is better than one that is shared.
    return (isTrained ? 5 : 0) + (parametersOf(found).length > 0 ? 2 : 0) + (kind === "instance" ? 0 : 1);
  };
  return surface.reduce<Export | null>(
    (best, found) => (best === null || worth(found) > worth(best) ? found : best),
    null,
  );
}

const exampleSizes = [
  [2, 3],
  [2, 4, 3],
  [2, 5, 4, 3],
  [2, 6, 5, 4, 3],
] as const;

/** Sizes that differ, so that a transposed matrix shows. */
const sizesFor = (places: readonly Place[]): readonly number[] =>
  exampleSizes[Math.max(1, Math.min(4, places.filter(({ tensor }) => tensor.startsWith("W")).length || 2)) - 1] ??
  exampleSizes[1];

function imports(file: string, taken: readonly Export[]): string {
  const named = taken.filter(({ name }) => name !== "default").map(({ name }) => name);
  const names = [
    ...taken.filter(({ name }) => name === "default").map(({ local }) => local),
    ...(named.length > 0 ? [`{ ${named.join(", ")} }`] : []),
  ];
  return `import { defineCheck } from "deltarule/check";
import ${names.join(", ")} from ${JSON.stringify(`./${basename(file)}`)};
`;
}

const opening = (
  file: string,
  sizes: readonly number[],
): string => `// Run it with: deltarule check ${adapterPath(basename(file))}
export default defineCheck({
  // Decide: the sizes of the layers, inputs first, and what the code computes.
  network: "${sizes.join("-")}",
  activation: "sigmoid",
  loss: "mse",`;

/** What an export is called where it is imported. */
const calledOf = ({ name, local }: Export): string => (name === "default" ? local : name);

function adaptObject(file: string, subject: Export): string {
  const parameters = parametersOf(subject);
  const sizes = sizesFor(parameters);
  const { methods } = subject;
  const forward = methodOf(methods, "forward");
  const { backward, steps } = meansOf(subject);
  const taught = [backward, ...steps].filter((method) => method !== null);
  const isBatch = taught.some(takesLists);
  const lines = [
    ...(isBatch ? [batchOf(taught)] : []),
    creation(subject, sizes),
    kept(parameters),
    ...(forward === null ? [] : [forwardEntry("net", forward, isBatch)]),
    ...outward(subject, isBatch),
  ];
  return `${imports(file, [subject])}\n${opening(file, sizes)}\n${lines.join("\n")}\n});\n`;
}

function kept(places: readonly Place[]): string {
  if (places.length === 0)
    return `// Decide: where the parameters are. W2[j][k] leads from neuron k of layer 1, the inputs, to neuron j of layer 2.
      parameters: (): unknown => { throw new Error("say in the adapter where the parameters are"); },`;
  const missing = places
    .filter(({ tensor }) => tensor.startsWith("W"))
    .map(({ tensor }) => tensor.replace("W", "b"))
    .filter((name) => !places.some(({ tensor }) => tensor === name));
  return `// Where the code keeps its parameters, as it lays them out: W2 leads from layer 1, the inputs, to layer 2.
    ${missing.length === 0 ? "" : `// Decide: where ${missing.join(", ")} is kept, if it is.\n`}parameters: (net) => (${listed(places)}),`;
}

function creation(subject: Export, sizes: readonly number[]): string {
  const { kind, parameters } = subject;
  const made = calledOf(subject);
  if (kind === "instance")
    return `// Decide: every check needs a network of its own, and this one is shared. Make a new one if there is a way.
      create: () => ${made},`;
  const given: string[] = [];
  const taken: string[] = [];
  const notes: string[] = [];
  let list: string | null = null;
  for (const parameter of parameters) {
    const role = roleOf(parameter);
    const isNumber = parameter.form === "number" || parameter.form === "unknown";
    if (role === "sizes" && parameter.form !== "number") given.push((list = "[...sizes]"));
    else if (role === "rate") given.push("0.1");
    else if (
      isNumber &&
      list === null &&
      taken.length < sizes.length &&
      !/opt|config|seed|activation|loss|fn|func/i.test(parameter.name)
    ) {
      const local = isIdentifier(parameter.name) ? parameter.name : `size${taken.length + 1}`;
      taken.push(`${local} = ${sizes[taken.length] ?? 1}`);
      given.push(local);
    } else if (parameter.isOptional) break;
    else {
      given.push("undefined as never");
      notes.push(parameter.name);
    }
  }
  const shape = list !== null ? "{ sizes }" : taken.length > 0 ? `{ sizes: [${taken.join(", ")}] }` : "";
  return `${decide(notes)}create: (${shape}) => ${kind === "class" ? "new " : ""}${made}(${given.join(", ")}),`;
}

/** A parameter that is taken apart has no name. */
const isIdentifier = (name: string): boolean => /^[A-Za-z$][\w$]*$/.test(name);

const decide = (names: readonly string[]): string =>
  names.length === 0 ? "" : `// Decide: what to give for ${names.join(", ")}.\n`;

/** Where no target is taken, nothing is certain of what is. */
const decideOn = (methods: readonly Method[], notes: readonly string[]): string =>
  methods.some((method) => hasRole(method, "y"))
    ? decide(notes)
    : `// Decide: what to give for each parameter of ${methods.map(signatureOf).join(", ")}, and how it gets the target y.\n`;

const layerOf = ({ tensor }: Place): number => Number(tensor.slice(1));

/** `{ W2: net.w1, … }` */
const listed = (places: readonly Place[]): string =>
  `{ ${[...places]
    .sort((a, b) => layerOf(a) - layerOf(b))
    .map(({ tensor, field, entry }) => `${tensor}: ${pathOf(field)}${entry === null ? "" : `[${entry}]`}`)
    .join(", ")} }`;

const pathOf = ({ owner, name, inner, isPrivate }: Field): string => {
  const step = isPrivate || !isIdentifier(name) ? `[${JSON.stringify(name)}]` : `.${name}`;
  return `net${owner === null ? "" : `.${owner}`}${step}${inner === null ? "" : `.${inner}`}`;
};

/** The call has lists of samples, where the code takes them. */
const batchOf = (methods: readonly Method[]): string =>
  `// Decide: ${methods
    .filter(takesLists)
    .map(signatureOf)
    .join(", ")} seems to take lists of samples. If it takes one sample, leave this out, and make x and y number[].
  // Code that makes a step after each sample of the list has batch: 1.
  batch: 4,
  // Decide: is the loss of a batch the mean of those of its samples, or their sum? reduction: "sum",`;

const signatureOf = ({ name, parameters }: Method): string => `${name}(${parameters.map((p) => p.name).join(", ")})`;

const sampleType = (isBatch: boolean): string => (isBatch ? "number[][]" : "number[]");

function forwardEntry(object: "net" | null, forward: Method, isBatch: boolean): string {
  const head = `forward: (net, x: ${sampleType(isBatch)}) =>`;
  if (!isBatch || takesLists(forward)) return entry(head, call(object, forward, ["x"], isBatch));
  const { text, notes } = call(object, forward, ["x"]);
  return entry(`${head} x.map((x) =>`, { text: `${text})`, notes });
}

/** What computes the gradient of an object: one method that gives it, or those that make a training step. */
function meansOf(subject: Export): { readonly backward: Method | null; readonly steps: readonly Method[] } {
  const backward = methodOf(subject.methods, "gradients");
  const step = methodOf(subject.methods, "step");
  const gives = backward?.returns === true || gradientsOf(subject).length > 0 || step === null;
  if (backward !== null && !hasRole(backward, "rate") && gives) return { backward, steps: [] };
  const steps = backward !== null && (step === null || !hasRole(step, "x")) ? [backward, step] : [step];
  return { backward: null, steps: steps.filter((method) => method !== null) };
}

/** How the gradient comes out of an object: in fields or returned, or by a training step. */
function outward(subject: Export, isBatch: boolean): string[] {
  const { methods, fields } = subject;
  const gradients = gradientsOf(subject);
  const { backward, steps } = meansOf(subject);
  const forward = methodOf(methods, "forward");
  const type = sampleType(isBatch);
  const prepared = (method: Method): string[] =>
    hasRole(method, "x") || forward === null ? [] : [`${call("net", forward, ["x"], isBatch).text};`];
  if (backward !== null) {
    const clear = methodOf(methods, "clear");
    const made = call("net", backward, ["x", "y"], isBatch);
    const before = [...(clear === null ? [] : [`${call("net", clear, []).text};`]), ...prepared(backward)];
    const body =
      gradients.length > 0 ? `${made.text}; return ${listed(gradients)};` : `\n${whatReturns}\n return ${made.text};`;
    return [
      `${decideOn([backward], made.notes)}gradients: (net, x: ${type}, y: ${type}) => { ${before.join(" ")} ${body} },`,
    ];
  }
  const calls = steps.map((method) => call("net", method, ["x", "y", "rate"], isBatch));
  const [first] = steps;
  if (first === undefined)
    return [
      `// Decide: how the gradient comes out. Return { W2, b2, … }, or give step: (net, x, y, rate) => … instead.
      gradients: () => { throw new Error("say in the adapter how the gradient comes out"); },`,
    ];
  const rate = fields.find(
    ({ name, form, isPrivate, isReadonly }) =>
      form === "number" && !isPrivate && !isReadonly && roleOf({ name }) === "rate",
  );
  const takesRate = steps.some((method) => hasRole(method, "rate"));
  const setRate = takesRate || rate === undefined ? [] : [`net.${rate.name} = rate;`];
  const isRateKnown = takesRate || rate !== undefined;
  const body = [...setRate, ...prepared(first), ...calls.map(({ text }) => `${text};`)].join(" ");
  return [
    ...(isRateKnown ? [] : ["// learningRate: 0.1, // Decide: the rate of the step; left out, it is found out."]),
    `${decideOn(
      steps,
      calls.flatMap(({ notes }) => notes),
    )}// One step of gradient descent, from which the gradient is read.
    step: (net, x: ${type}, y: ${type}${isRateKnown ? ", rate: number" : ""}) => { ${body} },`,
  ];
}

function adaptFunctions(file: string, subject: Export, surface: readonly Export[]): string {
  const sizes = sizesFor([]);
  const own = (found: Export): Method => ({ name: calledOf(found), parameters: found.parameters, returns: true });
  const backward = own(subject);
  const functions = surface.filter(({ kind, name }) => kind === "function" && name !== subject.name);
  const forward = methodOf(functions.map(own), "forward");
  const imported = [subject, ...functions.filter((found) => calledOf(found) === forward?.name)];
  const isStep = hasRole(backward, "rate");
  const isPlain = !isStep && isTakenAsItIs(backward);
  const isBatch = takesLists(backward);
  const type = sampleType(isBatch);
  const name = basename(file);
  const lines = [
    ...(isBatch ? [batchOf([backward])] : []),
    `// The functions take the parameters at every call; this keeps them until then.
    create: (): Parameters => ({ W2: [], b2: [], W3: [], b3: [] }),`,
    isStep
      ? "parameters: (net) => net,"
      : "setParameters: (net, parameters: Parameters) => Object.assign(net, parameters),",
    ...(forward === null ? [] : [forwardEntry(null, forward, isBatch)]),
    isStep
      ? entry(`step: (net, x: ${type}, y: ${type}, rate: number) =>`, call(null, backward, ["x", "y", "rate"], isBatch))
      : returned(backward, isBatch),
  ];
  return `${imports(file, imported)}
${isPlain ? `// ${name} can likely be checked as it is: deltarule check ${name} --network ${sizes.join("-")} --export ${subject.name}` : ""}
/** W2[j][k] leads from neuron k of layer 1, the inputs, to neuron j of layer 2. */
interface Parameters { W2: number[][]; b2: number[]; W3: number[][]; b3: number[] }

${opening(file, sizes)}
${lines.join("\n")}
});
`;
}

function returned(backward: Method, isBatch: boolean): string {
  const made = call(null, backward, ["x", "y"], isBatch);
  const type = sampleType(isBatch);
  const head = `gradients: (net, x: ${type}, y: ${type}) =>`;
  if (hasRole(backward, "gradient"))
    return `${decide(made.notes)}${head} { const gradient = new Float64Array(Object.values(net).flat(2).length); ${made.text}; return gradient; },`;
  return `${whatReturns}\n${entry(head, made)}`;
}

const whatReturns = "// Decide: does it return { W2, b2, … }, or { dW2, db2, … }, each laid out as the parameters are?";

const entry = (head: string, { text, notes }: CallText): string => `${decide(notes)}${head} ${text},`;
