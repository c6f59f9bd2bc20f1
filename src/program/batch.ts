import { variableKey } from "../equations/index.ts";
import { wholeNumber } from "../exact/index.ts";
import { freshIndex } from "../expression/index.ts";
import { buildScheduled, stages } from "./build.ts";
import { cyclesOf, machine } from "./cost-model.ts";
import { lengthOf, variablesIn } from "./dependence.ts";
import { withExp } from "./exponential.ts";
import { productsTogether } from "./batch-products.ts";
import { callsOfExp, isElementwise, withOwnConstants } from "./looped.ts";
import { loops } from "./loops.ts";
import { isZero, number } from "./lower.ts";
import { procedureOf, type Position, type Procedure, type Program, type Statement, type Value } from "./program.ts";
import { mapStatement } from "./rewrite.ts";
import { forV8, type Schedule } from "./schedule.ts";
import type { Assignment, GradientTask, InputPlace } from "./task.ts";
import { unroll } from "./unroll.ts";

/**
 * Code for a block of samples, one after another in the arrays of the inputs: its procedure `accumulate` adds their
 * gradients to `gradient` and returns the sum of their objectives.
 */
export interface Batch extends Program {
  /** How many samples a full block has. */
  readonly samples: number;
  /** Are the inputs of samples that are not there to be zero? */
  readonly areZeroed?: true;
}

/** Long enough for loops over a layer of all samples, and short enough for what they leave to stay close by. */
const samplesOfBlock = 16;

/**
 * Straight-line code goes through the samples once for all equations between two layers of exponentials, and through
 * a layer of exponentials of all samples in one loop: there the next one does not wait for the one before, which it
 * does within a sample. Loops have such loops already: their samples come one by one, and the products that make up
 * the gradient for some samples at once where that takes fewer cycles by the cost model.
 */
export function batchOf(program: Program): Batch {
  const known = batches.get(program);
  if (known !== undefined) return known;
  const batch = chooseBatch(program);
  batches.set(program, batch);
  return batch;
}

/** What certifies, prints and verifies a batch asks for it. */
const batches = new WeakMap<Program, Batch>();

function chooseBatch(program: Program): Batch {
  const isWhole = procedureOf(program, "backward").statements.every(({ kind }) => kind !== "run");
  if (program.strategy === "unrolled" && isWhole) return sideBySide(program);
  const [single, together] = [oneByOne(program), productsTogether(program)];
  return together !== null && cyclesOfSample(together) < cyclesOfSample(single) ? together : single;
}

/** Entries of a gradient that the core's first cache holds, and cycles to fetch and put back one of more. */
const firstCache = 4096;
const fetch = 0.2;

/** Cycles of a full block for each of its samples, by the cost model. */
function cyclesOfSample(batch: Batch): number {
  const isFar = batch.parameterCount >= machine.farLength;
  const arrays = { far: new Set(isFar ? ["theta", "gradient"] : []), given: new Set<string>() };
  const cycles = (statements: readonly Statement[]): number =>
    statements.reduce(
      (sum, s) => {
        if (s.kind === "run") return sum + cycles(procedureOf(batch, s.procedure).statements);
        return isOfSample(s) ? sum + s.end * cycles(s.body) : sum;
      },
      cyclesOf(
        statements.filter((s) => s.kind !== "run" && !isOfSample(s)),
        arrays,
      ),
    );
  const fetched = batch.parameterCount > firstCache ? batch.parameterCount * fetch : 0;
  return (cycles(procedureOf(batch, "accumulate").statements) + fetched) / batch.samples;
}

type LoopOfSamples = Extract<Statement, { kind: "loop" }> & { readonly perSample: number };

/** Is it a loop whose turns are so many for each sample of the block? */
export const isOfSample = (s: Statement): s is LoopOfSamples => s.kind === "loop" && s.perSample !== undefined;

/** The same batch for a block that is not full. */
export function partOfBlock(batch: Batch, samples: number): Program {
  const cut = (s: Statement): Statement => (isOfSample(s) ? { ...s, end: s.perSample * samples } : s);
  return {
    ...batch,
    procedures: batch.procedures.map((p) => ({ ...p, statements: p.statements.map(cut) })),
  };
}

/** Loops that add where those of a gradient store: the schedule knows, and chooses tiles for it. */
function oneByOne({ task, exp }: Program): Batch {
  const arrange: Schedule["arrange"] = (procedures, parameters) =>
    forV8.arrange(
      procedures.map((p) => ({
        ...p,
        name: p.name === "backward" ? "accumulate" : p.name,
        statements: p.statements.flatMap(adding),
      })),
      parameters,
    );
  const { procedures, ...program } = withExp(buildScheduled(task, { ...forV8, arrange }), exp);
  return {
    ...program,
    procedures: procedures.filter(({ name }) => !name.startsWith("forward")),
    samples: 1,
  };
}

/** Statements that add to the gradient where these store. */
export const adding = (statement: Statement): readonly Statement[] =>
  statement.kind === "loop" ? [{ ...statement, body: statement.body.flatMap(adding) }] : addingToGradient(statement);

function addingToGradient(statement: Statement): readonly Statement[] {
  if (statement.kind !== "store" || statement.array !== "gradient") return [statement];
  const { array, at, value } = statement;
  if (isZero(value)) return [];
  return [
    { ...statement, value: { kind: "operation", operator: "+", left: { kind: "load", array, at }, right: value } },
  ];
}

function sideBySide(program: Program): Batch {
  const { task } = program;
  const { toGradient } = stages(task);
  const groups = groupsOf(task, [...toGradient, ...task.backward]);
  const held: InputPlace[] = [];
  const index = sampleIndex(task, program.procedures);
  const statements: Statement[] = [];
  groups.forEach((group, nth) => {
    const later = new Set(groups.slice(nth + 1).flatMap(({ list }) => list.flatMap((a) => [...variablesIn(a.value)])));
    const kept = group.list.filter((a) => a.gradientOf === null && later.has(variableKey(a.variable)));
    const own = kept.map((assignment) => placeOf(assignment, task));
    const block = { task, held: [...held], own, index };
    statements.push(
      ...(group.isLayer ? layerOfBlock(group.list[0] as Assignment, block) : straight(group.list, block)),
    );
    held.push(...own);
  });
  const ofBlock = ({ length }: { readonly length: number }): number => length * samplesOfBlock;
  return {
    ...program,
    plain: null,
    samples: samplesOfBlock,
    inputs: program.inputs.map((input) => ({ ...input, length: ofBlock(input) })),
    scratch: held.map((place) => ({ name: place.name, length: ofBlock(place) })),
    procedures: [
      {
        name: "accumulate",
        arrays: procedureOf(program, "backward").arrays,
        statements,
        result: { kind: "local", name: "total" },
      },
    ],
  };
}

interface Group {
  readonly list: readonly Assignment[];
  /** Is it one equation whose exponentials have a loop of their own? */
  readonly isLayer: boolean;
}

function groupsOf(task: GradientTask, assignments: readonly Assignment[]): readonly Group[] {
  const groups: { list: Assignment[]; isLayer: boolean }[] = [];
  for (const assignment of assignments) {
    const isLayer = callsOfExp(assignment.value, task) > 0 && isElementwise(assignment, task);
    const last = groups.at(-1);
    if (isLayer || last === undefined || last.isLayer) groups.push({ list: [assignment], isLayer });
    else last.list.push(assignment);
  }
  return groups;
}

interface Block {
  readonly task: GradientTask;
  /** What earlier groups have left in arrays. */
  readonly held: readonly InputPlace[];
  /** What this group leaves. */
  readonly own: readonly InputPlace[];
  /** The loop index over samples. */
  readonly index: string;
}

/** Where the entries of a variable lie in code. */
export function placeOf({ variable, ranges }: Assignment, { codeNames }: GradientTask): InputPlace {
  const key = variableKey(variable);
  const sizes = ranges.map(({ size }) => wholeNumber(size));
  const name = codeNames.get(key) as string;
  // A scalar's own name is that of the local.
  return {
    key,
    name: sizes.length === 0 ? `held_${name}` : name,
    role: "input",
    sizes,
    length: lengthOf(sizes),
    isRead: true,
  };
}

/** The name of the loop index over samples. */
export function sampleIndex({ codeNames }: GradientTask, procedures: readonly Procedure[]): string {
  const indices = procedures.flatMap(({ statements }) =>
    statements.flatMap((s) => (s.kind === "loop" ? [s.index] : [])),
  );
  const taken = new Set([...codeNames.values(), ...indices]);
  return taken.has("s") ? freshIndex(taken) : "s";
}

/** An element-wise equation for all samples: one loop, since their entries lie one after another. */
function layerOfBlock(assignment: Assignment, { task }: Block): readonly Statement[] {
  const { length } = placeOf(assignment, task);
  const kept = new Set([variableKey(assignment.variable)]);
  const owner = task.codeNames.get(variableKey(assignment.variable)) as string;
  return withOwnConstants(loops(task, [assignment], kept, true), owner).map((s) =>
    s.kind === "loop" ? { ...s, end: length * samplesOfBlock, perSample: length } : s,
  );
}

/** The straight-line code of one sample, in a loop over them. */
function straight(list: readonly Assignment[], { task, held, own, index }: Block): readonly Statement[] {
  const result = list.includes(task.objective)
    ? (task.codeNames.get(variableKey(task.objective.variable)) as string)
    : null;
  const statements = unroll(
    { ...task, inputs: [...task.inputs, ...held] },
    list,
    ({ variable, gradientOf }, at) => {
      const key = variableKey(gradientOf ?? variable);
      if (gradientOf !== null) {
        const placement = task.layout.find((p) => p.name === key);
        return placement === undefined ? null : { array: "gradient", at: placement.offset + at };
      }
      const place = own.find((p) => p.key === key);
      return place === undefined ? null : { array: place.name, at };
    },
    result,
  );
  const lengths = new Map([...task.inputs, ...held, ...own].map(({ name, length }) => [name, length]));
  const atSample = (array: string, at: Position): Position => {
    const scale = lengths.get(array);
    return scale === undefined ? at : { ...at, terms: [{ index, scale }, ...at.terms] };
  };
  const leaf = (v: Value): Value => (v.kind === "load" ? { ...v, at: atSample(v.array, v.at) } : v);
  const body = statements.flatMap((s) => {
    const lifted = mapStatement(s, { leaf });
    return addingToGradient(lifted.kind === "store" ? { ...lifted, at: atSample(lifted.array, lifted.at) } : lifted);
  });
  const sum: readonly Statement[] =
    result === null ? [] : [{ kind: "add", name: "total", value: { kind: "local", name: result } }];
  return [
    ...(result === null ? [] : [{ kind: "accumulator", name: "total", start: number(0) } as const]),
    { kind: "loop", index, start: 0, end: samplesOfBlock, step: 1, perSample: 1, body: [...body, ...sum] },
  ];
}
