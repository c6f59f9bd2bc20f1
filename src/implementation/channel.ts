import { Socket, Server } from "node:net";
import { describeFailure } from "./failure.ts";
import type { CheckProblem, Reply, Request, SealedReply } from "./messages.ts";

/**
 * Answers the requests of the check in the process that runs the checked code. Called before that code is loaded:
 * it keeps what it needs to send for itself, and shuts the doors that Node's permission model leaves open. Answers
 * that the code's own background work fails, or that it waits for something that nothing will settle, come from here.
 */
export function serve(answer: (request: Request) => Promise<Reply>): void {
  const send = process.send?.bind(process);
  const { channel } = process;
  const immediate = setImmediate;
  let token = "";
  let failure: CheckProblem | null = null;
  let isPending = false;

  const reply = (content: Reply): void => {
    if (!isPending) return;
    isPending = false;
    channel?.ref();
    send?.({ token, reply: content } satisfies SealedReply);
  };
  const fail = (thrown: unknown): void => {
    failure ??= background(thrown);
    reply(failure);
  };

  process.on("message", (request: Request) => {
    if (request.kind === "open") token ||= request.token;
    isPending = true;
    if (failure !== null) return reply(failure);
    // While it waits, only the checked code keeps the process alive.
    channel?.unref();
    // A rejection that nobody handles is reported only after the turn in which the answer is ready.
    void answer(request).then((content) => immediate(() => reply(content)), fail);
  });
  process.on("unhandledRejection", fail);
  process.on("uncaughtException", fail);
  process.on("beforeExit", () => reply(unsettled));
  process.on("disconnect", () => process.exit());
  closeNetwork();
}

const background = (thrown: unknown): CheckProblem => ({
  kind: "problem",
  code: "background",
  message: `work that it leaves running fails: ${describeFailure(thrown)}`,
  advice: "await what it starts, or handle the rejection",
});

const unsettled: CheckProblem = {
  kind: "problem",
  code: "unsettled",
  message: "it waits for a promise that nothing will settle",
  advice: "resolve the promise that is awaited, or leave out the await",
};

/** Node's permission model says nothing about the network before version 25. */
function closeNetwork(): void {
  const refuse = (resource: string): never => {
    throw Object.assign(new Error("the network is not allowed"), {
      code: "ERR_ACCESS_DENIED",
      permission: "Network",
      resource,
    });
  };
  Socket.prototype.connect = (...args: unknown[]) => refuse(address(args[0]));
  Server.prototype.listen = () => refuse("listening");
}

/** Internally a list of what the caller gave, of which the first entry is an object or a path. */
function address(target: unknown): string {
  const first: unknown = Array.isArray(target) ? target[0] : target;
  if (typeof first !== "object" || first === null) return String(first);
  const { host, port, path } = first as { host?: string; port?: number; path?: unknown };
  return typeof path === "string" ? path : `${host ?? "localhost"}:${port}`;
}
