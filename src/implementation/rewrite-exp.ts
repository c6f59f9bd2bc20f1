import { ts } from "ts-morph";
import { expText } from "../emit/index.ts";
import { runtimeName, type Runtime } from "./recorded-runtime.ts";

/** Statements that follow each other at the top of a source. */
export type Block = readonly [ts.Node, ...ts.Node[]];

/**
 * The statements by which an emitted module has an exp of its own, with its tables: only if they are ours in all that
 * is run, and nothing else in the source can touch what it is made of. An edited copy is code like any other.
 */
export function ownExp(source: ts.SourceFile): Block | null {
  if (!source.text.includes("function exp(")) return null;
  const { ours, count, names } = (known ??= knowOurs());
  const start = source.statements.findIndex((s) => ts.isFunctionDeclaration(s) && s.name?.text === "exp");
  const [first, ...others] = source.statements.slice(start, start + count);
  if (start < 0 || first === undefined) return null;
  const block: Block = [first, ...others];
  if (block.map(shape).join() !== ours) return null;
  return source.statements.every((s) => block.includes(s) || leavesAlone(s, names)) ? block : null;
}

/** The block as a function whose calls are recorded as those of exp; what it computes with are plain numbers. */
export function asRecorded(source: ts.SourceFile, block: Block): string {
  const [first] = block;
  const text = source.text.slice(first.getStart(source), block.at(-1)?.end);
  const make = `(Float64Array, Int32Array) => { ${text} return exp; }`;
  return `const exp = ${runtimeName}.${"exponential" satisfies keyof Runtime}(${make});`;
}

interface Known {
  /** Its shape. */
  readonly ours: string;
  /** Of statements. */
  readonly count: number;
  /** What the block declares besides exp. */
  readonly names: ReadonlySet<string>;
}

// Not before it is needed: most sources have no such function.
let known: Known | null = null;

function knowOurs(): Known {
  const source = ts.createSourceFile("exp.ts", expText, ts.ScriptTarget.ESNext);
  const names = source.statements.flatMap((s) => {
    if (ts.isFunctionDeclaration(s)) return [s.name?.text ?? ""];
    return ts.isVariableStatement(s) ? s.declarationList.declarations.map(({ name }) => name.getText(source)) : [];
  });
  return {
    ours: source.statements.map(shape).join(),
    count: source.statements.length,
    names: new Set(names.filter((name) => name !== "exp")),
  };
}

/** The tree of what is run: without types, parentheses and layout. */
function shape(node: ts.Node): string {
  if (ts.isTypeNode(node)) return "";
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) return shape(node.expression);
  const parts: string[] = [];
  ts.forEachChild(node, (child) => void parts.push(shape(child)));
  return `${node.kind}${detail(node)}(${parts.filter((part) => part !== "").join()})`;
}

/** What a node is, besides its kind and its parts. */
function detail(node: ts.Node): string {
  if (ts.isIdentifier(node) || ts.isNumericLiteral(node)) return `:${node.text}`;
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return `:${node.operator}`;
  return ts.isVariableDeclarationList(node) ? `:${node.flags & ts.NodeFlags.BlockScoped}` : "";
}

/** Does a part of the source only call exp, and name nothing of what it is made of, nor eval, which might? */
function leavesAlone(part: ts.Node, names: ReadonlySet<string>): boolean {
  const isAllowed = (node: ts.Node, parent: ts.Node): boolean => {
    if (!ts.isIdentifier(node)) return true;
    if (node.text !== "exp") return !names.has(node.text) && node.text !== "eval";
    return (
      (ts.isCallExpression(parent) && parent.expression === node) ||
      (ts.isPropertyAccessExpression(parent) && parent.name === node)
    );
  };
  // forEachChild ends at the first child for which something is given back.
  const isSpoiled = (node: ts.Node): true | undefined =>
    ts.forEachChild(node, (child) => (isAllowed(child, node) ? isSpoiled(child) : true));
  return isSpoiled(part) !== true;
}
