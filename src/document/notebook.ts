import type { Block, Document } from "./content.ts";
import { notebook } from "./markdown.ts";
import { fromTemplate } from "./page.ts";

/** A Jupyter notebook (nbformat 4.5): one Markdown cell for each heading and what follows it. */
export function renderNotebook(document: Document): string {
  const cells = byHeading(document.blocks).map((blocks, i) => {
    const [first] = blocks;
    const text = fromTemplate({ ...document, title: i === 0 ? document.title : "", blocks }, notebook);
    return {
      cell_type: "markdown",
      id: first?.kind === "heading" ? `${i}-${first.id}`.slice(0, 64) : `${i}`,
      metadata: {},
      source: text.trimEnd().split(/(?<=\n)/),
    };
  });
  return `${JSON.stringify({ cells, metadata: { language_info: { name: "markdown" } }, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

/** The blocks cut before every heading. */
export function byHeading(blocks: readonly Block[]): readonly (readonly Block[])[] {
  const parts: Block[][] = [];
  for (const block of blocks) {
    if (block.kind === "heading" || parts.length === 0) parts.push([]);
    parts.at(-1)?.push(block);
  }
  return parts;
}
