import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { makeCalls, openCode, type Load, type RunRequest } from "./calls.ts";
import { serve } from "./channel.ts";
import type { Exports } from "./exported.ts";
import { describeFailure } from "./failure.ts";
import type { Reply, Request } from "./messages.ts";
import { Misfit } from "./misfit.ts";
import { asProblem } from "./problems.ts";
import { plainScalars, recordedScalars, type Scalars } from "./scalars.ts";

/** Runs in a process of its own, apart from the check, since the code it runs may do anything. */
serve((request) => (request.kind === "open" ? open(request) : run(request)));

let load: Load | null = null;
let exportName: string | null = null;
let scalars: Scalars = plainScalars;

async function open(request: Extract<Request, { kind: "open" }>): Promise<Reply> {
  try {
    exportName = request.exportName;
    if (request.isRecorded) scalars = recordedScalars((await import("./recorder.ts")).installRecorder(request.watched));
    load = loader(request.bundle);
    return { kind: "open", description: await openCode(load, exportName) };
  } catch (error) {
    return asProblem(error, null, null);
  }
}

async function run(request: RunRequest): Promise<Reply> {
  if (load === null) throw new Error("nothing is open");
  try {
    return await makeCalls(load, exportName, request, scalars);
  } catch (error) {
    return asProblem(error, request, scalars.escape());
  }
}

// The checked code may put a clock of its own in its place.
const clock = performance.now.bind(performance);

/** Loading again and again may take this long in all; after that, instances share what the module keeps. */
const patience = 1500;

/** Each load gives a module of its own: what one instance leaves in its variables, no other finds. */
function loader(bundle: string): Load {
  const { cache } = createRequire(import.meta.url);
  let exports: Exports | null = null;
  let isFresh = false;
  let spent = 0;
  let count = 0;
  return async () => {
    if (exports !== null && (isFresh || spent > patience)) {
      isFresh = false;
      return exports;
    }
    const before = clock();
    try {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
      delete cache[fileURLToPath(bundle)];
      exports = (await import(count === 0 ? bundle : `${bundle}?${count}`)) as Exports;
    } catch (error) {
      throw new Misfit(
        "import-failed",
        `importing the file throws ${describeFailure(error)}`,
        "make sure that the file can be imported by itself",
      );
    }
    // What was loaded to look at it is loaded for the first instance.
    isFresh = count === 0;
    count++;
    spent += clock() - before;
    return exports;
  };
}
