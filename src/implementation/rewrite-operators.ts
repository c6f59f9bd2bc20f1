import { ts } from "ts-morph";
import {
  argument,
  call,
  condition,
  copy,
  isLiteral,
  isNeverNumber,
  isNothing,
  isText,
  last,
  skipParentheses,
  visit,
  type Scope,
} from "./rewrite-nodes.ts";
import type { Runtime } from "./recorded-runtime.ts";

const { SyntaxKind: Kind } = ts;

type Name = Exclude<keyof Runtime, "last">;
type Names = Readonly<Partial<Record<ts.SyntaxKind, Name>>>;

const operators: Names = {
  [Kind.PlusToken]: "add",
  [Kind.MinusToken]: "subtract",
  [Kind.AsteriskToken]: "multiply",
  [Kind.SlashToken]: "divide",
  [Kind.PercentToken]: "remainder",
  [Kind.AsteriskAsteriskToken]: "power",
  [Kind.LessThanToken]: "less",
  [Kind.LessThanEqualsToken]: "lessOrEqual",
  [Kind.GreaterThanToken]: "greater",
  [Kind.GreaterThanEqualsToken]: "greaterOrEqual",
  [Kind.EqualsEqualsToken]: "equal",
  [Kind.ExclamationEqualsToken]: "unequal",
  [Kind.EqualsEqualsEqualsToken]: "same",
  [Kind.ExclamationEqualsEqualsToken]: "different",
};

/** Compound assignments: the operation, and the same on a member that is read only once. */
const compounds: Readonly<Partial<Record<ts.SyntaxKind, readonly [Name, Name]>>> = {
  [Kind.PlusEqualsToken]: ["add", "addTo"],
  [Kind.MinusEqualsToken]: ["subtract", "subtractFrom"],
  [Kind.AsteriskEqualsToken]: ["multiply", "multiplyBy"],
  [Kind.SlashEqualsToken]: ["divide", "divideBy"],
  [Kind.PercentEqualsToken]: ["remainder", "remainderBy"],
  [Kind.AsteriskAsteriskEqualsToken]: ["power", "powerBy"],
};

const choices: Names = {
  [Kind.AmpersandAmpersandToken]: "falsy",
  [Kind.BarBarToken]: "chosen",
  [Kind.AmpersandAmpersandEqualsToken]: "falsy",
  [Kind.BarBarEqualsToken]: "chosen",
};

const logicalAssignments = new Set<ts.SyntaxKind>([Kind.AmpersandAmpersandEqualsToken, Kind.BarBarEqualsToken]);

const bitOperators = new Set<ts.SyntaxKind>([
  Kind.AmpersandToken,
  Kind.BarToken,
  Kind.CaretToken,
  Kind.LessThanLessThanToken,
  Kind.GreaterThanGreaterThanToken,
  Kind.GreaterThanGreaterThanGreaterThanToken,
]);
const bitAssignments = new Set<ts.SyntaxKind>([
  Kind.AmpersandEqualsToken,
  Kind.BarEqualsToken,
  Kind.CaretEqualsToken,
  Kind.LessThanLessThanEqualsToken,
  Kind.GreaterThanGreaterThanEqualsToken,
  Kind.GreaterThanGreaterThanGreaterThanEqualsToken,
]);

export function binary(scope: Scope, node: ts.BinaryExpression): string {
  const { left, right, operatorToken } = node;
  const { kind } = operatorToken;
  const operator = operators[kind];
  if (operator !== undefined)
    return isLeft(node)
      ? copy(scope, node, comparedType(scope, node))
      : call(scope, operator, node, visit(scope, left), visit(scope, right));
  const compound = compounds[kind];
  if (compound !== undefined) return assignment(scope, node, left, compound, visit(scope, right));
  const choice = choices[kind];
  if (choice !== undefined) return chosen(scope, node, choice);
  if (bitOperators.has(kind))
    return copy(scope, node, (child) =>
      child === operatorToken ? operatorToken.getText(scope.source) : bits(scope, child),
    );
  if (bitAssignments.has(kind))
    return copy(scope, node, (child) => (child === right ? bits(scope, child) : visit(scope, child)));
  if (kind === Kind.CommaToken)
    return copy(scope, node, (child) => (child === left ? unused(scope, child) : visit(scope, child)));
  return copy(scope, node);
}

/** Is the operator one that recorded numbers leave as it is, by the form of its operands? */
function isLeft({ left, right, operatorToken: { kind } }: ts.BinaryExpression): boolean {
  if (kind === Kind.PlusToken) return isText(left) && isText(right);
  if (kind === Kind.EqualsEqualsEqualsToken || kind === Kind.ExclamationEqualsEqualsToken)
    return isNeverNumber(left) || isNeverNumber(right);
  if (kind === Kind.EqualsEqualsToken || kind === Kind.ExclamationEqualsToken)
    return isNothing(left) || isNothing(right) || (isNeverNumber(left) && isNeverNumber(right));
  return false;
}

/** `typeof x === "undefined"` stays as it is: a recorded number is none of what is asked, and bundlers know it. */
const comparedType =
  (scope: Scope, { left, right }: ts.BinaryExpression) =>
  (child: ts.Node): string => {
    const other = child === left ? right : left;
    const isOther = ts.isStringLiteralLike(other) && other.text !== "number" && other.text !== "object";
    return ts.isTypeOfExpression(child) && isOther ? copy(scope, child) : visit(scope, child);
  };

const bits = (scope: Scope, node: ts.Node): string =>
  isLiteral(node) ? visit(scope, node) : call(scope, "bits", node, visit(scope, node));

/** `a && b`, `a || b` and their assignments, of which a 0 that is recorded decides like any other. */
function chosen(scope: Scope, node: ts.BinaryExpression, name: Name): string {
  const { left, right, operatorToken } = node;
  const isAssignment = logicalAssignments.has(operatorToken.kind);
  if (isAssignment ? hasEffects(left) : isNeverNumber(left)) return copy(scope, node);
  const first = visit(scope, left);
  const second = visit(scope, right);
  const question = call(scope, name, left, first);
  return call(scope, "is", null, `${question} ? ${last} : ${isAssignment ? `(${first} = ${second})` : second}`);
}

/** May evaluating a target twice do more than evaluating it once? */
function hasEffects(target: ts.Node): boolean {
  const inner = skipTarget(target);
  if (ts.isPropertyAccessExpression(inner)) return hasEffects(inner.expression);
  if (ts.isElementAccessExpression(inner)) return hasEffects(inner.expression) || hasEffects(inner.argumentExpression);
  return !(isName(inner) || isLiteral(inner));
}

const isName = (node: ts.Node): boolean =>
  ts.isIdentifier(node) || node.kind === Kind.ThisKeyword || node.kind === Kind.SuperKeyword;

function skipTarget(node: ts.Node): ts.Node {
  const isWrapped =
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isSatisfiesExpression(node);
  return isWrapped ? skipTarget(node.expression) : node;
}

/** `target op= operand`; a target that is more than a name and a member of it is evaluated once. */
function assignment(
  scope: Scope,
  node: ts.Node,
  target: ts.Node,
  [operation, change]: readonly [Name, Name],
  ...operand: readonly string[]
): string {
  const member = memberOf(scope, target);
  if (member !== null) return call(scope, change, node, member, ...operand);
  const written = visit(scope, target);
  return `${written} = ${call(scope, operation, node, written, ...operand)}`;
}

/** The reference to a member whose object or key is itself computed; null where writing it twice does no harm. */
function memberOf(scope: Scope, target: ts.Node): string | null {
  const inner = skipTarget(target);
  if (ts.isPropertyAccessExpression(inner)) {
    // A private name cannot be a key; what holds it is then evaluated twice.
    if (isName(inner.expression) || ts.isPrivateIdentifier(inner.name)) return null;
    return call(scope, "reference", inner, visit(scope, inner.expression), JSON.stringify(inner.name.text));
  }
  if (!ts.isElementAccessExpression(inner) || inner.expression.kind === Kind.SuperKeyword) return null;
  const { expression, argumentExpression } = inner;
  if (isName(expression) && (isName(argumentExpression) || isLiteral(argumentExpression))) return null;
  return call(scope, "reference", inner, visit(scope, expression), argument(scope, argumentExpression));
}

const steps = {
  [Kind.PlusPlusToken]: { operation: "increment", before: "incrementIn", after: "incrementAfter" },
  [Kind.MinusMinusToken]: { operation: "decrement", before: "decrementIn", after: "decrementAfter" },
} as const satisfies Record<ts.PostfixUnaryOperator, Readonly<Record<string, Name>>>;

export function prefix(scope: Scope, node: ts.PrefixUnaryExpression): string {
  const { operator, operand } = node;
  switch (operator) {
    case Kind.PlusPlusToken:
    case Kind.MinusMinusToken:
      return call(scope, "is", null, step(scope, node, operand, operator));
    case Kind.ExclamationToken:
      return `!${condition(scope, operand)}`;
    case Kind.TildeToken:
      return `~${bits(scope, operand)}`;
    case Kind.MinusToken:
      return isLiteral(operand) ? copy(scope, node) : call(scope, "negate", node, visit(scope, operand));
    case Kind.PlusToken:
      return isLiteral(operand) ? copy(scope, node) : call(scope, "plus", node, visit(scope, operand));
  }
}

export function postfix(scope: Scope, node: ts.PostfixUnaryExpression): string {
  const { operator, operand } = node;
  const member = memberOf(scope, operand);
  if (member !== null) return call(scope, steps[operator].after, node, member);
  return call(scope, "first", null, visit(scope, operand), step(scope, node, operand, operator));
}

const step = (scope: Scope, node: ts.Node, target: ts.Node, operator: ts.PostfixUnaryOperator): string =>
  assignment(scope, node, target, [steps[operator].operation, steps[operator].before]);

/** A node whose value nobody asks for. */
export function unused(scope: Scope, node: ts.Node): string {
  const isStep =
    ts.isPostfixUnaryExpression(node) ||
    (ts.isPrefixUnaryExpression(node) &&
      (node.operator === Kind.PlusPlusToken || node.operator === Kind.MinusMinusToken));
  if (isStep) return step(scope, node, node.operand, node.operator as ts.PostfixUnaryOperator);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === Kind.CommaToken)
    return copy(scope, node, (child) => unused(scope, child));
  return visit(scope, node);
}

/** `typeof x`, which for a name that is not declared does not throw. */
export function typeOf(scope: Scope, { expression }: ts.TypeOfExpression): string {
  const inner = skipParentheses(expression);
  if (!ts.isIdentifier(inner)) return call(scope, "type", null, visit(scope, expression));
  const name = inner.text;
  return call(scope, "is", null, `typeof ${name} === "object" ? ${call(scope, "type", null, name)} : typeof ${name}`);
}
