import { argumentsFor, conventionsFor, extract, Misfit, type Extracted } from "./conventions.ts";
import type { GradientPoint } from "../program/index.ts";
import type { CheckProblem, CheckReply, CheckRequest, Convention, PointResult } from "./messages.ts";

/** Runs in a process of its own, apart from the check, since the code it runs may do anything. */
process.once("message", (request: CheckRequest) => {
  void run(request)
    .catch((error: unknown) => problem("failed", `checking it fails: ${messageOf(error)}`, advice(request).convention))
    .then((reply) => process.send?.(reply, () => process.disconnect()));
});

/** What the gradient array holds before a call: not zero, which a gradient may be. */
const fillings = [0.2689414214, 0.7310585786] as const;

type Backward = (...args: unknown[]) => unknown;

const problem = (code: string, message: string, advice: string): CheckProblem => ({
  kind: "problem",
  code,
  message,
  advice,
});
const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

async function run(request: CheckRequest): Promise<CheckReply> {
  let exports: Record<string, unknown>;
  try {
    exports = (await import(request.bundle)) as Record<string, unknown>;
  } catch (error) {
    return problem(
      "import-failed",
      `importing the file throws ${messageOf(error)}`,
      "make sure that the file can be imported by itself",
    );
  }
  const backward = findExport(exports, request.exportName);
  if (typeof backward !== "function") {
    const names = [...new Set([...Object.keys(exports), ...Object.keys(exports.default ?? {})])].filter(
      (name) => name !== "default",
    );
    return problem(
      "export-missing",
      backward === undefined
        ? `the file exports no ${request.exportName}`
        : `the export ${request.exportName} is not a function`,
      names.length === 0
        ? "export the function that computes the gradient"
        : `name one of its exports with --export: ${names.join(", ")}`,
    );
  }
  try {
    return await callAll(backward as Backward, request);
  } catch (error) {
    if (error instanceof Misfit) {
      const known = advice(request);
      return problem(error.code, error.message, known[error.code] ?? known.convention);
    }
    throw error;
  }
}

const advice = ({
  layout,
  inputs,
}: CheckRequest): Readonly<Record<string, string>> & { readonly convention: string } => {
  const given = inputs.map(({ name }) => `, ${name}`).join("");
  const names = layout.slice(0, 2).map(({ name }) => name);
  const contract = `backward(theta${given}, gradient)`;
  const listed = (parts: readonly string[]): string => `{ ${parts.join(", ")}, … }`;
  return {
    convention: `write the gradient function as ${contract}, or let backward(parameters${given}) return ${listed(names.map((name) => `d${name}`))}`,
    threw: `call it by hand with the inputs it expects; deltarule calls ${contract} or backward(${listed(names)}${given})`,
    "not-finite": "look for a division by zero, an index outside an array, or a variable without a value",
    "mutated-input": "work on copies: the caller's parameters, input and target must stay as they are",
  };
};

const findExport = (exports: Record<string, unknown>, name: string): unknown =>
  exports[name] ??
  (exports.default as Record<string, unknown> | undefined)?.[name] ??
  (name === "default" ? exports.default : undefined);

async function callAll(backward: Backward, request: CheckRequest): Promise<CheckReply> {
  const [first] = request.points as [GradientPoint];
  const convention = await fittingConvention(backward, first, request);
  const results: PointResult[] = [];
  for (const point of request.points) {
    const once = await call(backward, convention, point, request, fillings[0]);
    const again = await call(backward, convention, point, request, fillings[1]);
    results.push({
      gradient: again.gradient,
      loss: again.loss,
      isRepeatable: again.gradient.every((v, i) => Object.is(v, once.gradient[i])),
    });
  }
  return { kind: "success", convention, results };
}

async function fittingConvention(backward: Backward, point: GradientPoint, request: CheckRequest): Promise<Convention> {
  const misfits: Misfit[] = [];
  for (const convention of conventionsFor(backward, request)) {
    try {
      await call(backward, convention, point, request, fillings[0]);
      return convention;
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      misfits.push(error);
    }
  }
  throw misfits.reduce((best, misfit) => (misfit.rank > best.rank ? misfit : best));
}

async function call(
  backward: Backward,
  convention: Convention,
  point: GradientPoint,
  request: CheckRequest,
  filling: number,
): Promise<Extracted> {
  const { layout } = request;
  const gradient = new Float64Array(point.theta.length).fill(filling);
  const args = argumentsFor(convention, point, request, gradient);
  const given = convention === "contract" ? args.slice(0, -1) : args;
  const before = JSON.stringify(given);
  let returned: unknown;
  try {
    returned = await backward(...args);
  } catch (error) {
    throw new Misfit(0, "threw", `it throws ${messageOf(error)}`);
  }
  if (convention === "contract" && gradient.every((v) => v === filling))
    throw new Misfit(1, "no-gradient", "it writes nothing to the gradient array that it is given");
  const extracted = extract(convention, returned, gradient, layout);
  if (JSON.stringify(given) !== before)
    throw new Misfit(5, "mutated-input", "it changes its inputs (the parameters, the input or the target)");
  const bad = extracted.gradient.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const tensor = layout.find(({ offset, rows, columns }) => bad >= offset && bad < offset + rows * columns);
    throw new Misfit(
      4,
      "not-finite",
      `d${tensor?.name ?? "?"}[${bad - (tensor?.offset ?? 0)}] is ${extracted.gradient[bad]}`,
    );
  }
  return extracted;
}
