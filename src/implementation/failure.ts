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

/** The innermost frame in the checked sources, to which source maps lead. */
function placeOf(error: Error): string | null {
  const frames = String(error.stack)
    .split("\n")
    .filter((line) => /^\s*at /.test(line));
  for (const frame of frames) {
    const [, place, line, column] =
      /(?:\(|at |file:\/\/)(\/[^()]*|[A-Za-z]:[\\/][^()]*):(\d+):(\d+)\)?$/.exec(frame) ?? [];
    if (place !== undefined && !isOurs.test(place)) return `${place}:${line}:${column}`;
  }
  return null;
}

const isOurs = /[\\/](?:child|user)\.[mc]js$/;
