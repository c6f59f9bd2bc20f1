/** Runs `clean` if this process ends, on its own or by a signal, before what is returned is called. */
export function whenEnded(clean: () => void): () => void {
  if (cleanings.size === 0) listen();
  cleanings.add(clean);
  return () => {
    cleanings.delete(clean);
    if (cleanings.size === 0) deafen();
  };
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** One listener for all of them: Node warns of many. */
const cleanings = new Set<() => void>();

const cleanAll = (): void => {
  // The last first, as a process holds on to its folder.
  for (const clean of [...cleanings].reverse()) clean();
  cleanings.clear();
};

const handle = (signal: NodeJS.Signals): void => {
  cleanAll();
  deafen();
  process.kill(process.pid, signal);
};

function listen(): void {
  for (const signal of signals) process.on(signal, handle);
  process.on("exit", cleanAll);
}

function deafen(): void {
  for (const signal of signals) process.off(signal, handle);
  process.off("exit", cleanAll);
}
