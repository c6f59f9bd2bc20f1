import { wholeNumber } from "../exact/index.ts";
import { variableKey } from "../equations/index.ts";
import type { Network } from "../network/index.ts";
import { countParameters } from "../network/index.ts";
import { gradientEquations, type Assignment, type GradientEquations } from "./gradient-equations.ts";
import { codeName } from "./lower.ts";
import { loops, variablesIn } from "./loops.ts";
import {
  backwardArrays,
  forwardArrays,
  loop,
  visitStatements,
  type Procedure,
  type Program,
  type Statement,
  type Strategy,
} from "./program.ts";
import { split } from "./split.ts";
import { unroll } from "./unroll.ts";

/** Straight-line code is the faster up to about this many parameters (measured; see the benchmark). */
const mostUnrolledParameters = 300;

/** The strategy that `auto` stands for. */
export const chooseStrategy = (network: Network): Strategy =>
  countParameters(network) <= mostUnrolledParameters ? "unrolled" : "tiled";

/**
 * The program of a network: `forward(theta, x, output)` and `backward(theta, x, y, gradient)`, which returns
 * J. Both come from the forward equations and the adjoint equations derived from them.
 */
export function buildProgram(network: Network, strategy: Strategy = chooseStrategy(network)): Program {
  const equations = gradientEquations(network);
  const parts = strategy === "unrolled" ? unrolledProcedures(equations) : tiledProcedures(equations);
  return { network, strategy, layout: equations.layout, parameterCount: countParameters(network), ...parts };
}

function unrolledProcedures(equations: GradientEquations): Pick<Program, "procedures" | "scratch"> {
  const { forward, objective, backward, layout, network } = equations;
  const outputKey = `a${network.sizes.length}`;
  const forwardStatements = unroll(equations, forward, ({ variable }, at) =>
    variableKey(variable) === outputKey ? { array: "output", at } : null,
  );
  const backwardStatements = unroll(equations, [...forward, objective, ...backward], ({ gradientOf }, at) => {
    const placement = gradientOf === null ? undefined : layout.find((p) => p.name === variableKey(gradientOf));
    return placement === undefined ? null : { array: "gradient", at: placement.offset + at };
  });
  const objectiveName = codeName(objective.variable);
  const forwardParts = split({ name: "forward", arrays: forwardArrays, statements: forwardStatements, result: null });
  const backwardParts = split({
    name: "backward",
    arrays: backwardArrays,
    statements: backwardStatements,
    result: { kind: "local", name: objectiveName },
  });
  const length = Math.max(forwardParts.scratch, backwardParts.scratch);
  return {
    procedures: [...forwardParts.procedures, ...backwardParts.procedures],
    scratch: length === 0 ? [] : [{ name: "scratch", length }],
  };
}

function tiledProcedures(equations: GradientEquations): Pick<Program, "procedures" | "scratch"> {
  const { forward, objective, backward, network } = equations;
  const output = forward.at(-1) as Assignment;
  const readBack = [objective, ...backward].flatMap((a) => [...variablesIn(a.value)]);
  const propagate: Procedure = {
    name: "propagate",
    arrays: ["theta", "x"],
    statements: loops(equations, forward, new Set([...readBack, variableKey(output.variable)])),
    result: null,
  };
  const outputs = network.sizes.at(-1) as number;
  const each = { constant: 0, terms: [{ index: "j", scale: 1 }] };
  const copy = loop("j", outputs, [
    { kind: "store", array: "output", at: each, value: { kind: "load", array: codeName(output.variable), at: each } },
  ]);
  const run: Statement = { kind: "run", procedure: "propagate" };
  const procedures: Procedure[] = [
    propagate,
    { name: "forward", arrays: forwardArrays, statements: [run, copy], result: null },
    {
      name: "backward",
      arrays: backwardArrays,
      statements: [run, ...loops(equations, [objective, ...backward], new Set())],
      result: { kind: "local", name: codeName(objective.variable) },
    },
  ];
  const stored = new Set<string>();
  for (const { statements } of procedures)
    visitStatements(statements, (s) => s.kind === "store" && stored.add(s.array));
  const scratch = [...forward, ...backward]
    .filter((a) => a.gradientOf === null && stored.has(codeName(a.variable)))
    .map((a) => ({
      name: codeName(a.variable),
      length: a.ranges.map(({ size }) => wholeNumber(size)).reduce((x, y) => x * y, 1),
    }));
  return { procedures, scratch };
}
