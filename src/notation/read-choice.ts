import { choose, print, type Expr, type Relation } from "../expression/index.ts";
import type { Reading } from "./read-names.ts";

/**
 * Two values with their conditions, `\begin{cases} z & z > 0 \cr 0 & z \le 0 \end{cases}`: the second
 * holds where the first does not.
 */
export function choice(reading: Reading): Expr {
  const { cursor, expression } = reading;
  cursor.expect("\\begin{cases}");
  const then = expression();
  cursor.expect("&");
  const first = comparison(reading);
  cursor.expect("\\cr");
  const otherwise = expression();
  cursor.expect("&");
  const where = cursor.peek();
  const second = comparison(reading);
  if (print(first.left) !== print(second.left) || print(first.right) !== print(second.right))
    throw cursor.unexpected("a comparison of what is compared above", where);
  if (second.relation !== oppositeOf[first.relation]) throw cursor.unexpected(`the opposite of ${first.mark}`, where);
  cursor.expect("\\end{cases}");
  return choose(first.left, first.relation, first.right, then, otherwise);
}

interface Comparison {
  readonly left: Expr;
  readonly relation: Relation;
  readonly mark: string;
  readonly right: Expr;
}

const relationOf: Readonly<Record<string, Relation>> = { ">": ">", "\\ge": ">=", "<": "<", "\\le": "<=" };
const oppositeOf = { ">": "<=", ">=": "<", "<": ">=", "<=": ">" } as const satisfies Record<Relation, Relation>;

function comparison({ cursor, expression }: Reading): Comparison {
  const left = expression();
  const mark = cursor.peek().text;
  const relation = relationOf[mark];
  if (relation === undefined) throw cursor.unexpected("a comparison");
  cursor.take();
  return { left, relation, mark, right: expression() };
}
