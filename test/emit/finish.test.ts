import { describe, expect, test } from "vitest";
import { VerificationFailure } from "../../src/emit/index.ts";
import { startFinishing, type Finishing } from "../../src/emit/finish.ts";

type Start = typeof startFinishing;
const built = new URL("../../dist/emit/finish.js", import.meta.url).href;
const { startFinishing: startBuilt } = (await import(/* @vite-ignore */ built)) as { readonly startFinishing: Start };

const rows: readonly (readonly [string, Start])[] = [
  ["in this thread, where sources run as they are", startFinishing],
  ["in a thread of its own, where they are built", startBuilt],
];

describe.each(rows)("%s", (_, start) => {
  const finish = async (text: string, look: (finishing: Finishing) => Promise<void>): Promise<void> => {
    const finishing = start(text);
    await look(finishing).finally(finishing.end);
  };

  test("a text is formatted, then type-checked", () =>
    finish("export   const a = 1", async ({ source, inspected }) => {
      expect(await source).toBe("export const a = 1;\n");
      await inspected;
    }));

  test("what does not type-check has a source, and fails with what the compiler says", () =>
    finish('export const a: number = ""', async ({ source, inspected }) => {
      expect(await source).toBe('export const a: number = "";\n');
      await expect(inspected).rejects.toThrow("Type 'string' is not assignable to type 'number'.");
      const failure: unknown = await inspected.catch((error: unknown) => error);
      expect((failure as Error).constructor.name).toBe(VerificationFailure.name);
    }));

  test("what cannot be read fails both", () =>
    finish("export const", async ({ source, inspected }) => {
      await expect(source).rejects.toThrow("Unexpected token");
      await expect(inspected).rejects.toThrow("Unexpected token");
    }));
});
