import { readFile } from "node:fs/promises";
import { extname, isAbsolute, relative } from "node:path";
import type { Loader, Plugin } from "esbuild";
import type { Site } from "./recording.ts";

const loaders: Readonly<Record<string, Loader>> = {
  ".ts": "ts",
  ".mts": "ts",
  ".cts": "ts",
  ".tsx": "tsx",
  ".js": "js",
  ".mjs": "js",
  ".cjs": "js",
  ".jsx": "jsx",
};

/** No source that a person has written is as long; bundled as it is, with escapes where it is used. */
const largestSource = 2_000_000;

/**
 * An esbuild plugin that rewrites every source of a bundle so that its arithmetic, comparisons and conditions
 * become calls of the recorder, and the places that those calls name by number.
 */
export function recordingPlugin(): { readonly plugin: Plugin; readonly sites: () => readonly Site[] } {
  const sites: Site[] = [];
  const plugin: Plugin = {
    name: "recording",
    setup: (build) =>
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: "file" }, async ({ path }) => {
        const loader = loaders[extname(path)];
        const source = await readFile(path, "utf8");
        if (loader === undefined || source.length > largestSource) return null;
        // The compiler takes long to load, and only recorded runs need it.
        const { rewriteSource } = await import("./rewrite-source.ts");
        return { contents: rewriteSource(source, loader, shownPath(path), sites), loader };
      }),
  };
  return { plugin, sites: () => sites };
}

function shownPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") || isAbsolute(fromHere) ? path : fromHere;
}
