import { dirname, relative, resolve } from "node:path";
import { problem } from "../problem.ts";
import type { NetworkClaims } from "../check/index.ts";
import type { Subject } from "../program/index.ts";
import {
  asRecord,
  configName,
  constantsAt,
  readConfigRecord,
  refuseUnknown,
  textAt,
  type ConfigRecord,
} from "./config-record.ts";
import { chooseSubject, subjectFlags, taskOfSubject, type SubjectFlags } from "./subject.ts";

/** One check to be made. */
export interface ListedCheck {
  readonly file: string;
  /** Null where the file is an adapter that says it. */
  readonly subject: Subject | null;
  /** What the command line or the configuration says of the network, in its own words: an adapter says the rest. */
  readonly claims: NetworkClaims;
  readonly exportName: string | undefined;
  /** The files that say what the code is checked against. */
  readonly besides: readonly string[];
}

export interface ListFlags extends SubjectFlags {
  readonly network?: string | undefined;
  readonly export?: string | undefined;
  readonly config?: string | undefined;
}

const advice = `a configuration looks like { "checks": [{ "file": "src/my.ts", "network": "2-3-1" }] }`;
const subjectKeys = ["network", "equations", "activation", "loss", "l1", "l2"] as const;
const checkKeys = ["file", "export", "constants", ...subjectKeys];

/**
 * The checks of the files named on the command line, or those that the configuration lists where none is. What is
 * named twice is checked once.
 *
 * @throws Problem where there is nothing to check, or what it is checked against is not said well
 */
export async function listChecks(files: readonly string[], flags: ListFlags): Promise<readonly ListedCheck[]> {
  const checks = files.length === 0 ? await configuredChecks(flags) : await namedChecks(files, flags);
  const same = (a: ListedCheck, b: ListedCheck): boolean =>
    resolve(a.file) === resolve(b.file) &&
    a.exportName === b.exportName &&
    JSON.stringify(a.subject) === JSON.stringify(b.subject);
  return checks.filter((check, i) => checks.findIndex((other) => same(check, other)) === i);
}

async function namedChecks(files: readonly string[], flags: ListFlags): Promise<readonly ListedCheck[]> {
  const { network, equations } = flags;
  const subject = await subjectOf(network, subjectFlags(flags), "--");
  const claims = { network, ...subjectFlags(flags) };
  const besides = equations === undefined ? [] : [equations];
  return files.map((file) => ({ file, subject, claims, exportName: flags.export, besides }));
}

async function subjectOf(
  network: string | undefined,
  flags: SubjectFlags,
  prefix: "--" | "" = "",
): Promise<Subject | null> {
  if (network !== undefined || flags.equations !== undefined) return taskOfSubject(await chooseSubject(network, flags));
  const given = Object.entries(flags).find(([, value]) => value !== undefined)?.[0];
  if (given === undefined) return null;
  throw problem(
    "network-missing",
    `${prefix}${given} is given without ${prefix}network`,
    `add ${prefix}network 2-3-1 with the sizes that the code is for; an adapter names its network and loss itself: change them there, or give ${prefix}network as well`,
  );
}

async function configuredChecks(flags: ListFlags): Promise<readonly ListedCheck[]> {
  const given = (["network", "export"] as const).find((name) => flags[name] !== undefined);
  const described = given ?? Object.entries(subjectFlags(flags)).find(([, value]) => value !== undefined)?.[0];
  const what = "name the file with the gradient, or list checks in deltarule.config.json";
  if (described !== undefined) throw problem("file-unnamed", `--${described} is about a file, and none is named`, what);
  const path = flags.config ?? configName;
  const config = await readConfigRecord(path, advice);
  if (config === null) throw problem("file-unnamed", `no file is named, and there is no ${path}`, what);
  const { checks } = config;
  if (!Array.isArray(checks) || checks.length === 0)
    throw problem("config-shape", `no file is named, and ${path} lists no "checks"`, `${what}; ${advice}`);
  const listed: ListedCheck[] = [];
  for (const [i, entry] of checks.entries()) {
    const where = `${path}: checks[${i}]`;
    listed.push(await readCheck(asRecord(entry, where, advice), path, where));
  }
  return listed;
}

async function readCheck(entry: ConfigRecord, path: string, where: string): Promise<ListedCheck> {
  refuseUnknown(entry, checkKeys, where);
  const text = (key: string): string | undefined => textAt(entry, key, where, advice);
  const here = (file: string): string => relative(".", resolve(dirname(path), file));
  const file = text("file");
  if (file === undefined) throw problem("config-shape", `${where} needs "file"`, advice);
  const equations = text("equations");
  const described: SubjectFlags = {
    equations: equations === undefined ? undefined : here(equations),
    activation: text("activation"),
    loss: text("loss"),
    l1: text("l1"),
    l2: text("l2"),
    constant: constantsAt(entry, where, advice),
  };
  const subject = await subjectOf(text("network"), described);
  const claims = { network: text("network"), ...described };
  const besides = [path, ...(equations === undefined ? [] : [here(equations)])];
  return { file: here(file), subject, claims, exportName: text("export"), besides };
}
