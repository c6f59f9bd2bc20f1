import { fill } from "../templates.ts";
import type { Block, Document } from "./content.ts";
import { printRich, type Printed } from "./markup.ts";
import { byHeading } from "./notebook.ts";
import { printBlocks, tidy } from "./page.ts";
import { beamer } from "./tex.ts";

/** As many lines as fit on a slide together with their reasons. */
const linesOnSlide = { steps: 3, rows: 6, code: 14, table: 11, list: 4 } as const;

/** Beamer slides: a frame for each heading, continued on further frames as far as it needs. */
export function renderSlides({ title, language, blocks }: Document): string {
  const frames = byHeading(blocks).flatMap((part) => {
    const [first, ...rest] = part;
    const heading = first?.kind === "heading" ? first : null;
    const body = heading === null ? part : rest;
    return {
      heading: heading === null ? "" : printRich(heading.text, beamer),
      isSection: heading?.level === 1,
      slides: pack(body.flatMap(cut)).map((slide): Printed => ({ blocks: printBlocks(slide, language, beamer) })),
    };
  });
  return tidy(fill(beamer.template, { title: beamer.escape(title), isChinese: language === "zh", frames }));
}

/** A block too tall for one slide as several. */
function cut(block: Block): Block[] {
  switch (block.kind) {
    case "steps":
      return chunks(block.lines, linesOnSlide.steps).map((lines) => {
        const done = block.lines.indexOf(lines[0] as (typeof lines)[0]);
        // A slide begins with what the one before ended with.
        return { ...block, lines, start: block.start + done, left: block.lines[done - 1]?.right ?? block.left };
      });
    case "equations":
      return chunks(block.rows, linesOnSlide.rows).map((rows) => ({ ...block, rows }));
    case "code":
      return chunks(block.lines, linesOnSlide.code).map((lines) => ({ ...block, lines }));
    case "table":
      return chunks(block.rows, linesOnSlide.table).map((rows) => ({ ...block, rows }));
    case "list":
      return chunks(block.items, linesOnSlide.list).map((items) => ({
        ...block,
        items,
        start: block.start + block.items.indexOf(items[0] as (typeof items)[0]),
      }));
    default:
      return [block];
  }
}

/** Pieces of at most `size`, as equal as they can be. */
function chunks<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  const edge = (i: number): number => Math.ceil((i * items.length) / count);
  return Array.from({ length: count }, (_, i) => items.slice(edge(i), edge(i + 1)));
}

/** What a slide holds, in the units of `height`. */
const slideHeight = 100;

/** Blocks put on slides in their order, sentences together with what they announce. */
function pack(blocks: readonly Block[]): Block[][] {
  const slides: Block[][] = [];
  let filled = Infinity;
  for (const unit of announced(blocks)) {
    const needed = unit.map(height).reduce((a, b) => a + b, 0);
    if (filled + needed > slideHeight) {
      slides.push([]);
      filled = 0;
    }
    slides.at(-1)?.push(...unit);
    filled += needed;
  }
  return slides;
}

/** Sentences in a row and the block that follows them. */
function announced(blocks: readonly Block[]): Block[][] {
  const units: Block[][] = [[]];
  for (const block of blocks) {
    units.at(-1)?.push(block);
    if (block.kind !== "paragraph") units.push([]);
  }
  return units.filter((unit) => unit.length > 0);
}

/** Roughly, in hundredths of a slide. */
function height(block: Block): number {
  switch (block.kind) {
    case "heading":
      return 0;
    case "paragraph":
      return 4 + 6 * Math.ceil(block.text.words.replace(/\{\w+\}/g, "xx").length / 95);
    case "display":
      return 16;
    case "equations":
      return 6 + block.rows.reduce((sum, row) => sum + (row?.kind === "chain" ? 15 : 11), 0);
    case "steps":
      return 5 + 24 * block.lines.length;
    case "list":
      return block.items.reduce((sum, { words }) => sum + 5 + 6 * Math.ceil(words.length / 85), 6);
    case "table":
      return 14 + 6 * block.rows.length;
    case "picture":
      return 80;
    case "code":
      return 6 + 5 * block.lines.length;
  }
}
