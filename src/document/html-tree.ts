/** An element of KaTeX's output; of drawings the text only. */
export interface Element {
  readonly classes: readonly string[];
  /** Declarations of its `style` attribute. */
  readonly style: Readonly<Record<string, string>>;
  readonly children: readonly Node[];
}
export interface Drawing {
  readonly svg: string;
}
export type Node = string | Element | Drawing;

export const isElement = (node: Node): node is Element => typeof node === "object" && "children" in node;

/** Reads the HTML that KaTeX writes for a formula: nothing but spans, letters and SVG. */
export function readTree(html: string): readonly Node[] {
  const root: Node[] = [];
  const open: Node[][] = [root];
  const tokens = /<svg[\s\S]*?<\/svg>|<span([^>]*)>|<\/span>|[^<]+|</g;
  for (const [token, attributes] of html.matchAll(tokens)) {
    const siblings = open.at(-1);
    if (siblings === undefined) throw new Error("KaTeX closes a span that it has not opened");
    if (token === "</span>") open.pop();
    else if (attributes !== undefined) {
      const children: Node[] = [];
      siblings.push({ ...readAttributes(attributes), children });
      open.push(children);
    } else if (token.startsWith("<svg")) siblings.push({ svg: token });
    else if (token === "<") throw new Error(`an element that KaTeX is not known to write: ${html}`);
    else siblings.push(token.replace(/&[lg]t;/g, (sign) => (sign === "&lt;" ? "<" : ">")));
  }
  return root;
}

function readAttributes(text: string): Pick<Element, "classes" | "style"> {
  const attribute = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1] ?? "";
  return {
    classes: attribute("class").split(/\s+/).filter(Boolean),
    style: Object.fromEntries(
      attribute("style")
        .split(";")
        .filter(Boolean)
        .map((declaration) => declaration.split(":", 2) as [string, string]),
    ),
  };
}
