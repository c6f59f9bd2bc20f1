import {
  leftSide,
  lossFormula,
  networkFunctions,
  networkModel,
  objectiveVariable,
  variableKey,
  type Equation,
  type ForwardModel,
  type ScalarFunction,
} from "../equations/index.ts";
import { seeded, type Random } from "../exact/index.ts";
import { decimal, print, some, substitute, toNumber, transform, view, type Expr } from "../expression/index.ts";
import type { Network } from "../network/index.ts";
import { problem } from "../problem.ts";
import { refuseJump, sidesOf, type Sides } from "./kinks.ts";
import { spelled, type Spelled } from "./spelled.ts";
import { doubles, rootsOf, tiesOf, type Line } from "./ties.ts";

/**
 * Refuses a network whose activations or whose loss jump.
 *
 * @throws Problem `activation-jump`, `loss-jump`
 */
export function refuseJumps(network: Network): void {
  networkFunctions(network).forEach((definition) => once(definition, "activation"));
  lossesOfOne(network).forEach((definition) => once(definition, "loss"));
  const model = networkModel(network);
  const isObjective = ({ variable }: Equation): boolean => variableKey(variable) === variableKey(objectiveVariable);
  model.equations.forEach((equation) =>
    refuseJumpOf(equation, model, isObjective(equation) ? "loss-jump" : "activation-jump"),
  );
}

/**
 * Refuses a model with an equation, or a function, that jumps.
 *
 * @throws Problem `function-jump`; `equation-jump` with what the equation defines, and where it jumps
 */
export function refuseModelJumps(model: ForwardModel): void {
  model.functions.forEach((definition) => once(definition, "function"));
  model.equations.forEach((equation) => refuseJumpOf(equation, model, "equation-jump"));
}

/** The loss of one output as a function of it, at some targets. */
export function lossesOfOne({ loss, constants }: Network): readonly ScalarFunction[] {
  const summand = transform(lossFormula(loss, constants), (node) => {
    const v = view(node);
    return v.kind === "call" && (v.name === "sum" || v.name === "mean") ? (v.args[0] as Expr) : node;
  });
  return ["0.7", "-1.3"].map((y) => {
    const value = substitute(summand, new Map([["y", decimal(y)]]));
    return { name: "loss", layer: null, argument: "a", value };
  });
}

/** A program asks at every turn, and a formula without jumps does not get one. */
const continuous = new Set<string>();

function once(definition: ScalarFunction, what: string): void {
  const key = `${definition.argument} ↦ ${print(definition.value)}`;
  if (continuous.has(key)) return;
  refuseJump(definition, what);
  continuous.add(key);
}

/** Lines through points of each scale, and how far apart they are looked at. */
const linesOfScale = 4;
const halfScan = 256;
/** Doubles know a root on a line less well than that of a function of one number. */
const beside = 1e-9;

/**
 * Looks along random lines for a place where the right side of an equation jumps, its sums spelled out
 * ({@link spelled}). What is given with a sample stays fixed, since nothing is differentiated by it: a choice by an
 * input may jump. Not found are jumps that no line meets, as those further out than the scales of the lines, and
 * those at ties that are met more than twice in a cell of the scan.
 */
function refuseJumpOf(equation: Equation, model: ForwardModel, code: string): void {
  if (!some(equation.value, canJump)) return;
  const found = spelled(equation.value, model);
  const key = [print(found.formula), ...found.names.map(({ isFixed }) => isFixed)].join(" ");
  if (continuous.has(key)) return;
  for (const { line, at, sides } of meetings(found, model.functions, tiesOf(found.formula, ["choose", "sign"]))) {
    if (!sides.isJump) continue;
    const values = line.coordinates.map(({ name, at: start, along }, i) => {
      const shown = found.names[i] === undefined ? name : print(found.names[i].of);
      return `${shown} = ${Number((start + at * along).toPrecision(6))}`;
    });
    const where = `${values.slice(0, 6).join(", ")}${values.length > 6 ? ", …" : ""}`;
    throw problem(
      code,
      `the equation of ${print(leftSide(equation))} jumps, from ${sides.left.value.toPrecision(6)} to ${sides.right.value.toPrecision(6)} at ${where}`,
      "a jump has no derivative; write a formula whose pieces meet",
    );
  }
  continuous.add(key);
}

function canJump(node: Expr): boolean {
  const v = view(node);
  return v.kind === "choose" || (v.kind === "call" && v.name === "sign");
}

/** A place on a line at which a tie is met. */
export interface Meeting {
  readonly line: Line;
  readonly at: number;
  readonly sides: Sides;
}

/** Where random lines meet ties of a formula, looked at from both sides. */
export function* meetings(
  { formula, names }: Spelled,
  functions: readonly ScalarFunction[],
  ties: readonly Expr[],
): Generator<Meeting> {
  if (names.every(({ isFixed }) => isFixed)) return;
  const random = seeded(1);
  const scan = Array.from({ length: 2 * halfScan + 1 }, (_, i) => (i - halfScan) / (halfScan / 2));
  for (const scale of scalesOf(formula))
    for (let i = 0; i < linesOfScale; i++) {
      const line = randomLine(names, scale, i, functions, random);
      for (const tie of ties)
        for (const at of rootsOf(tie, line, scan)) {
          // Outside of the domain there is nothing to look at.
          if (!Number.isFinite(doubles(formula, line, [at + beside])[0])) continue;
          yield { line, at, sides: sidesOf(formula, line, at, beside) };
        }
    }
}

/** 1 and what lies around it, and the constants of the formula. */
function scalesOf(formula: Expr): readonly number[] {
  const scales = new Set([1, 0.1, 10]);
  some(formula, (node) => {
    const v = view(node);
    const size = v.kind === "number" ? Math.abs(toNumber(v.value)) : 0;
    if (scales.size < 10 && (size > 10 || (size > 0 && size < 0.1))) scales.add(size);
    return false;
  });
  return [...scales];
}

/** Every other line moves one coordinate alone, as far as there are some. */
function randomLine(
  names: Spelled["names"],
  scale: number,
  nth: number,
  functions: readonly ScalarFunction[],
  random: Random,
): Line {
  const free = names.filter(({ isFixed }) => !isFixed);
  const alone = nth % 2 === 0 ? null : free[random.whole(0, free.length - 1)];
  const coordinates = names.map((entry) => {
    const at = scale * random.real(-1, 1);
    const along = scale * random.real(-1, 1);
    const moves = !entry.isFixed && (alone === null || alone === entry);
    return { name: entry.name, at, along: moves ? (alone === null ? along : scale) : 0 };
  });
  return { coordinates, functions };
}
