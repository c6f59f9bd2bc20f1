import type { ts as TS } from "ts-morph";
import { VerificationFailure } from "./failure.ts";

/** The strictest settings that a user's project may have. */
const strictest = (ts: typeof TS): TS.CompilerOptions => ({
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  lib: ["lib.es2022.d.ts"],
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitReturns: true,
  noPropertyAccessFromIndexSignature: true,
  erasableSyntaxOnly: true,
  isolatedModules: true,
  verbatimModuleSyntax: true,
  // The libraries are the compiler's own.
  skipLibCheck: true,
});

/**
 * Type-checks a module's source in the strictest settings and makes sure that it stands alone.
 *
 * Rejects with a VerificationFailure that holds the compiler's messages
 */
export async function inspectSource(source: string): Promise<void> {
  // The compiler takes half a second to load: only what verifies a module waits for it.
  const { Project, ts } = await import("ts-morph");
  const project = new Project({ useInMemoryFileSystem: true, compilerOptions: strictest(ts) });
  const file = project.createSourceFile("module.ts", source);
  const diagnostics = project.getPreEmitDiagnostics();
  if (diagnostics.length > 0)
    throw new VerificationFailure(
      diagnostics
        .slice(0, 3)
        .map((d) => ts.flattenDiagnosticMessageText(d.compilerObject.messageText, "\n"))
        .join("\n"),
    );
  if (file.getImportDeclarations().length > 0) throw new VerificationFailure("the module imports something");
  // The compiler's own nodes: to wrap those of a long module takes ten times as long as to check it.
  const usesAny = (node: TS.Node): boolean =>
    node.kind === ts.SyntaxKind.AnyKeyword || ts.forEachChild(node, usesAny) === true;
  if (usesAny(file.compilerNode)) throw new VerificationFailure("the module uses any");
}
