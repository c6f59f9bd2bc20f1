import { Project, SyntaxKind, ts } from "ts-morph";
import { VerificationFailure } from "./failure.ts";

/** The strictest settings that a user's project may have. */
const strictest: ts.CompilerOptions = {
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
};

/**
 * Type-checks a module's source in the strictest settings and makes sure that it stands alone.
 *
 * @throws VerificationFailure with the compiler's messages
 */
export function inspectSource(source: string): void {
  const project = new Project({ useInMemoryFileSystem: true, compilerOptions: strictest });
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
  if (file.getDescendantsOfKind(SyntaxKind.AnyKeyword).length > 0) throw new VerificationFailure("the module uses any");
}
