import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SaxesParser } from "saxes";
import { afterAll, describe, expect, test } from "vitest";
import { baseline, contenders, limitOf, quickContenders, toleranceOf } from "../../bench/contenders.ts";
import { filesOf, reportText } from "../../bench/files.ts";
import { goals } from "../../bench/goals.ts";
import { loopsModule, type LoopStyle } from "../../bench/loops.ts";
import { benchNetwork, networks, quickNetworks } from "../../bench/networks.ts";
import { plotOf } from "../../bench/plot.ts";
import { deviation, makePoint, packPoint, tensorsOf, unpackPoint } from "../../bench/point.ts";
import { rooflineSource } from "../../bench/roofline.ts";
import { summarise, type Benchmark, type Result, type Run, type Summary } from "../../bench/result.ts";
import { subjectOf } from "../../bench/subject.ts";
import { testWith } from "../optional.ts";

/** Deep, not square, sizes that four does not divide, and more inputs than a chunk of the batch has. */
const shapes = ["2-3-1", "3-5-4-2", "67-6-3"].map(benchNetwork);
const points = new Map(shapes.map((network) => [network.name, makePoint(network)]));
const pointOf = (name: string): ReturnType<typeof makePoint> => points.get(name) as ReturnType<typeof makePoint>;
const folder = mkdtempSync(join(tmpdir(), "deltarule-bench-"));
afterAll(() => rmSync(folder, { recursive: true }));

const styles: readonly LoopStyle[] = ["arguments", "owned", "aliased", "accumulators"];

describe.each(shapes)("at $name", ({ name, sizes }) => {
  const point = pointOf(name);

  test.each(styles)("hand-written loops, %s, give the library's gradient and output", async (style) => {
    const module = join(folder, `${name}.${style}.mjs`);
    writeFileSync(module, loopsModule(sizes, style));
    const source = { kind: "loops", style } as const;
    for (const mode of style === "arguments"
      ? (["gradient", "forward", "batch"] as const)
      : (["gradient", "forward"] as const)) {
      const subject = await subjectOf(source, { mode, sizes, point, module });
      if (typeof subject === "string") throw new Error(subject);
      subject.step();
      expect(off(mode, subject.found()), mode).toBeLessThan(1e-13);
    }
  });

  test.each(["variable-loops", "arrays"] as const)("%s give the library's gradient and output", async (kind) => {
    for (const mode of ["gradient", "forward"] as const) {
      const subject = await subjectOf({ kind }, { mode, sizes, point, module: null });
      if (typeof subject === "string") throw new Error(subject);
      subject.step();
      expect(off(mode, subject.found()), mode).toBeLessThan(1e-13);
    }
  });

  testWith("cc").each([
    ["plain", "gradient", "-O3 -march=native -ffast-math"],
    ["plain", "forward", "-O3 -march=native -ffast-math"],
    ["plain", "batch", "-O3 -march=native -ffast-math"],
    ["tiled", "gradient", "-O2 -fno-tree-vectorize"],
    ["tiled", "forward", "-O2 -fno-tree-vectorize"],
  ] as const)("C, %s, gives the library's %s", (kind, mode, flags) => {
    const file = join(folder, `${name}.${kind}`);
    writeFileSync(`${file}.c`, rooflineSource(sizes, kind));
    writeFileSync(`${file}.bin`, new Uint8Array(packPoint(point, sizes).buffer));
    execFileSync("cc", [...flags.split(" "), `${file}.c`, "-o", file, "-lm"]);
    const printed = execFileSync(file, [`${file}.bin`, mode, "0", "0", "1"], { encoding: "utf8" });
    expect(printed).toMatch(/^\d\.\d{3}e[+-]\d+\n$/);
    expect(Number(printed)).toBeLessThan(1e-13);
  });

  function off(mode: "gradient" | "forward" | "batch", found: ArrayLike<number>): number {
    if (mode === "forward") return deviation(found, point.output, [[0, point.output.length]]);
    return deviation(found, mode === "batch" ? point.batchGradient : point.gradient, tensorsOf(sizes));
  }
});

describe("a point", () => {
  test("is the same after packing and unpacking", () => {
    const { sizes, name } = shapes[1] as (typeof shapes)[number];
    expect(unpackPoint(packPoint(pointOf(name), sizes), sizes)).toEqual(pointOf(name));
  });

  test("tells the mean squared error from the cross-entropy and from k times itself", () => {
    const { sizes, name } = shapes[1] as (typeof shapes)[number];
    const { gradient, crossEntropy } = pointOf(name);
    const most = Math.max(...contenders.map(toleranceOf));
    expect(deviation(crossEntropy, gradient, tensorsOf(sizes))).toBeGreaterThan(100 * most);
    expect(
      deviation(
        gradient.map((value) => 2 * value),
        gradient,
        tensorsOf(sizes),
      ),
    ).toBeCloseTo(1);
  });

  test.each([
    [
      "one entry of a small tensor",
      (values: Float64Array) => values.map((value, i) => (i === 12 ? 1.1 * value : value)),
    ],
    ["a value that is not a number", (values: Float64Array) => values.map((value, i) => (i === 3 ? NaN : value))],
    ["an array that is too short", (values: Float64Array) => values.slice(0, -1)],
  ])("shows %s", (_, spoil) => {
    const { gradient } = pointOf("2-3-1");
    expect(deviation(gradient, gradient, tensorsOf([2, 3, 1]))).toBe(0);
    expect(deviation(spoil(gradient), gradient, tensorsOf([2, 3, 1]))).toBeGreaterThan(0.01);
  });
});

describe("contenders", () => {
  test("have ids of their own, and what refers to them exists", () => {
    const ids = contenders.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      expect.arrayContaining([baseline, ...quickContenders, ...goals.flatMap((g) => [g.over, g.under])]),
    );
    const names = networks.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([...quickNetworks, ...goals.flatMap((g) => Object.keys(g.byNetwork))]),
    );
  });

  test("that are peers have an adapter each and exact versions", () => {
    const files = readdirSync(new URL("../../bench/peers/", import.meta.url));
    for (const { source } of contenders) {
      if (source.kind !== "peer") continue;
      expect(files).toContain(`${source.adapter}.mjs`);
      for (const name of source.packages) expect(name).toMatch(/@\d+\.\d+\.\d+/);
    }
  });

  test("that take too long at a network are left out with the reason", () => {
    const named = (id: string): (typeof contenders)[number] => contenders.find((c) => c.id === id) as never;
    expect(limitOf(named("simplegrad"), "gradient", benchNetwork("784-128-10"))).toBe(
      "not timed above 30,000 parameters",
    );
    expect(limitOf(named("brain1"), "forward", benchNetwork("8-16-16-16-4"))).toBe("not timed above 3 layers");
    expect(limitOf(named("brain1"), "gradient", benchNetwork("8-16-16-16-4"))).toBeNull();
    expect(limitOf(named("ours"), "gradient", benchNetwork("784-128-10"))).toBeNull();
  });
});

describe("a summary", () => {
  const timed = (...windows: number[]) => ({ status: "timed", deviation: 1e-16, windows }) as const;

  test("has the median and the spread of the best process, and the minimum of all", () => {
    expect(summarise([timed(30, 10, 50, 20, 40), timed(1, 100, 100, 100, 100)])).toEqual({
      status: "timed",
      deviation: 1e-16,
      median: 30,
      minimum: 1,
      spread: 0.66667,
      processes: [30, 100],
    });
  });

  test("is that of the process that was not timed, where there is one", () => {
    const wrong = { status: "wrong", deviation: 0.5 } as const;
    expect(summarise([timed(1), wrong])).toBe(wrong);
  });
});

const at = (median: number): Summary => ({
  status: "timed",
  deviation: 3e-16,
  median,
  minimum: median - 1,
  spread: 0.01,
  processes: [median],
});

const result = (contender: string, summary: Summary, network = "2-3-1", mode: Result["mode"] = "gradient"): Result => ({
  contender,
  network,
  mode,
  summary,
});

const runOf = (results: readonly Result[]): Run => ({
  started: "2026-01-02T03:04:05.000Z",
  machine: { cpu: "A <fast> CPU", cores: 2, node: "20.1.0", v8: "11.3", cc: "cc 12" },
  settings: { processes: 3, windows: 9, window: 5, warmUp: 1 },
  results,
});

const runs = [
  runOf([
    result("ours", at(40)),
    result("ours-exp-fast", { status: "unavailable", why: "error: unknown option '--exp'" }),
    result("loops", at(100)),
    result("synaptic", at(120)),
    result("neataptic", { status: "wrong", deviation: 0.25 }),
    result("c-native", at(36)),
    result("ours", at(30), "784-30-10"),
    result("loops", at(90), "784-30-10"),
    result("loops-arguments", at(200), "2-3-1", "batch"),
    result("c-native", at(10), "2-3-1", "batch"),
  ]),
  runOf([result("ours", at(30)), result("loops", at(99))]),
];

describe("the report", () => {
  test.each([
    ["the ratios of both runs beside the goal, and marks a miss", "| 2.50 ✗ · 3.30 (≥ 2.6) "],
    ["n/a where a run has no ratio", "| 1.11 · n/a (≤ 1.15) "],
    ["the fastest peer against ours", "3.00 (synaptic) · n/a"],
    ["the fastest loops against ours", "2.50 (hand-written loops) · 3.30 (hand-written loops)"],
    ["what a peer computes instead", "| synaptic (train step, cross-entropy deltas) "],
    ["why a contender was not timed", "error: unknown option '--exp'"],
    ["how far a wrong result is off", "not timed: 3e-1 off"],
    ["times as multiples of the loops' time in the same run", "| 0.40x "],
    ["batches as multiples of the loops over samples", "| 0.05x "],
    ["the machine of each run", "- Run 2: 2026-01-02 03:04 UTC · A <fast> CPU, 2 cores · node 20.1.0, V8 11.3 · cc 12"],
    ["the plot", "](benchmark.svg)"],
  ])("has %s", async (_, text) => {
    expect(await reportText(runs, "benchmark.svg")).toContain(text);
  });

  test("leaves out modes and contenders that were not asked for", async () => {
    const text = await reportText(runs, null);
    expect(text).not.toContain("Forward pass alone");
    expect(text).not.toContain("tfjs");
    expect(text).not.toContain(".svg");
  });

  test("and the plot in docs are what the numbers beside them give", async () => {
    const docs = new URL("../../docs/", import.meta.url);
    if (!existsSync(new URL("benchmark.json", docs))) return;
    const read = (extension: string): string => readFileSync(new URL(`benchmark${extension}`, docs), "utf8");
    const files = await filesOf((JSON.parse(read(".json")) as Benchmark).runs, "benchmark");
    for (const [extension, text] of Object.entries(files)) expect(read(extension)).toBe(text);
  });
});

describe("the plot", () => {
  const everyone = runOf(
    networks.flatMap(({ name, parameters }) =>
      contenders.map(({ id }, i) => result(id, at(100 + parameters * (1 + i / 50)), name)),
    ),
  );
  const texts: { text: string; y: number }[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  let open: number | null = null;
  parser.on("opentag", ({ name, attributes }) => (open = name === "text" ? Number(attributes.y) : null));
  parser.on("text", (text) => open !== null && text.trim() !== "" && texts.push({ text, y: open }));
  parser.write(plotOf(everyone)).close();

  test("names every contender that has a line, and every network, as text", () => {
    const named = texts.map(({ text }) => text);
    const plotted = contenders.filter(({ isPlotted }) => isPlotted === true).map(({ name }) => name);
    expect(plotted.length).toBeGreaterThan(12);
    expect(named).toEqual(expect.arrayContaining([...plotted, ...networks.map(({ name }) => name)]));
    expect(named.some((text) => text.includes("A <fast> CPU"))).toBe(true);
  });

  test("keeps names apart and inside, however close the lines end", () => {
    const names = new Set(contenders.map(({ name }) => name));
    const heights = texts.filter(({ text }) => names.has(text)).map(({ y }) => y);
    heights.sort((a, b) => a - b);
    heights.slice(1).forEach((y, i) => expect(y - (heights[i] as number)).toBeGreaterThanOrEqual(16.8));
    expect(heights[0]).toBeGreaterThan(0);
    expect(heights.at(-1)).toBeLessThan(680);
  });

  test("has a colour for a light and a dark page for each line", () => {
    const svg = plotOf(everyone);
    const lines = [...svg.matchAll(/<g class="c(\d+)"><path class="line/g)].map((match) => match[1]);
    for (const line of lines) expect(svg.split(`.c${line}{--c:hsl(`).length).toBe(3);
    expect(svg).toContain("@media(prefers-color-scheme:dark)");
  });

  test("is empty but well-formed where nothing was timed", () => {
    const svg = plotOf(runOf([result("ours", { status: "wrong", deviation: 1 })]));
    expect(() => new SaxesParser().write(svg).close()).not.toThrow();
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
});
