import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { checkGradient } from "../../src/check/index.ts";
import { adjointVariable, deriveModel } from "../../src/derivation/index.ts";
import { emitModule, loadSource, type EmittedModule } from "../../src/emit/index.ts";
import { numbered, readEquations, type EquationFile } from "../../src/equations/index.ts";
import { modelTask, slices, type GradientTask } from "../../src/program/index.ts";

const samples = new URL("../samples/models/", import.meta.url);
const names = [
  "residual",
  "shared",
  "autoencoder",
  "layer-norm",
  "bilinear",
  "attention",
  "recurrent",
  "recurrent-by-hand",
] as const;
const strategies = ["unrolled", "tiled"] as const;
type Name = (typeof names)[number];
type Strategy = (typeof strategies)[number];
const rows = names.flatMap((name) => strategies.map((strategy) => [name, strategy] as const));

const folder = mkdtempSync(join(tmpdir(), "deltarule-models-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Nested = number | readonly Nested[];
type Tensors = Readonly<Record<string, Nested>>;

/** What PyTorch says of a model; see reference.py. */
interface Reference {
  readonly provenance: string;
  readonly inputs: Tensors;
  readonly parameters: Tensors;
  readonly loss: number;
  readonly gradients: Tensors;
}

const flat = (value: Nested | undefined): readonly number[] =>
  typeof value === "object" ? value.flatMap(flat) : value === undefined ? [] : [value];

const fileOf = (name: Name): EquationFile =>
  readEquations(readFileSync(new URL(`${name}.eq`, samples), "utf8"), `${name}.eq`);
const referenceOf = (name: Name): Reference =>
  JSON.parse(readFileSync(new URL(`${name}.json`, samples), "utf8")) as Reference;

/** What the emitted code computes is what has been derived: each adjoint from steps that have been checked. */
function taskOf(name: Name): GradientTask {
  const model = numbered(fileOf(name));
  const adjoints = deriveModel(name, model, new Map()).adjoints.map(({ target, ranges, goal, evaluated }) => {
    return { target, name: adjointVariable(target), ranges, goal, value: evaluated, tag: "" };
  });
  return modelTask(model, adjoints, { name, command: `emit ${name}`, about: [] });
}

const emitted = new Map<string, Promise<EmittedModule>>();
function emittedFor(name: Name, strategy: Strategy): Promise<EmittedModule> {
  const key = `${name} ${strategy}`;
  const known = emitted.get(key) ?? emitModule(taskOf(name), { version: "0", strategy });
  emitted.set(key, known);
  return known;
}

/** The bound is on every entry by itself, however small it is. */
function expectClose(what: string, found: readonly number[], expected: readonly number[]): void {
  expect(found.length, what).toBe(expected.length);
  expected.forEach((value, i) => {
    const off = Math.abs((found[i] as number) - value);
    expect(off / Math.abs(value), `${what}[${i}]: ${found[i]}, PyTorch has ${value}`).toBeLessThan(1e-12);
  });
}

describe("loss and gradients are PyTorch's", () => {
  test.each(names)("%s: every step of the derivation with named sizes holds", (name) => {
    const { model, sizes, warnings } = fileOf(name);
    expect(warnings).toEqual([]);
    const { adjoints } = deriveModel(name, model, sizes);
    const parameters = adjoints.filter(({ isParameter }) => isParameter).map(({ target }) => target.family);
    expect(parameters).toEqual(Object.keys(referenceOf(name).gradients));
    expect(adjoints.flatMap(({ steps }) => steps).every(({ check }) => check.draws > 0)).toBe(true);
  });

  test.each(rows)("%s, %s", async (name, strategy) => {
    const { inputs, parameters, loss, gradients } = referenceOf(name);
    const { source, program } = await emittedFor(name, strategy);
    const { backward } = await loadSource(source);
    const theta = Float64Array.from(program.layout.flatMap((tensor) => flat(parameters[tensor.name])));
    const given = program.inputs.map(({ key }) => Float64Array.from(flat(inputs[key])));
    expect([theta, ...given].map(({ length }) => length)).toEqual([
      program.parameterCount,
      ...program.inputs.map(({ length }) => length),
    ]);
    const gradient = new Float64Array(theta.length).fill(NaN);
    expectClose("J", [backward(theta, ...given, gradient)], [loss]);
    for (const [tensor, found] of slices([...gradient], program.layout))
      expectClose(tensor, found, flat(gradients[tensor]));
  });
});

/** The source with one of the lines that write to the gradient off by half, or by half of its first term. */
function corrupted(source: string): string {
  const lines = [...source.matchAll(/\bgradient\[[^\]]+\] = /g)];
  const { index, 0: text } = lines[Math.floor(lines.length / 2)] as RegExpExecArray;
  return `${source.slice(0, index)}${text}1.5 * ${source.slice(index + text.length)}`;
}

describe("check accepts the emitted module, and refuses it with one wrong line", () => {
  test.each(rows)("%s, %s", async (name, strategy) => {
    const { source, program } = await emittedFor(name, strategy);
    const file = join(folder, `${name}.${strategy}.ts`);
    writeFileSync(file, source);
    const right = await checkGradient(file, program.task);
    expect([right.verdict, right.problem]).toEqual(["equal", null]);
    writeFileSync(file, corrupted(source));
    const wrong = await checkGradient(file, program.task);
    expect(wrong.verdict).toBe("different");
    expect(wrong.tensors.filter(({ equal }) => !equal)).toHaveLength(1);
  });
});
