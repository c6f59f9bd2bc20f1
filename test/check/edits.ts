import { ts } from "ts-morph";

/** A mechanical change of a source, as by a slip of the hand. */
export interface Edit {
  readonly what: string;
  readonly line: number;
  readonly source: string;
}

interface Change {
  readonly what: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const operators: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.PlusToken, "-"],
  [ts.SyntaxKind.MinusToken, "+"],
  [ts.SyntaxKind.AsteriskToken, "/"],
  [ts.SyntaxKind.SlashToken, "*"],
  [ts.SyntaxKind.PlusEqualsToken, "="],
  [ts.SyntaxKind.MinusEqualsToken, "+="],
  [ts.SyntaxKind.AsteriskEqualsToken, "="],
  [ts.SyntaxKind.LessThanToken, "<="],
]);

/** Every edit of one operator, index, factor, bound, number or statement, in the order of the source. */
export function editsOf(source: string): readonly Edit[] {
  const file = ts.createSourceFile("source.ts", source, ts.ScriptTarget.ES2022, true);
  const changes: Change[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    changes.push(...changesAt(node, file));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return changes.map(({ what, start, end, text }) => ({
    what,
    line: file.getLineAndCharacterOfPosition(start).line + 1,
    source: `${source.slice(0, start)}${text}${source.slice(end)}`,
  }));
}

function changesAt(node: ts.Node, file: ts.SourceFile): readonly Change[] {
  const textOf = (n: ts.Node): string => n.getText(file);
  const replace = (n: ts.Node, text: string, what: string): Change => ({
    what: `${what}: ${textOf(n).slice(0, 60)} → ${text.slice(0, 60)}`,
    start: n.getStart(file),
    end: n.getEnd(),
    text,
  });
  if (ts.isBinaryExpression(node)) return binaryChanges(node, replace, textOf);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken)
    return [replace(node, `(${textOf(node.operand)})`, "sign")];
  if (ts.isNumericLiteral(node) && !ts.isPropertyAssignment(node.parent))
    return [replace(node, String(Number(node.text) + 1), "number")];
  if (ts.isElementAccessExpression(node) && ts.isElementAccessExpression(node.expression)) {
    const [outer, inner] = [node.argumentExpression, node.expression.argumentExpression];
    const [a, b] = [textOf(inner), textOf(outer)];
    return a === b ? [] : [replace(node, `${textOf(node.expression.expression)}[${b}][${a}]`, "indices swapped")];
  }
  if (ts.isElementAccessExpression(node) && ts.isIdentifier(node.argumentExpression)) {
    const other = otherIndex(node, textOf(node.argumentExpression));
    return other === null ? [] : [replace(node.argumentExpression, other, "index")];
  }
  return ts.isExpressionStatement(node) && ts.isBinaryExpression(node.expression)
    ? [replace(node, ";", "statement dropped")]
    : [];
}

function binaryChanges(
  { left, right, operatorToken }: ts.BinaryExpression,
  replace: (n: ts.Node, text: string, what: string) => Change,
  textOf: (n: ts.Node) => string,
): readonly Change[] {
  const operator = operators.get(operatorToken.kind);
  if (operator === undefined) return [];
  const isArithmetic = /^[-+*/]$/.test(textOf(operatorToken));
  const isLoopBound = operatorToken.kind === ts.SyntaxKind.LessThanToken;
  return [
    replace(operatorToken, operator, "operator"),
    ...(isArithmetic ? [replace(left.parent, `(${textOf(left)})`, "right part dropped")] : []),
    ...(isArithmetic ? [replace(left.parent, `(${textOf(right)})`, "left part dropped")] : []),
    ...(isLoopBound ? [replace(right, `${textOf(right)} - 1`, "bound")] : []),
  ];
}

/** Another loop variable or parameter of an arrow function around, such as one could have meant. */
function otherIndex(node: ts.Node, own: string): string | null {
  for (let at: ts.Node = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (!ts.isForStatement(at) || at.initializer === undefined || !ts.isVariableDeclarationList(at.initializer))
      continue;
    const [declaration] = at.initializer.declarations;
    const name = declaration?.name.getText();
    if (name !== undefined && name !== own) return name;
  }
  return null;
}
