import { access, constants, lstat, stat } from "node:fs/promises";
import { extname } from "node:path";
import type { CheckProblem } from "./messages.ts";

/** Why a file is not one to check, before anything of it is read; null where it may be. */
export async function refuseFile(file: string): Promise<CheckProblem | null> {
  const refuse = (code: string, message: string, advice = nameSource): CheckProblem => ({
    kind: "problem",
    code,
    message,
    advice,
  });
  const found = await stat(file).catch(() => null);
  if (found === null) {
    const isLink = await lstat(file).then(
      (link) => link.isSymbolicLink(),
      () => false,
    );
    return refuse("file-missing", isLink ? `${file} links to a file that is missing` : `there is no file ${file}`);
  }
  if (!found.isFile()) return refuse("file-kind", `${file} is ${found.isDirectory() ? "a folder" : "not a file"}`);
  if (!extensions.includes(extname(file).toLowerCase()))
    return refuse("file-kind", `${file} is neither TypeScript nor JavaScript by its name`);
  if (found.size === 0) return refuse("file-empty", `${file} is empty`);
  if (found.size > largestFile)
    return refuse(
      "file-size",
      `${file} has ${(found.size / 1e6).toFixed(1)} MB; at most ${largestFile / 1e6} MB are read`,
      "name the source, not a bundle; keep weights and data in other files",
    );
  const isReadable = await access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
  return isReadable ? null : refuse("file-unreadable", `${file} may not be read`, "see its permissions");
}

const largestFile = 2_000_000;
const extensions = [".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx"];

const nameSource = "name the TypeScript or JavaScript file with the gradient";
