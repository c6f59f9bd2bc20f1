import { isOfSample, type ArrayName, type Batch, type Procedure, type Program } from "../program/index.ts";
import { Door, lengthOf, type View } from "./access.ts";
import { roomFor } from "./buffers.ts";
import { printBody, samplesName } from "./code.ts";

/** Arrays of the module that a batch shares with the functions that are given their arrays, and their views. */
export interface SharedArrays {
  readonly suffix: string;
  readonly prefix: string;
  readonly memory: ReadonlyMap<ArrayName, string>;
  readonly lengthOf: (array: ArrayName) => number;
  readonly views: View[];
  /** Procedures whose functions are there already. */
  readonly printed: readonly string[];
}

/** None: a batch beside straight-line code has arrays and functions of its own. */
export const nothingShared = (): SharedArrays => ({
  suffix: "",
  prefix: "batch_",
  memory: new Map(),
  lengthOf: () => 0,
  views: [],
  printed: [],
});

/** From so many entries on a copy by `set` takes less time, with the view that it needs. */
const leastCopied = 128;

const memoryOf = (array: ArrayName): string => `batch_${array}`;

/**
 * `backwardBatch` and what it is made of, as pieces of source text.
 *
 * @param taken names that stand for something else in the module
 */
export function printBatch(batch: Batch, shared: SharedArrays, taken: ReadonlySet<string>): readonly string[] {
  const { inputs, scratch, procedures } = batch;
  const arrays = ["theta", ...inputs.map(({ name }) => name), "gradient", ...scratch.map(({ name }) => name)];
  const own = arrays.filter((array) => !shared.memory.has(array) || shared.lengthOf(array) < lengthOf(array, batch));
  const memory = new Map([...shared.memory, ...own.map((array) => [array, memoryOf(array)] as const)]);
  const known = shared.views.length;
  const door = new Door(shared, memory, batch, taken, shared.views);
  const parameterOf = ({ statements }: Procedure): string =>
    statements.some(isOfSample) ? `${samplesName}: number` : "";
  const functions = procedures
    .filter(({ name }) => !shared.printed.includes(name))
    .map((procedure) =>
      [
        `function ${procedure.name}${door.suffix}(${parameterOf(procedure)}): ${procedure.result === null ? "void" : "number"} {`,
        ...printBody(procedure, batch, door),
        "}",
      ].join("\n"),
    );
  const constants = [
    ...own.map((array) => `const ${memoryOf(array)} = new Float64Array(${roomFor(lengthOf(array, batch))});`),
    ...door.views
      .slice(known)
      .map(({ name, memory, from, to }) => `const ${name} = ${memory}.subarray(${from}, ${to});`),
  ];
  return [
    [`// ${aboutBlocks(batch)}`, ...constants].join("\n"),
    ...functions,
    driver(batch, memory, `accumulate${door.suffix}`),
    requireLength,
  ];
}

const aboutBlocks = ({ samples }: Batch): string =>
  samples === 1
    ? "What a batch works on: one sample after another, and the sum of their gradients."
    : `What a batch works on: up to ${samples} samples at a time, and the sum of all gradients.`;

function driver(batch: Batch, memory: ReadonlyMap<ArrayName, string>, accumulate: string): string {
  const { task, inputs, parameterCount, samples } = batch;
  const names = task.inputs.map(({ name }) => name);
  const lengths = inputs.map(({ length }) => length / samples);
  const of = (array: ArrayName): string => memory.get(array) as string;
  const times = (length: number, what: string): string => (length === 1 ? what : `${length} * ${what}`);
  const objective = task.objective.variable.family;
  const isOne = samples === 1;
  const fetch = (name: string, i: number): string => {
    const length = lengths[i] as number;
    const end = isOne ? String(length) : times(length, samplesName);
    const from = times(length, "from");
    return length * samples < leastCopied
      ? `for (let at = 0; at < ${end}; at++) ${of(inputs[i]?.name as string)}[at] = ${name}[${from} + at]!;`
      : `${of(inputs[i]?.name as string)}.set(${name}.subarray(${from}, ${from} + ${end}));`;
  };
  return [
    "/**",
    ` * The mean of ${objective} over \`count\` samples, and its gradient, written to \`gradient\`.${names.length === 0 ? "" : ` The samples lie one`}`,
    ...(names.length === 0 ? [] : [` * after another in ${names.join(", ")}.`]),
    " */",
    `export function backwardBatch(${["theta", ...names, "gradient"].map((array) => `${array}: Float64Array, `).join("")}count: number): number {`,
    "if (!Number.isInteger(count) || count < 1) throw new RangeError(`count is ${count}; a batch has one sample or more`);",
    `requireLength("theta", theta, ${parameterCount});`,
    ...names.map((name, i) => `requireLength("${name}", ${name}, ${times(lengths[i] as number, "count")});`),
    `requireLength("gradient", gradient, ${parameterCount});`,
    `${of("theta")}.set(theta);`,
    `${of("gradient")}.fill(0);`,
    "let total = 0;",
    `for (let from = 0; from < count; from ${isOne ? "++" : `+= ${samples}`}) {`,
    ...(isOne ? [] : [`const ${samplesName} = Math.min(${samples}, count - from);`]),
    ...(batch.areZeroed ? inputs.map(({ name }) => `if (${samplesName} < ${samples}) ${of(name)}.fill(0);`) : []),
    ...names.map(fetch),
    `total += ${accumulate}(${isOne ? "" : samplesName});`,
    "}",
    "const share = 1 / count;",
    `for (let at = 0; at < ${parameterCount}; at++) gradient[at] = ${of("gradient")}[at]! * share;`,
    "return total * share;",
    "}",
  ].join("\n");
}

const requireLength = `function requireLength(name: string, array: Float64Array, length: number): void {
  if (array.length !== length) throw new RangeError(\`\${name} has \${array.length} entries; \${length} are needed\`);
}`;

/** The arrays by which loops that are given their arrays read them. */
export const sharedWith = (door: Door, program: Program): SharedArrays => ({
  suffix: door.suffix,
  prefix: door.prefix,
  memory: door.memory,
  lengthOf: (array) => lengthOf(array, program),
  views: door.views,
  printed: program.procedures.map(({ name }) => name),
});
