import { view, type Expr } from "../expression/index.ts";
import type { Bounds, Formula, Link, Relation } from "./formula.ts";
import { cursorOver, type Cursor } from "./latex-tokens.ts";
import { readExpression, readFurtherSizes } from "./read-expression.ts";
import { isLayerExpression } from "./read-names.ts";
import { checkVocabulary, type Vocabulary } from "./vocabulary.ts";

/**
 * Reads a formula back from its LaTeX, by what is seen: the inverse of `typesetFormula(formula, latex)`, made
 * without it. What was checked are trees, what is read are glyphs; that the two say the same is checked here.
 *
 * Some formulas look alike and are read as the simpler kind: a chain of one relation, a countdown to where it
 * starts and bounds of one value are equalities or updates, a shape with one size is an expression.
 *
 * @throws Error with the position of the first thing that the notation does not have
 */
export function readLatex(text: string, vocabulary: Vocabulary): Formula {
  checkVocabulary(vocabulary);
  const cursor = cursorOver(text);
  const formula = readFormula(cursor, vocabulary);
  if (cursor.peek().kind !== "end") throw cursor.unexpected("the end of the formula");
  return formula;
}

const relations: Readonly<Record<string, Relation>> = { "=": "=", "\\approx": "≈", "\\leftarrow": "←" };

function readFormula(cursor: Cursor, vocabulary: Vocabulary): Formula {
  const expression = (): Expr => readExpression(cursor, vocabulary);
  const first = expression();
  if (cursor.at("\\times")) return { kind: "shape", sizes: readFurtherSizes(cursor, vocabulary, first) };
  if (cursor.at("\\le")) return { kind: "bounds", bounds: boundsFrom(first, cursor, expression) };
  const links: Link[] = [];
  for (let relation = relations[cursor.peek().text]; relation !== undefined; relation = relations[cursor.peek().text]) {
    cursor.take();
    links.push({ relation, expr: expression() });
  }
  const [link] = links;
  if (link === undefined) return { kind: "expression", expr: first };
  if (links.length > 1 || link.relation === "≈") return { kind: "chain", first, links };
  if (link.relation === "←") return { kind: "update", left: first, right: link.expr };
  if (cursor.at(",") && !cursor.at("\\quad", 1)) {
    cursor.expect(",");
    if (cursor.at("\\dots")) cursor.expect("\\dots", ",");
    return { kind: "countdown", index: first, from: link.expr, to: expression() };
  }
  return { kind: "equality", left: first, right: link.expr, ...conditions(cursor, expression) };
}

function boundsFrom(least: Expr, cursor: Cursor, expression: () => Expr): Bounds {
  cursor.expect("\\le");
  const where = cursor.peek();
  const index = expression();
  if (view(index).kind !== "symbol") throw cursor.unexpected("an index between its bounds", where);
  cursor.expect("\\le");
  return { least, index, most: expression() };
}

type Conditions = Pick<Extract<Formula, { kind: "equality" }>, "where" | "with">;

/** What follows an equality: at most one abbreviation, then bounds. */
function conditions(cursor: Cursor, expression: () => Expr): Conditions {
  const where: Bounds[] = [];
  let abbreviation: Conditions["with"];
  while (cursor.skip(",")) {
    cursor.expect("\\quad");
    const start = cursor.peek();
    const first = expression();
    if (cursor.at("\\le")) {
      where.push(boundsFrom(first, cursor, expression));
      continue;
    }
    cursor.expect("=");
    const value = expression();
    // An index at a layer or a number is the index at its only value; any other equation abbreviates.
    if (view(first).kind === "symbol" && isLayerExpression(value))
      where.push({ least: value, index: first, most: value });
    else if (abbreviation === undefined && where.length === 0) abbreviation = { left: first, right: value };
    else throw cursor.unexpected("bounds of an index", start);
  }
  return { ...(where.length === 0 ? {} : { where }), ...(abbreviation === undefined ? {} : { with: abbreviation }) };
}
