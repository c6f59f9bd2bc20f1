import { watch, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";

export interface Watched {
  /** Paths as the disk has them. */
  readonly files: readonly string[];
  /** Further names in the folders of these files that matter, such as a file that an import does not find yet. */
  readonly isWanted: (name: string) => boolean;
}

/**
 * Makes a round, and another whenever a watched file changes, until the user interrupts: then `signal` is aborted,
 * and a round that is under way should end quietly. What changes during a round makes another.
 */
export async function watchFiles(
  watched: () => Promise<Watched>,
  round: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const interruption = new AbortController();
  const { signal } = interruption;
  const interrupted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  // Kept to the end: a check that is ended by the signal passes it on.
  process.on("SIGINT", () => interruption.abort());
  while (!signal.aborted) {
    const { changed, close } = changeOf(await watched());
    await Promise.race([round(signal), interrupted]);
    await Promise.race([changed, interrupted]);
    close();
  }
}

/** How long it has to be quiet before what has changed is looked at: an editor saves in several steps. */
const quietMilliseconds = 80;

/** Folders are watched, not files: an editor that saves puts a new file in the place of the old one. */
function changeOf({ files, isWanted }: Watched): { readonly changed: Promise<void>; readonly close: () => void } {
  const watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  const changed = new Promise<void>((resolve) => {
    for (const folder of new Set(files.map((file) => dirname(file)))) {
      const names = new Set(files.filter((file) => dirname(file) === folder).map((file) => basename(file)));
      const notice = (_: string, name: string | null): void => {
        if (name !== null && !names.has(name) && !isWanted(name)) return;
        clearTimeout(timer);
        timer = setTimeout(resolve, quietMilliseconds);
      };
      try {
        watchers.push(watch(folder, notice).on("error", () => undefined));
      } catch {
        // A folder that is gone tells nothing; the others still do.
      }
    }
  });
  return {
    changed,
    close: () => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
