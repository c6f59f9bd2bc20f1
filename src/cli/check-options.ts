import { reporters, type CheckOptions, type Reporter } from "../check/index.ts";
import { problem } from "../problem.ts";
import { refuseDirectory } from "./write.ts";

/** Where a report goes: to a file, or to stdout. */
export interface Delivery {
  readonly reporter: Reporter;
  readonly file: string | undefined;
}

export interface CheckFlags {
  readonly reporter?: readonly string[] | undefined;
  readonly summary?: string | undefined;
  readonly method?: string | undefined;
  readonly timeout?: string | undefined;
  readonly memory?: string | undefined;
}

/**
 * `--reporter NAME` or `NAME=FILE`, any number of them. Where none goes to stdout, the text does: a check always says
 * what it has compared.
 *
 * @throws Problem where there is no such reporter, two go to the same place, or a file cannot be written
 */
export async function chooseDeliveries(flags: CheckFlags): Promise<readonly Delivery[]> {
  const named = (flags.reporter ?? []).map((text): Delivery => {
    const [name = "", ...rest] = text.split("=");
    const reporter = reporters.find((known) => known === name);
    if (reporter === undefined)
      throw problem("reporter-unknown", `there is no reporter "${name}"`, `known: ${reporters.join(", ")}`);
    if (rest.length > 0 && rest.join("=") === "")
      throw problem(
        "reporter-file",
        `--reporter ${text} names no file`,
        `write --reporter ${name}=FILE, or --reporter ${name}`,
      );
    return { reporter, file: rest.length === 0 ? undefined : rest.join("=") };
  });
  const files = [...named.map(({ file }) => file), ...(flags.summary === undefined ? [] : [flags.summary])];
  const twice = files.find((file, i) => files.indexOf(file) !== i);
  if (new Set(files).size < files.length)
    throw problem(
      "reporter-twice",
      `two reports go to ${twice ?? "stdout"}`,
      "write all but one to files of their own, such as --reporter junit=junit.xml",
    );
  for (const file of files) await refuseDirectory(file);
  return named.some(({ file }) => file === undefined) ? named : [{ reporter: "text", file: undefined }, ...named];
}

const methods = ["exact", "numeric"] as const;

/** What a check is told besides the file and the network. */
export function chooseLimits({
  method = "exact",
  timeout,
  memory,
}: CheckFlags): Pick<CheckOptions, "limits" | "method"> {
  const chosen = methods.find((name) => name === method);
  if (chosen === undefined)
    throw problem("method-unknown", `there is no method "${method}"`, `known: ${methods.join(", ")}`);
  const seconds = numberOf(timeout);
  if (seconds !== undefined && !(seconds > 0 && seconds <= 3600))
    throw problem("timeout", `--timeout ${timeout} is not a number of seconds`, "write a number from 1 to 3600");
  const megabytes = numberOf(memory);
  if (megabytes !== undefined && !(Number.isInteger(megabytes) && megabytes >= 32 && megabytes <= 65536))
    throw problem("memory", `--memory ${memory} is not a number of megabytes`, "write a whole number from 32 to 65536");
  return {
    limits: { ...(seconds === undefined ? {} : { seconds }), ...(megabytes === undefined ? {} : { megabytes }) },
    method: chosen,
  };
}

const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : text.trim() === "" ? NaN : Number(text);
