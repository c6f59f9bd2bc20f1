import { createRequire } from "node:module";
import katex from "katex";
import MarkdownIt from "markdown-it";
import rehypeKatex from "rehype-katex";
import rehypeRaw from "rehype-raw";
import rehypeStringify from "rehype-stringify";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";

/**
 * The engines that set formulas where our documents are read, each at its strictest: what one of them cannot
 * set is an error here, never a formula in red.
 */
export interface Formula {
  readonly latex: string;
  readonly display: boolean;
}

/** MathML of each formula by MathJax, with the packages that a web page has. */
export async function renderMathJax(formulas: readonly Formula[]): Promise<readonly string[]> {
  const mathJax = await (loading ??= loadMathJax());
  const rendered: string[] = [];
  for (const { latex, display } of formulas) {
    const mathml = await mathJax.tex2mmlPromise(latex, { display });
    const error = /data-mjx-error="([^"]*)"/.exec(mathml)?.[1] ?? (mathml.includes("<merror") ? "an error" : null);
    if (error !== null) throw new Error(`MathJax: ${error} in ${latex}`);
    rendered.push(mathml);
  }
  return rendered;
}

/** HTML of each formula by KaTeX. */
export function renderKatex(formulas: readonly Formula[]): readonly string[] {
  return formulas.map(({ latex, display }) =>
    katex.renderToString(latex, { ...strictly, displayMode: display, throwOnError: true }),
  );
}

/** HTML of a Markdown text as VS Code's preview makes it. */
export const renderMarkdownIt = (markdown: string): string => withoutErrors(vscode.render(markdown));

/** HTML of a Markdown text by remark and rehype. */
export async function renderRemark(markdown: string): Promise<string> {
  const file = await remark.process(markdown);
  const [failure] = file.messages;
  if (failure !== undefined) throw new Error(`${failure.reason}: ${String(failure.cause)}`);
  return withoutErrors(String(file));
}

/** How many rows each displayed formula of an HTML text has in its `aligned`; 1 for a formula without one. */
export const alignedRows = (html: string): number[] =>
  [...html.matchAll(/<math\b[^>]*display="block"[^>]*>[\s\S]*?<\/math>/g)].map(([math]) => rowsOf(math));

const require = createRequire(import.meta.url);
const strictly = { strict: "error", trust: false } as const;

interface MathJax {
  readonly init: (configuration: object) => Promise<unknown>;
  readonly tex2mmlPromise: (latex: string, options: { readonly display: boolean }) => Promise<string>;
}

let loading: Promise<MathJax> | null = null;

async function loadMathJax(): Promise<MathJax> {
  const mathJax = require("mathjax") as MathJax;
  // `noundefined` would set an unknown command in red.
  const tex = { packages: { "[-]": ["noundefined"] }, tags: "ams" };
  await mathJax.init({ loader: { load: ["input/tex"] }, tex });
  return mathJax;
}

const vscodeKatex = require("@vscode/markdown-it-katex") as {
  readonly default: (markdown: object, options: object) => void;
};
const vscode = new MarkdownIt({ html: true });
vscodeKatex.default(vscode, { ...strictly, enableFencedBlocks: true });

const remark = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkMath)
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw)
  .use(rehypeKatex, strictly)
  .use(rehypeStringify);

function withoutErrors(html: string): string {
  const error = /<[^>]*\bkatex-error\b[^>]*>[^<]*/.exec(html)?.[0];
  if (error !== undefined) throw new Error(error.replaceAll(/<[^>]*>/g, ""));
  return html;
}

/** Rows of the first table that is set as `aligned`, not counting those of tables inside it or of a \tag around it. */
function rowsOf(math: string): number {
  // KaTeX sets columns right and left in turn in `aligned` and its like alone.
  const start = math.search(/<mtable\b[^>]*columnalign="right( left| right)*"/);
  if (start < 0) return 1;
  let [depth, rows] = [0, 0];
  for (const [tag] of math.slice(start).matchAll(/<\/?mtable\b|<mtr\b/g)) {
    if (tag === "<mtable") depth += 1;
    if (tag === "</mtable") depth -= 1;
    if (tag === "<mtr" && depth === 1) rows += 1;
    if (depth === 0) break;
  }
  return rows;
}
