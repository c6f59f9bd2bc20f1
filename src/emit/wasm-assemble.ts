import { problem } from "../problem.ts";

/**
 * Assembles and validates WebAssembly text. The assembler is loaded when it is first wanted.
 *
 * Rejects with a Problem where it is not installed, and with an Error where the text is not valid
 */
export async function assemble(text: string): Promise<Uint8Array> {
  const { default: load } = await import("wabt").catch((error: unknown) => {
    throw problem(
      "no-assembler",
      `WebAssembly is assembled by the package wabt, which does not load (${error instanceof Error ? error.message : String(error)})`,
      "install it with: npm install wabt",
    );
  });
  const wabt = await load();
  const module = wabt.parseWat("module.wat", text, { simd: true });
  try {
    module.validate();
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}
