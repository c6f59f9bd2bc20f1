import { problem } from "../problem.ts";
import { readText } from "./write.ts";

export const configName = "deltarule.config.json";

/** What a configuration may hold: what `build` makes, and what `check` checks. */
const topKeys = ["directory", "outputs", "checks"];

export type ConfigRecord = Readonly<Record<string, unknown>>;

/**
 * The configuration as it stands in its file; null where there is none.
 *
 * @throws Problem where it is not JSON, or holds what no command reads
 */
export async function readConfigRecord(path: string, advice: string): Promise<ConfigRecord | null> {
  const text = await readText(path);
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw problem("config-syntax", `${path} is not JSON: ${(error as Error).message}`, advice);
  }
  const config = asRecord(value, path, advice);
  refuseUnknown(config, topKeys, path);
  return config;
}

export function asRecord(value: unknown, where: string, advice: string): ConfigRecord {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as ConfigRecord;
  throw problem("config-shape", `${where} is not an object`, advice);
}

export function refuseUnknown(record: ConfigRecord, known: readonly string[], where: string): void {
  const unknown = Object.keys(record).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw problem("config-key", `${where} has the unknown key "${unknown}"`, `known: ${known.join(", ")}`);
}

export function textAt(record: ConfigRecord, key: string, where: string, advice: string): string | undefined {
  const value = record[key];
  if (value === undefined || typeof value === "string") return value;
  throw problem("config-shape", `${where}: "${key}" is not a text`, advice);
}

/** `"constants": { "alpha": 0.3 }`, as the command line has them. */
export function constantsAt({ constants }: ConfigRecord, where: string, advice: string): readonly string[] | undefined {
  if (constants === undefined) return undefined;
  return Object.entries(asRecord(constants, `${where}: "constants"`, advice)).map(
    ([name, value]) => `${name}=${String(value)}`,
  );
}
