import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { readEquations } from "../equations/index.ts";
import type { Description } from "../implementation/index.ts";
import { parseNetwork, type NetworkOptions } from "../network/index.ts";
import { problem } from "../problem.ts";
import { equationsTask, type Subject } from "../program/index.ts";

/** What someone says of the network that code is for, in the words of the command line. */
export interface NetworkClaims extends NetworkOptions {
  readonly network?: string | undefined;
  readonly equations?: string | undefined;
}

/**
 * What an adapter says that its code is checked against, where nobody says otherwise. A file of equations is named as
 * from the adapter's folder.
 *
 * @throws Problem where it says nothing, or nothing that can be read
 */
export async function expectedSubject(
  file: string,
  description: Description,
  claims: NetworkClaims = {},
): Promise<Subject> {
  const { kind, equations, options } = description;
  const { network: claimed, activation, loss, constant, l1, l2 } = claims;
  const network = claimed ?? description.network;
  const given = Object.fromEntries(
    Object.entries({ activation, loss, constant, l1, l2 }).filter(([, value]) => value !== undefined),
  );
  if (network !== null) return parseNetwork(network, { ...options, ...given });
  if (equations === null)
    throw problem(
      "network-missing",
      `nothing says which network ${file} is for`,
      kind === "adapter"
        ? 'add network: "2-3-1" to the adapter, or --network 2-3-1 to the command'
        : "add --network 2-3-1 with the sizes that the code is for, or --equations model.eq",
    );
  const path = resolve(dirname(file), equations);
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null)
    throw problem("equations-missing", `there is no file ${path}`, "name a file of equations beside the adapter");
  return equationsTask(readEquations(text, basename(path)), basename(path), path);
}
