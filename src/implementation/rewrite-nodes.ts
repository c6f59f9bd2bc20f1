import { ts } from "ts-morph";
import { runtimeName, type Runtime } from "./recorded-runtime.ts";
import type { Site } from "./recording.ts";

const { SyntaxKind: Kind } = ts;

/** How the nodes of a kind are written anew. */
export type Row = (scope: Scope, node: ts.Node) => string;
export type Rows = Readonly<Partial<Record<ts.SyntaxKind, Row>>>;

/** One source as it is being rewritten. */
export interface Scope {
  readonly source: ts.SourceFile;
  readonly file: string;
  readonly sites: Site[];
  readonly rows: Rows;
}

/** The text of a node with everything in it rewritten. */
export function visit(scope: Scope, node: ts.Node): string {
  const row = scope.rows[node.kind];
  if (row !== undefined) return row(scope, node);
  return isKept(node) ? verbatim(scope, node) : copy(scope, node);
}

/** The text of a node with its children as `write` gives them. */
export function copy(
  scope: Scope,
  node: ts.Node,
  write: (child: ts.Node) => string = (child) => visit(scope, child),
): string {
  const { text } = scope.source;
  let at = startOf(scope, node);
  let written = "";
  ts.forEachChild(node, (child) => {
    written = joined(written + text.slice(at, startOf(scope, child)), write(child));
    at = child.end;
  });
  return written + text.slice(at, node.end);
}

/** Puts a space between what would read as one word, as where `return-x` becomes a call. */
const joined = (before: string, after: string): string =>
  /[\w$]/.test(before.slice(-1)) && /[\w$]/.test(after.slice(0, 1)) ? `${before} ${after}` : before + after;

export const verbatim = (scope: Scope, node: ts.Node): string =>
  scope.source.text.slice(startOf(scope, node), node.end);

// What stands before the first statement, as a hash-bang or a pragma, belongs to the file.
const startOf = ({ source }: Scope, node: ts.Node): number => (node === source ? 0 : node.getStart(source));

/** Types, and what is evaluated when the source is compiled. */
const isKept = (node: ts.Node): boolean =>
  ts.isTypeNode(node) ||
  ts.isTypeParameterDeclaration(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isEnumDeclaration(node) ||
  ts.isDecorator(node) ||
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node);

/** A call of the runtime, which is told the place of `node`. */
export const call = (
  scope: Scope,
  name: Exclude<keyof Runtime, "last">,
  node: ts.Node | null,
  ...args: readonly string[]
): string => `${runtimeName}.${name}(${[...args, ...(node === null ? [] : [String(siteOf(scope, node))])].join(", ")})`;

export const last = `${runtimeName}.${"last" satisfies keyof Runtime}`;

function siteOf({ source, file, sites }: Scope, node: ts.Node): number {
  const start = source.getLineAndCharacterOfPosition(node.getStart(source));
  const end = source.getLineAndCharacterOfPosition(node.end);
  const site: Site = {
    file,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
  return sites.push(site) - 1;
}

export function skipParentheses(node: ts.Node): ts.Node {
  return ts.isParenthesizedExpression(node) ? skipParentheses(node.expression) : node;
}

/** Where only the truth of a node counts. */
export function condition(scope: Scope, node: ts.Node): string {
  if (isBoolean(node)) return visit(scope, node);
  if (ts.isParenthesizedExpression(node) || isJunction(node))
    return copy(scope, node, (child) => (ts.isExpression(child) ? condition(scope, child) : verbatim(scope, child)));
  return call(scope, "truthy", node, argument(scope, node));
}

/** A node as one argument, which a comma in it would make two. */
export function argument(scope: Scope, node: ts.Node): string {
  const isList = ts.isBinaryExpression(node) && node.operatorToken.kind === Kind.CommaToken;
  return isList ? `(${visit(scope, node)})` : visit(scope, node);
}

const isJunction = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) &&
  (node.operatorToken.kind === Kind.AmpersandAmpersandToken || node.operatorToken.kind === Kind.BarBarToken);

const booleanOperators = new Set<ts.SyntaxKind>([
  Kind.LessThanToken,
  Kind.LessThanEqualsToken,
  Kind.GreaterThanToken,
  Kind.GreaterThanEqualsToken,
  Kind.EqualsEqualsToken,
  Kind.ExclamationEqualsToken,
  Kind.EqualsEqualsEqualsToken,
  Kind.ExclamationEqualsEqualsToken,
  Kind.InKeyword,
  Kind.InstanceOfKeyword,
]);

/** Is the value of a node true or false, whatever it is made of? */
function isBoolean(node: ts.Node): boolean {
  const inner = skipParentheses(node);
  if (isJunction(inner)) return isBoolean(inner.left) && isBoolean(inner.right);
  if (ts.isBinaryExpression(inner)) return booleanOperators.has(inner.operatorToken.kind);
  if (ts.isPrefixUnaryExpression(inner)) return inner.operator === Kind.ExclamationToken;
  return inner.kind === Kind.TrueKeyword || inner.kind === Kind.FalseKeyword;
}

const neverNumbers = new Set<ts.SyntaxKind>([
  Kind.StringLiteral,
  Kind.NoSubstitutionTemplateLiteral,
  Kind.TemplateExpression,
  Kind.RegularExpressionLiteral,
  Kind.NullKeyword,
  Kind.ObjectLiteralExpression,
  Kind.ArrayLiteralExpression,
  Kind.FunctionExpression,
  Kind.ArrowFunction,
  Kind.ClassExpression,
  Kind.NewExpression,
  Kind.TypeOfExpression,
  Kind.VoidExpression,
]);

/** Does the form of a node say that its value is no number? */
export function isNeverNumber(node: ts.Node): boolean {
  const inner = skipParentheses(node);
  return isBoolean(inner) || neverNumbers.has(inner.kind) || isNothing(inner);
}

export const isNothing = (node: ts.Node): boolean =>
  node.kind === Kind.NullKeyword || (ts.isIdentifier(node) && node.text === "undefined");
export const isText = (node: ts.Node): boolean => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
export const isLiteral = (node: ts.Node): boolean =>
  ts.isNumericLiteral(node) || ts.isBigIntLiteral(node) || isText(node);
