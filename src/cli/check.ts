import { realpathSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { basename, isAbsolute, relative, resolve, sep } from "node:path";
import { Problem, problem } from "../problem.ts";
import type { CheckOptions, CheckVerdict, VerdictKind } from "../check/index.ts";
import { chooseDeliveries, chooseLimits, type CheckFlags, type Delivery } from "./check-options.ts";
import { listChecks, type ListedCheck, type ListFlags } from "./check-list.ts";
import { changesSince, realOf, sourcesOf } from "./sources.ts";
import { announce, endProgress, exit, progress, useColor } from "./terminal.ts";
import { watchFiles, type Watched } from "./watch.ts";
import { writeWhole } from "./write.ts";

type Flags = CheckFlags &
  ListFlags & { readonly changedSince?: string; readonly watch?: boolean; readonly init?: string };

/** What is the same for all checks of a command. */
interface Plan {
  readonly options: Pick<CheckOptions, "limits" | "method">;
  readonly deliveries: readonly Delivery[];
  readonly summary: string | undefined;
  readonly version: string;
}

/** The worst verdict is the command's exit code. */
const codes = {
  equal: exit.good,
  different: exit.differs,
  undecided: exit.misuse,
  failed: exit.misuse,
} as const satisfies Record<VerdictKind, number>;

/**
 * Checks the files named, or those that the configuration lists, and reports on them.
 *
 * @returns the exit code
 * @throws Problem where the command line asks for what cannot be done
 */
export async function checkCommand(files: readonly string[], flags: Flags, version: string): Promise<number> {
  if (flags.init !== undefined) return init(flags.init, files);
  const plan: Plan = {
    options: chooseLimits(flags),
    deliveries: await chooseDeliveries(flags),
    summary: flags.summary,
    version,
  };
  const listed = await listChecks(files, flags);
  if (flags.watch === true) {
    if (flags.changedSince !== undefined)
      throw problem("watch-since", "--watch and --changed-since are both given", "leave out one of them");
    await watchChecks(listed, plan);
    return exit.good;
  }
  const checks = flags.changedSince === undefined ? listed : await changedChecks(listed, flags.changedSince);
  const verdicts = await runChecks(checks, plan.options);
  const code = Math.max(exit.good, ...verdicts.map(({ verdict }) => codes[verdict]));
  // Known before it is written: a reader that stops early does not change it.
  process.exitCode = code;
  await deliver(verdicts, plan);
  return code;
}

async function init(file: string, files: readonly string[]): Promise<number> {
  if (files.length > 0)
    throw problem("init-check", `--init writes an adapter, and ${files[0]} is to be checked`, "do one after the other");
  const { initCommand } = await import("./check-init.ts");
  return initCommand(file);
}

async function runChecks(checks: readonly ListedCheck[], options: Plan["options"]): Promise<readonly CheckVerdict[]> {
  const { checkGradient, failedVerdict } = await import("../check/index.ts");
  const verdicts: CheckVerdict[] = [];
  for (const [i, { file, subject, claims, exportName }] of checks.entries()) {
    progress(`checking ${file}${checks.length === 1 ? "" : ` (${i + 1} of ${checks.length})`}`);
    try {
      verdicts.push(await checkGradient(file, subject, { ...options, claims, exportName }));
    } catch (error) {
      // Of several checks, one that makes no sense keeps the others from nothing.
      if (!(error instanceof Problem) || checks.length === 1) throw error;
      verdicts.push(failedVerdict(file, subject, exportName, error));
    }
  }
  endProgress();
  return verdicts;
}

async function deliver(verdicts: readonly CheckVerdict[], { deliveries, summary, version }: Plan): Promise<void> {
  const { report, summaryReport } = await import("../check/index.ts");
  for (const { reporter, file } of deliveries) {
    const toScreen = file === undefined;
    // Of nothing there is nothing to say, but a program that reads a report waits for one.
    if (toScreen && verdicts.length === 0 && (reporter === "text" || reporter === "github")) continue;
    const text = report(verdicts, reporter, version, { useColor: toScreen && useColor(process.stdout), fromRoot });
    if (toScreen) process.stdout.write(text);
    else await writeWhole(file, text);
  }
  if (summary !== undefined) await writeWhole(summary, summaryReport(verdicts));
  const { GITHUB_STEP_SUMMARY: jobSummary = "" } = process.env;
  if (jobSummary === "" || verdicts.length === 0) return;
  await appendFile(jobSummary, summaryReport(verdicts)).catch((error: unknown) => {
    throw problem(
      "output-unwritable",
      `GITHUB_STEP_SUMMARY names ${jobSummary}, which cannot be written: ${(error as Error).message}`,
      "unset it, or name a file that you may write to",
    );
  });
}

/** A path from the root of the repository in CI, else from here; one outside stays whole. */
function fromRoot(path: string): string {
  const real = (file: string): string => {
    try {
      return realpathSync(file);
    } catch {
      return resolve(file);
    }
  };
  const way = relative(real(process.env.GITHUB_WORKSPACE ?? "."), real(path));
  const isOutside = way.startsWith("..") || isAbsolute(way);
  return (isOutside ? resolve(path) : way).replaceAll(sep, "/");
}

/** Those checks whose file, or what it imports, has changed; stderr says which have not. */
async function changedChecks(checks: readonly ListedCheck[], ref: string): Promise<readonly ListedCheck[]> {
  const hasChanged = await changesSince(ref);
  const changed: ListedCheck[] = [];
  for (const check of checks) {
    progress(`looking for what ${check.file} imports`);
    const sources = await sourcesOf(check.file);
    const besides = await Promise.all(check.besides.map(realOf));
    // What cannot be told is checked.
    if (sources === null || [...sources, ...besides].some(hasChanged)) changed.push(check);
    else announce(`${check.file} is unchanged since ${ref}`);
  }
  endProgress();
  if (changed.length === 0) announce(`nothing to check: no file has changed since ${ref}`);
  return changed;
}

async function watchChecks(checks: readonly ListedCheck[], plan: Plan): Promise<void> {
  const known = new Map<ListedCheck, readonly string[]>();
  const reports = new Set(
    [...plan.deliveries.map(({ file }) => file), plan.summary].map((file) => resolve(file ?? "")),
  );
  const watched = async (): Promise<Watched> => {
    let isBroken = false;
    for (const check of checks) {
      const sources = await sourcesOf(check.file);
      isBroken ||= sources === null;
      // A file that cannot be read for the moment imports what it did before.
      const before = known.get(check) ?? [await realOf(check.file)];
      known.set(check, [...(sources ?? before), ...(await Promise.all(check.besides.map(realOf)))]);
    }
    const isSource = (name: string): boolean =>
      /\.([cm]?[jt]sx?|json)$/.test(name) && ![...reports].some((file) => basename(file) === name);
    return { files: [...new Set([...known.values()].flat())], isWanted: (name) => isBroken && isSource(name) };
  };
  await watchFiles(watched, async (signal) => {
    const verdicts = await runChecks(checks, plan.options);
    if (signal.aborted) return;
    if (process.stdout.isTTY) process.stdout.write("\u001b[2J\u001b[3J\u001b[H");
    await deliver(verdicts, plan);
    if (process.stderr.isTTY) process.stderr.write("waiting for changes; Ctrl-C ends\n");
  });
}
