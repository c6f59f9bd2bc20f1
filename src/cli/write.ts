import { randomBytes } from "node:crypto";
import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { problem } from "../problem.ts";

/**
 * Writes a file whole or not at all: to a temporary name beside it, then renamed over it. A link keeps
 * pointing where it points, a file keeps its permissions; what is no file, such as /dev/null, is written to.
 *
 * @throws Problem where the path is a directory or cannot be written
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  await refuseDirectory(path);
  const target = await realpath(path).catch(() => path);
  const found = await stat(target).catch(() => null);
  const temporary = join(dirname(target), `.deltarule-${randomBytes(6).toString("hex")}`);
  try {
    if (found !== null && !found.isFile()) return await writeFile(target, text);
    await writeFile(temporary, text, found === null ? {} : { mode: found.mode });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw problem(
      "output-unwritable",
      `${path} cannot be written: ${reasonOf(error as NodeJS.ErrnoException)}`,
      "name a file in an existing folder that you may write to",
    );
  }
}

/** Tells before the work is done that its output has no place. */
export async function refuseDirectory(path: string | undefined): Promise<void> {
  const found = path === undefined ? null : await stat(path).catch(() => null);
  if (path !== undefined && found?.isDirectory() === true)
    throw problem("output-directory", `${path} is a directory`, "name a file in it");
}

/** The text of a file, or null where there is none. */
export async function readText(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw problem(
      "file-unreadable",
      `${path} cannot be read: ${reasonOf(error as NodeJS.ErrnoException)}`,
      "name a file that you may read",
    );
  });
}

export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw problem(
      "output-unwritable",
      `the folder ${path} cannot be made: ${reasonOf(error as NodeJS.ErrnoException)}`,
      "choose a folder that you may write to",
    );
  });
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder is a file",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  EISDIR: "it is a directory",
};

const reasonOf = (error: NodeJS.ErrnoException): string => reasons[error.code ?? ""] ?? error.message;
