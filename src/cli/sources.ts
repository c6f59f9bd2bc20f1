import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { promisify } from "node:util";
import { problem } from "../problem.ts";

/**
 * The sources of a file: itself and what it imports, except what is installed. Null where they cannot be told, as
 * the file cannot be bundled.
 */
export async function sourcesOf(file: string): Promise<readonly string[] | null> {
  const { build } = await import("esbuild");
  try {
    const { metafile } = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      metafile: true,
      platform: "node",
      logLevel: "silent",
      // What is imported from deltarule is no source of the user's.
      external: ["deltarule", "*.node"],
    });
    const paths = Object.keys(metafile.inputs).filter((path) => !path.includes(":"));
    const real = await Promise.all(paths.map((path) => realOf(path)));
    return real.filter((path) => !path.split(sep).includes("node_modules"));
  } catch {
    return null;
  }
}

export const realOf = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

const git = async (folder: string, ...args: readonly string[]): Promise<string> =>
  (await promisify(execFile)("git", ["-C", folder, ...args], { maxBuffer: 1 << 28 })).stdout;

/**
 * Tells of a path, as the disk has it, whether it has changed since a commit, a branch or a tag: what git does not
 * follow counts as changed.
 *
 * @throws Problem where there is no git, no repository or no such commit
 */
export async function changesSince(ref: string): Promise<(path: string) => boolean> {
  const root = await rootOfRepository();
  const commit = ref.startsWith("-")
    ? null
    : await git(root, "rev-parse", "--verify", "--quiet", `${ref}^{commit}`).catch(() => null);
  if (commit === null)
    throw problem(
      "ref-unknown",
      `git knows no commit ${ref}`,
      "name a branch, a tag or a commit that has been fetched, such as origin/main; actions/checkout fetches them with fetch-depth: 0",
    );
  const paths = async (...args: string[]): Promise<Set<string>> =>
    new Set((await git(root, ...args)).split("\0").map((path) => resolve(root, path)));
  const followed = await paths("ls-files", "-z");
  const changed = await paths("diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", commit.trim(), "--");
  return (path) => !followed.has(path) || changed.has(path);
}

async function rootOfRepository(): Promise<string> {
  try {
    return await realOf((await git(".", "rev-parse", "--show-toplevel")).trimEnd());
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw problem(
      isMissing ? "git-missing" : "git-repository",
      isMissing
        ? "--changed-since asks git, which is not there"
        : "--changed-since asks git, and this is no repository of it",
      "leave out --changed-since to check all files",
    );
  }
}
