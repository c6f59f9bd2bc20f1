/** What a Markdown document of ours shows, taken from its text. */
export interface PrintedFormulas {
  /** On lines of their own, without the fences. */
  readonly displays: readonly string[];
  /** Between words. */
  readonly inline: readonly string[];
}

/** The text without its code and its drawings, in which a dollar sign is none of ours. */
export const withoutCode = (markdown: string): string =>
  markdown
    .replace(/^```text\n[\s\S]*?\n```$/gm, "")
    .replace(/^<div>\n[\s\S]*?\n<\/div>$/gm, "")
    .replace(/`(?!`)[^`$\n]+`(?!\$)/g, "code");

/** The formulas of a Markdown document for a place where both kinds stand between dollar signs. */
export function formulasOf(markdown: string): PrintedFormulas {
  const text = withoutCode(markdown);
  const displays = [...text.matchAll(/^\$\$\n([\s\S]*?)\n\$\$$/gm)].map(([, formula]) => formula as string);
  const words = text.replace(/^\$\$\n[\s\S]*?\n\$\$$/gm, "");
  return { displays, inline: [...words.matchAll(/\$([^$\n]+)\$/g)].map(([, formula]) => formula as string) };
}

/** The rows of an aligned formula, or the one formula of a display without rows; those of matrices are not counted. */
export function rowsOf(display: string): readonly string[] {
  const untagged = display.replace(/ \\tag\{BP\d\}$/, "");
  const aligned = /^\\begin\{aligned\}([\s\S]*)\\end\{aligned\}$/.exec(untagged)?.[1];
  if (aligned === undefined) return [untagged];
  return aligned
    .split(/(\\begin\{pmatrix\}[\s\S]*?\\end\{pmatrix\})/)
    .map((part, i) => (i % 2 === 1 ? part : part.replaceAll("\\cr", "\n\n")))
    .join("")
    .split("\n\n")
    .map((row) => row.trim());
}

/**
 * The formulas of a displayed block as they are seen, without what aligns, frames and names them; null for a row of
 * dots. A row with nothing before its mark of alignment goes on from the one above.
 */
export function seenIn(display: string): readonly (string | null)[] {
  if (!display.startsWith("\\begin{aligned}")) return rowsOf(display).map(unboxed);
  const seen: (string | null)[] = [];
  for (const row of rowsOf(display)) {
    const [text, before] = [row.replace(/ && .*$/, ""), seen.at(-1)];
    if (text === "& \\vdots") seen.push(null);
    else if (text.startsWith("&") && typeof before === "string")
      seen[seen.length - 1] = `${before} ${text.replace(/^&\s*(\\quad )?/, "")}`;
    else seen.push(text.replace(/\s&(?=\s|=)/, " "));
  }
  return seen;
}

/** \boxed{formula}, conditions → formula, conditions */
function unboxed(text: string): string {
  const open = "\\boxed{";
  if (!text.startsWith(open)) return text;
  let depth = 1;
  let at = open.length;
  for (; depth > 0; at++) depth += text[at] === "{" ? 1 : text[at] === "}" ? -1 : 0;
  return text.slice(open.length, at - 1) + text.slice(at);
}
