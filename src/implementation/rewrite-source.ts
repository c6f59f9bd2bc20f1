import { ts } from "ts-morph";
import {
  argument,
  call,
  condition,
  copy,
  isLiteral,
  isNeverNumber,
  visit,
  type Row,
  type Rows,
  type Scope,
} from "./rewrite-nodes.ts";
import { asRecorded, ownExp } from "./rewrite-exp.ts";
import { binary, postfix, prefix, typeOf, unused } from "./rewrite-operators.ts";
import type { Site } from "./recording.ts";

const { SyntaxKind: Kind } = ts;

/**
 * The source with its operators and conditions replaced by calls, and still TypeScript where it was; unchanged where
 * it does not parse. The places that the calls name are added to `sites`.
 */
export function rewriteSource(text: string, loader: string, file: string, sites: Site[]): string {
  const kind = scriptKinds[loader] ?? ts.ScriptKind.TS;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, false, kind);
  const { parseDiagnostics } = source as unknown as { readonly parseDiagnostics: readonly unknown[] };
  if (parseDiagnostics.length > 0) return text;
  try {
    const scope = { source, file, sites, rows };
    const exp = ownExp(source);
    if (exp === null) return copy(scope, source);
    return copy(scope, source, (child) => {
      if (!exp.includes(child)) return visit(scope, child);
      return child === exp[0] ? asRecorded(source, exp) : "";
    });
  } catch (error) {
    // Expressions nested too deeply to walk.
    if (error instanceof RangeError) return text;
    throw error;
  }
}

const scriptKinds: Readonly<Record<string, ts.ScriptKind>> = {
  ts: ts.ScriptKind.TS,
  tsx: ts.ScriptKind.TSX,
  js: ts.ScriptKind.JSX,
  jsx: ts.ScriptKind.JSX,
};

/** The one child written in a way of its own. */
const withChild = (
  scope: Scope,
  node: ts.Node,
  special: ts.Node | undefined,
  write: (scope: Scope, child: ts.Node) => string,
): string => copy(scope, node, (child) => (child === special ? write(scope, child) : visit(scope, child)));

const onExpression: Row = (scope, node) => withChild(scope, node, (node as ts.IfStatement).expression, condition);

/** What a switch compares, which it does with the language's own ===. */
const compared: Row = (scope, node) =>
  withChild(scope, node, (node as ts.CaseClause).expression, (_, child) =>
    isLiteral(child) || isNeverNumber(child)
      ? visit(scope, child)
      : call(scope, "plain", child, argument(scope, child)),
  );

/** Functions whose place matters: they record an operation, or end the record. */
const noted = new Set([
  ...Object.getOwnPropertyNames(Math),
  ...["Boolean", "Number", "isFinite", "isInteger", "isNaN", "isSafeInteger", "parseFloat", "parseInt"],
]);

function calledName({ expression }: ts.CallExpression): string | null {
  if (ts.isIdentifier(expression)) return expression.text;
  const isStatic =
    ts.isPropertyAccessExpression(expression) &&
    ts.isIdentifier(expression.expression) &&
    (expression.expression.text === "Math" || expression.expression.text === "Number");
  return isStatic ? expression.name.text : null;
}

const rows: Rows = {
  [Kind.BinaryExpression]: (scope, node) => binary(scope, node as ts.BinaryExpression),
  [Kind.PrefixUnaryExpression]: (scope, node) => prefix(scope, node as ts.PrefixUnaryExpression),
  [Kind.PostfixUnaryExpression]: (scope, node) => postfix(scope, node as ts.PostfixUnaryExpression),
  [Kind.TypeOfExpression]: (scope, node) => typeOf(scope, node as ts.TypeOfExpression),
  [Kind.IfStatement]: onExpression,
  [Kind.WhileStatement]: onExpression,
  [Kind.DoStatement]: onExpression,
  [Kind.ConditionalExpression]: (scope, node) =>
    withChild(scope, node, (node as ts.ConditionalExpression).condition, condition),
  [Kind.ForStatement]: (scope, node) => {
    const { condition: test, incrementor, initializer } = node as ts.ForStatement;
    return copy(scope, node, (child) => {
      if (child === test) return condition(scope, child);
      return child === incrementor || child === initializer ? unused(scope, child) : visit(scope, child);
    });
  },
  [Kind.ExpressionStatement]: (scope, node) =>
    withChild(scope, node, (node as ts.ExpressionStatement).expression, unused),
  [Kind.SwitchStatement]: compared,
  [Kind.CaseClause]: compared,
  [Kind.ElementAccessExpression]: (scope, node) =>
    withChild(scope, node, (node as ts.ElementAccessExpression).argumentExpression, (_, child) =>
      isLiteral(child) ? visit(scope, child) : call(scope, "key", child, argument(scope, child)),
    ),
  [Kind.CallExpression]: (scope, node) => {
    const called = node as ts.CallExpression;
    const lastArgument = noted.has(calledName(called) ?? "") ? called.arguments.at(-1) : undefined;
    // It has no value, but is evaluated after the arguments.
    const mark = (): string => `, ...${call(scope, "at", node)}`;
    return withChild(scope, node, lastArgument, (_, child) => visit(scope, child) + mark());
  },
  // Of a class's heritage, where it is no type.
  [Kind.ExpressionWithTypeArguments]: (scope, node) => copy(scope, node),
};
