import { procedureOf, valuesOf, visitStatements, visitValue, type Program } from "./program.ts";

/** Scalar operations of one run of a procedure. */
export interface OperationCount {
  readonly multiplications: number;
  readonly additions: number;
  readonly divisions: number;
  readonly functions: number;
}

/** Counts operations from the program itself; additions include subtractions and negations. */
export function countOperations(program: Program, procedure: string): OperationCount {
  const total = { multiplications: 0, additions: 0, divisions: 0, functions: 0 };
  const counted = { "*": "multiplications", "+": "additions", "-": "additions", "/": "divisions" } as const;
  visitStatements(procedureOf(program, procedure).statements, (statement, trips) => {
    if (statement.kind === "run") {
      const inner = countOperations(program, statement.procedure);
      for (const key of Object.keys(total) as (keyof OperationCount)[]) total[key] += inner[key] * trips;
    }
    if (statement.kind === "add") total.additions += trips;
    for (const root of valuesOf(statement)) {
      visitValue(root, (value) => {
        if (value.kind === "operation") total[counted[value.operator]] += trips;
        if (value.kind === "negate") total.additions += trips;
        if (value.kind === "call") total.functions += trips;
      });
    }
  });
  return total;
}
