import type { Document } from "./content.ts";
import { renderHtml } from "./html.ts";
import { markdown, type Target } from "./markdown.ts";
import { renderNotebook } from "./notebook.ts";
import { fromTemplate } from "./page.ts";
import { renderSlides } from "./slides.ts";
import { tex } from "./tex.ts";
import { defaultWidth, renderText } from "./text.ts";
import { renderTypst } from "./typst.ts";

/** The printed formats. */
export const documentFormats = ["tex", "fragment", "beamer", "md", "ipynb", "html", "typst", "text"] as const;
export type DocumentFormat = (typeof documentFormats)[number];

export interface RenderOptions {
  /** Where Markdown is going to be read. */
  readonly target?: Target | undefined;
  /** Columns of the terminal, for text. */
  readonly width?: number | undefined;
}

/** Prints a document in one format. */
export function render(
  document: Document,
  format: DocumentFormat,
  { target = "portable", width = defaultWidth }: RenderOptions = {},
): string {
  switch (format) {
    case "text":
      return renderText(document, width);
    case "html":
      return renderHtml(document);
    case "md":
      return fromTemplate(document, markdown(target));
    case "ipynb":
      return renderNotebook(document);
    case "tex":
      return fromTemplate(document, tex);
    case "fragment":
      return fromTemplate(document, { ...tex, template: "fragment", frame: { ...tex.frame, isFragment: true } });
    case "beamer":
      return renderSlides(document);
    case "typst":
      return renderTypst(document);
  }
}
