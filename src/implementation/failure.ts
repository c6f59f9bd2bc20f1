import type { CodeLine } from "./recording.ts";

/** What was thrown, in words: the error, what it tried that is not allowed here, and where in the checked sources. */
export function describeFailure(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error)) return describeValue(thrown);
    const place = placeOf(thrown);
    return `${thrown.name}: ${refusalOf(thrown) ?? thrown.message}${place === null ? "" : ` (${place})`}`;
  } catch {
    // The checked code's own classes may throw when they are read.
    return "something that cannot be read";
  }
}

const describeValue = (thrown: unknown): string => {
  if (typeof thrown === "string") return JSON.stringify(thrown);
  return typeof thrown === "object" && thrown !== null ? "an object that is no Error" : String(thrown);
};

/** What Node's permission model calls what it refuses, in words. */
const refusals: Readonly<Record<string, string>> = {
  FileSystemRead: "reading a file is not allowed in a check",
  FileSystemWrite: "writing a file is not allowed in a check",
  ChildProcess: "starting a process is not allowed in a check",
  WorkerThreads: "starting a thread is not allowed in a check",
  Network: "the network is not allowed in a check",
};

interface Refused {
  readonly code?: unknown;
  readonly permission?: unknown;
  readonly resource?: unknown;
}

function refusalOf(error: Error): string | null {
  const { code, permission, resource } = error as Refused;
  if (code === "ERR_ACCESS_DENIED") {
    const words = refusals[String(permission)] ?? error.message;
    return typeof resource === "string" && resource !== "" ? `${words}: ${resource}` : words;
  }
  // What fetch throws says nothing; its cause does.
  return error.cause instanceof Error ? (refusalOf(error.cause) ?? `${error.message}: ${error.cause.message}`) : null;
}

/** The innermost frame in the checked sources. */
function placeOf(error: Error): string | null {
  const [first] = framesOf(String(error.stack));
  return first === undefined ? null : `${first.file}:${first.line}:${first.column}`;
}

/** The lines of the checked sources in a stack, the innermost first. */
export const linesOf = (stack: string): readonly CodeLine[] =>
  framesOf(stack).map(({ file, line }) => ({ file, line }));

/** The frames in the checked sources, to which source maps lead. */
const framesOf = (stack: string): readonly (CodeLine & { readonly column: number })[] =>
  stack.split("\n").flatMap((frame) => {
    if (!/^\s*at /.test(frame)) return [];
    const [, file, line, column] =
      /(?:\(|at |file:\/\/)(\/[^()]*|[A-Za-z]:[\\/][^()]*):(\d+):(\d+)\)?$/.exec(frame) ?? [];
    return file === undefined || isOurs.test(file) ? [] : [{ file, line: Number(line), column: Number(column) }];
  });

const isOurs = /[\\/](?:child|user)\.[mc]js$/;
