import { format } from "prettier";

/** From here on a source is formatted in pieces: trees and documents take some two hundred times its length. */
const longest = 200_000;

/** The source as prettier writes it. */
export async function formatSource(source: string): Promise<string> {
  const pieces: string[] = [];
  for (const piece of source.length > longest ? atFunctions(source) : [source])
    // The parser `typescript` takes minutes on what `babel-ts` formats in a second.
    pieces.push(await format(piece, { parser: "babel-ts", printWidth: 100 }));
  return pieces.join("\n");
}

/** Cut before functions of the module's own, which nothing is said of above them: several of them in a piece. */
function atFunctions(source: string): readonly string[] {
  const pieces = [""];
  for (const part of source.split(/\n(?=function )/)) {
    const last = pieces.at(-1) as string;
    if (last.length + part.length > longest) pieces.push(`${part}\n`);
    else pieces[pieces.length - 1] = `${last}${part}\n`;
  }
  return pieces.filter((piece) => piece !== "");
}
