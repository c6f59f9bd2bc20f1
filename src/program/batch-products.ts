import { variableKey } from "../equations/index.ts";
import { add, atom, children, num, transform, view, type Expr } from "../expression/index.ts";
import { adding, placeOf, sampleIndex, type Batch } from "./batch.ts";
import { buildScheduled, stages } from "./build.ts";
import { withExp } from "./exponential.ts";
import { atomsIn } from "./looped.ts";
import { loops } from "./loops.ts";
import { number } from "./lower.ts";
import {
  loop,
  visitStatements,
  type Position,
  type Procedure,
  type Program,
  type Statement,
  type Value,
} from "./program.ts";
import { mapStatement } from "./rewrite.ts";
import { forV8, type Schedule } from "./schedule.ts";
import type { Assignment, GradientTask, InputPlace } from "./task.ts";

/** So many samples share the load and the store of an entry of the gradient; for more there are no registers. */
const samplesOfBlock = 4;

/**
 * Loops that compute the errors of a block's samples one by one, and then the products of errors and activations of
 * all: an entry of the gradient is loaded and stored once for the block. Where there are fewer samples, errors are zero.
 * Null where no gradient consists of such products.
 */
export function productsTogether({ task, exp }: Program): Batch | null {
  const products = task.backward.filter((a) => a.ranges.length > 0 && isProductOfErrors(a, task));
  if (!products.some(({ ranges }) => ranges.length > 1)) return null;
  const used = new Set(products.flatMap(({ value }) => atomsIn(value).map(({ key }) => key)));
  const held = [...task.forward, ...task.backward]
    .filter((a) => a.gradientOf === null && used.has(variableKey(a.variable)))
    .map((a) => placeOf(a, task));
  const places = [...task.inputs, ...held].map(ofBlock);
  const arrange: Schedule["arrange"] = (procedures, parameters) => {
    const [propagate, backward] = ["propagate", "backward"].map((name) => procedures.find((p) => p.name === name)) as [
      Procedure,
      Procedure,
    ];
    const arranged = forV8.arrange(
      [
        propagate,
        {
          ...backward,
          name: "sample",
          arrays: [...backward.arrays, ...held.map(({ name }) => name), objectiveArray],
          statements: sampleOf(task, backward, products, held),
          result: null,
        },
        { name: "addProducts", arrays: ["gradient"], statements: sumsOf(task, products, places), result: null },
      ],
      parameters,
    );
    const accumulate = { ...backward, name: "accumulate", ...blockOf(task, held, sampleIndex(task, procedures)) };
    return { ...arranged, procedures: [...arranged.procedures, accumulate] };
  };
  const program = withExp(buildScheduled(task, { ...forV8, arrange }), exp);
  return {
    ...program,
    samples: samplesOfBlock,
    areZeroed: true,
    inputs: task.inputs.map(ofBlock),
    scratch: [...task.inputs, ...program.scratch, ...held.map(ofBlock), { name: objectiveArray, length: 1 }],
  };
}

const objectiveArray = "block_objective";

const ofBlock = (place: InputPlace): InputPlace => ({
  ...place,
  name: `block_${place.name}`,
  sizes: [samplesOfBlock, ...place.sizes],
  length: samplesOfBlock * place.length,
});

/** An error, or a product of one and other entries: zero where the errors are. */
function isProductOfErrors({ gradientOf, value }: Assignment, { backward }: GradientTask): boolean {
  const errors = new Set(backward.filter((a) => a.gradientOf === null).map(({ variable }) => variableKey(variable)));
  const v = view(value);
  const factors = v.kind === "multiply" ? v.factors : [value];
  return (
    gradientOf !== null &&
    factors.every((factor) => view(factor).kind === "atom" && children(factor).every(isIndex)) &&
    factors.some((factor) => atomsIn(factor).some(({ key }) => errors.has(key)))
  );
}

const isIndex = (expr: Expr): boolean => view(expr).kind === "symbol";

/** What one sample takes before the products; gradients that are none are added at once. */
function sampleOf(
  task: GradientTask,
  { result }: Procedure,
  products: readonly Assignment[],
  held: readonly InputPlace[],
): readonly Statement[] {
  const rest = task.backward.filter((a) => !products.includes(a));
  const kept = new Set(held.map(({ key }) => key));
  return [
    { kind: "run", procedure: "propagate" },
    ...loops(task, [...stages(task).beyond, ...rest], kept, true).flatMap(adding),
    { kind: "store", array: objectiveArray, at: { constant: 0, terms: [] }, value: result as Value },
  ];
}

/** The products of all samples, spelled out, added to the gradient. */
function sumsOf(
  task: GradientTask,
  products: readonly Assignment[],
  places: readonly InputPlace[],
): readonly Statement[] {
  const samples = Array.from({ length: samplesOfBlock }, (_, nth) => num(nth + 1));
  const inBlock = new Set(places.map(({ key }) => key));
  const ofSample = (value: Expr, nth: Expr): Expr =>
    transform(value, (node) => {
      const v = view(node);
      return v.kind === "atom" && inBlock.has(variableKey(v.variable)) ? atom(v.variable, [nth, ...v.indices]) : node;
    });
  const spelled = products.map((a) => ({ ...a, value: add(...samples.map((nth) => ofSample(a.value, nth))) }));
  return loops({ ...task, inputs: places }, spelled, new Set(), true)
    .flatMap(adding)
    .map(withEntriesHeld);
}

/** Entries that the turns of an inner loop have in common are loaded before it. */
function withEntriesHeld(statement: Statement): Statement {
  if (statement.kind !== "loop") return statement;
  const body = statement.body.flatMap((inner): readonly Statement[] => {
    if (inner.kind !== "loop") return [inner];
    const stored = new Set<string>();
    const inside = new Set<string>();
    visitStatements([inner], (s) => {
      if (s.kind === "store") stored.add(s.array);
      if (s.kind === "loop") inside.add(s.index);
    });
    const held = new Map<string, Statement>();
    const leaf = (value: Value): Value => {
      if (value.kind !== "load" || stored.has(value.array)) return value;
      const { constant, terms } = value.at;
      if (terms.some(({ index }) => inside.has(index))) return value;
      const name = [value.array, constant, ...terms.map(({ index }) => index)].join("_");
      held.set(name, { kind: "define", name, value });
      return { kind: "local", name };
    };
    const next = mapStatement(inner, { leaf });
    return [...held.values(), next];
  });
  return { ...statement, body };
}

/** Each sample in its turn, what the products take of it put beside that of the others; then the products. */
function blockOf(
  task: GradientTask,
  held: readonly InputPlace[],
  index: string,
): Pick<Procedure, "statements" | "result"> {
  const [at] = [index === "at" ? "n" : "at"];
  const each: Position = { constant: 0, terms: [{ index: at, scale: 1 }] };
  const ofSample = (length: number): Position => ({ constant: 0, terms: [{ index, scale: length }, ...each.terms] });
  const load = (array: string, position: Position): Value => ({ kind: "load", array, at: position });
  const store = (array: string, position: Position, value: Value): Statement => ({
    kind: "store",
    array,
    at: position,
    value,
  });
  const body: readonly Statement[] = [
    ...task.inputs.map(({ name, length }) =>
      loop(at, length, [store(name, each, load(`block_${name}`, ofSample(length)))]),
    ),
    { kind: "run", procedure: "sample" },
    { kind: "add", name: "total", value: load(objectiveArray, { constant: 0, terms: [] }) },
    ...held.map(({ name, length }) => loop(at, length, [store(`block_${name}`, ofSample(length), load(name, each))])),
  ];
  return {
    statements: [
      ...held.map(({ name, length }) => loop(at, length * samplesOfBlock, [store(`block_${name}`, each, number(0))])),
      { kind: "accumulator", name: "total", start: number(0) },
      { kind: "loop", index, start: 0, end: samplesOfBlock, step: 1, perSample: 1, body },
      { kind: "run", procedure: "addProducts" },
    ],
    result: { kind: "local", name: "total" },
  };
}
