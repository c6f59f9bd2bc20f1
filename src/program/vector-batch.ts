import { procedureOf, type Program, type Statement } from "./program.ts";

/** Loops with one more procedure, `accumulate`: like `backward`, but it adds to `gradient`. */
export function withAccumulate(loops: Program): Program {
  const backward = procedureOf(loops, "backward");
  const accumulate = { ...backward, name: "accumulate", statements: backward.statements.map(adding) };
  return { ...loops, procedures: [...loops.procedures, accumulate] };
}

function adding(statement: Statement): Statement {
  if (statement.kind === "loop") return { ...statement, body: statement.body.map(adding) };
  if (statement.kind !== "store" || statement.array !== "gradient") return statement;
  const { array, at, value } = statement;
  return { ...statement, value: { kind: "operation", operator: "+", left: { kind: "load", array, at }, right: value } };
}
