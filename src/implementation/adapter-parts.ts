import { adapterMark, type GradientCheck } from "./adapter.ts";
import { Misfit } from "./misfit.ts";

type Keys<T> = T extends unknown ? keyof T : never;
type Part = Keys<GradientCheck>;

interface PartRow {
  readonly type: "string" | "number" | "object" | "function";
  /** How it is written. */
  readonly example: string;
  /** What it has to fulfil besides, and how that is said. */
  readonly refuse?: (value: never) => string | null;
}

const parts = {
  network: { type: "string", example: 'network: "2-3-1"' },
  equations: { type: "string", example: 'equations: "model.eq"' },
  activation: { type: "string", example: 'activation: "tanh"' },
  loss: { type: "string", example: 'loss: "half-squared"; what the code computes as its loss is `objective`' },
  constants: { type: "object", example: "constants: { c: 3 }" },
  l1: { type: "number", example: "l1: 0.01" },
  l2: { type: "number", example: "l2: 0.01" },
  create: { type: "function", example: "create: () => new Network()" },
  setParameters: {
    type: "function",
    example: "setParameters: (net, { W2, b2, W3, b3 }) => { net.w1 = W2; net.b1 = b2; net.w2 = W3; net.b2 = b3; }",
  },
  parameters: {
    type: "function",
    example: "parameters: (net) => ({ W2: net.w1, b2: net.b1, W3: net.w2, b3: net.b2 })",
  },
  gradients: { type: "function", example: "gradients: (net, x, y) => net.backward(x, y)" },
  step: { type: "function", example: "step: (net, x, y, rate) => net.train(x, y, rate)" },
  forward: { type: "function", example: "forward: (net, x) => net.predict(x)" },
  objective: { type: "function", example: "objective: (net, x, y) => net.loss(x, y)" },
  batch: {
    type: "number",
    example: "batch: 4",
    refuse: (value: number) => (Number.isInteger(value) && value > 0 ? null : "a whole number above 0"),
  },
  reduction: {
    type: "string",
    example: 'reduction: "sum"',
    refuse: (value: string) => (value === "mean" || value === "sum" ? null : '"mean" or "sum"'),
  },
  learningRate: {
    type: "number",
    example: "learningRate: 0.1",
    refuse: (value: number) => (Number.isFinite(value) && value !== 0 ? null : "a number other than 0"),
  },
} satisfies Record<Part, PartRow>;

type Parts = Readonly<Record<string, unknown>>;

export const isMarked = (value: unknown): value is Parts =>
  typeof value === "object" && value !== null && (value as Parts)[adapterMark] === true;

/** Throws a Misfit that says which parts of an adapter are missing, unknown or of the wrong kind. */
export function refuseIncomplete(adapter: Parts): void {
  const has = (name: Part): boolean => (adapter[name] ?? null) !== null;
  const complaints: string[] = [];
  const wanted: Part[] = [];
  const complain = (text: string, ...needed: Part[]): void => {
    complaints.push(text);
    wanted.push(...needed);
  };
  if (!has("create")) complain("has no `create`", "create");
  if (!has("gradients") && !has("step")) complain("has no `gradients` and no `step`", "gradients", "step");
  if (has("gradients") && has("step")) complain("has both `gradients` and `step`, of which one is enough", "gradients");
  if (has("step") && !has("parameters"))
    complain("has a `step`, but no `parameters` by which its effect is read", "parameters");
  else if (!has("setParameters") && !has("parameters"))
    complain("has no `setParameters` and no `parameters`", "setParameters", "parameters");
  if (has("network") && has("equations")) complain("has both `network` and `equations`, of which it can be only one");
  for (const [name, value] of Object.entries(adapter)) {
    if (name === adapterMark || (value ?? null) === null) continue;
    if (!isPart(name)) complain(`has \`${name}\`, which is no part of one${nearestText(name)}`);
    else if (!isOfType(name, value)) complain(`has a \`${name}\` that is not ${expected(name)}`, name);
  }
  if (complaints.length === 0) return;
  const examples = [...new Set(wanted)].map((name) => parts[name].example);
  throw new Misfit(
    "adapter-incomplete",
    `the adapter ${complaints.join("; it ")}`,
    examples.length === 0 ? "leave it out, or write its right name" : `write ${examples.join(", or ")}`,
  );
}

const isPart = (name: string): name is Part => Object.hasOwn(parts, name);

function isOfType(name: Part, value: unknown): boolean {
  const { type, refuse }: PartRow = parts[name];
  return typeof value === type && (refuse?.(value as never) ?? null) === null;
}

function expected(name: Part): string {
  const { type, refuse }: PartRow = parts[name];
  const article = type === "object" ? "an" : "a";
  return refuse?.(undefined as never) ?? `${article} ${type}`;
}

function nearestText(name: string): string {
  const near = Object.keys(parts)
    .map((part) => ({ part, distance: editDistance(name.toLowerCase(), part.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  return near !== undefined && near.distance <= 3 ? `: did you mean \`${near.part}\`?` : "";
}

/** Levenshtein's. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (next[j - 1] as number) + 1,
          (row[j] as number) + 1,
          (row[j - 1] as number) + Number(a[i - 1] !== b[j - 1]),
        ),
      );
    row = next;
  }
  return row[b.length] as number;
}
