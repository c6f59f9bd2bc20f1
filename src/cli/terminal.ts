import picocolors from "picocolors";
import { Problem } from "../problem.ts";

/** Colours where a person reads: on a terminal that has them, or where FORCE_COLOR asks; NO_COLOR wins. */
export const useColor = (stream: NodeJS.WriteStream): boolean =>
  picocolors.isColorSupported && (stream.isTTY || "FORCE_COLOR" in process.env);

const colors = picocolors.createColors(useColor(process.stderr));

/** A line on stderr that says what has been done. */
export function announce(line: string): void {
  process.stderr.write(`${colors.green("✓")} ${line}\n`);
}

/** What a user should know, though the work goes on. */
export function announceWarning({ message, advice }: Problem): void {
  endProgress();
  process.stderr.write(`${colors.yellow("warning")}: ${message}\n  ${advice}\n`);
}

/** Exit codes: a contract. */
export const exit = { good: 0, differs: 1, misuse: 2 } as const;

/** A line on stderr that says what is being done, on a terminal only; each replaces the one before. */
export function progress(stage: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${colors.dim(`${stage} …`)}`);
}

export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[2K");
}

/** What went wrong, for the user: where to look and what to do, never a stack. */
export function complain(error: unknown): void {
  endProgress();
  const isProblem = error instanceof Problem;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${colors.red("error")}${isProblem ? ` [${error.code}]` : ""}: ${message}\n`);
  if (isProblem) process.stderr.write(`  ${error.advice}\n`);
}

/** A reader that stops reading, such as `head`, ends the program quietly, with the exit code that it has come to. */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    complain(new Error(`stdout cannot be written: ${error.message}`));
    process.exit(exit.misuse);
  });
  process.stderr.on("error", () => undefined);
}
