import {
  openImplementation,
  type CheckProblem,
  type Limits,
  type RunSuccess,
  type Session,
} from "../../src/implementation/index.ts";

const theta = Float64Array.from({ length: 13 }, (_, i) => Math.sin(i + 1));
const point = { theta, samples: [[Float64Array.of(0.1, 0.2), Float64Array.of(0.3)]] };

/** The layout of θ in a 2-3-1 network. */
const layout = [
  { name: "W2", offset: 0, rows: 3, columns: 2, sizes: [3, 2] },
  { name: "b2", offset: 6, rows: 3, columns: 1, sizes: [3] },
  { name: "W3", offset: 9, rows: 1, columns: 3, sizes: [1, 3] },
  { name: "b3", offset: 12, rows: 1, columns: 1, sizes: [1] },
];
const inputs = [
  { key: "x", name: "x", role: "input", sizes: [2], length: 2, isRead: true },
  { key: "y", name: "y", role: "target", sizes: [1], length: 1, isRead: false },
] as const;

export const patient: Limits = { seconds: 30, megabytes: 256 };

/** Two calls at the same point, in a 2-3-1 network. */
export const request: Parameters<Session["run"]>[0] = {
  sizes: null,
  layout,
  inputs,
  calls: [0, 0].map((instance) => ({ point, instance, rate: 0 })),
};

/** What two calls of a function of the file at the same point give. */
export async function callTwice(
  file: string,
  exportName: string,
  limits: Limits = patient,
): Promise<RunSuccess | CheckProblem> {
  const session = await openImplementation(file, { exportName, limits, isRecorded: false });
  if (session.kind === "problem") return session;
  try {
    return await session.run(request);
  } finally {
    await session.close();
  }
}

/** The first entries of both gradients, or the problem. */
export const entriesOf = (reply: RunSuccess | CheckProblem): unknown =>
  reply.kind === "problem" ? reply : reply.results.map(({ gradient }) => gradient.values[0]);
