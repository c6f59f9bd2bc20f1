import {
  inlined,
  procedureOf,
  valuesOf,
  visitStatements,
  visitValue,
  type Program,
  type Statement,
} from "./program.ts";

/** Scalar operations of one run of a procedure. */
export interface OperationCount {
  readonly multiplications: number;
  readonly additions: number;
  readonly divisions: number;
  readonly functions: number;
}

/** Counts operations from the program itself; additions include subtractions, negations and comparisons; of a choice both branches count. */
export const countOperations = (program: Program, procedure: string): OperationCount =>
  countIn(program, procedureOf(program, procedure).statements);

/** The forward pass and the loss: what `backward` computes before it comes to the first adjoint. */
export function countLoss(program: Program): OperationCount {
  const statements = inlined(program, procedureOf(program, "backward").statements);
  const ofBackward = new Set(program.task.backward.map(({ comment }) => comment));
  const first = statements.findIndex((s) => s.kind === "comment" && ofBackward.has(s.text));
  return countIn(program, statements.slice(0, first < 0 ? undefined : first));
}

function countIn(program: Program, statements: readonly Statement[]): OperationCount {
  const total = { multiplications: 0, additions: 0, divisions: 0, functions: 0 };
  const counted = { "*": "multiplications", "+": "additions", "-": "additions", "/": "divisions" } as const;
  visitStatements(statements, (statement, trips) => {
    if (statement.kind === "run") {
      const inner = countOperations(program, statement.procedure);
      for (const key of Object.keys(total) as (keyof OperationCount)[]) total[key] += inner[key] * trips;
    }
    if (statement.kind === "add" || statement.kind === "raise") total.additions += trips;
    for (const root of valuesOf(statement)) {
      visitValue(root, (value) => {
        if (value.kind === "operation") total[counted[value.operator]] += trips;
        if (value.kind === "negate" || value.kind === "choose") total.additions += trips;
        if (value.kind === "call" && value.args.length > 0) total.functions += trips;
      });
    }
  });
  return total;
}
