import { contenders, type Contender } from "./contenders.ts";
import { benchNetwork } from "./networks.ts";
import type { Run } from "./result.ts";

const size = { width: 1070, height: 680 };
const area = { left: 76, right: 724, top: 96, bottom: 616 };
/** Lines of text do not come closer than this. */
const labelGap = 17;

interface Point {
  readonly parameters: number;
  readonly ns: number;
}

interface Line {
  readonly contender: Contender;
  readonly points: readonly Point[];
}

/**
 * The plot of a run as SVG: ns per sample for forward pass and full gradient against the number of parameters, both
 * logarithmic, one line per contender with its name at the end, rooflines dashed. Colours follow the reader's
 * light or dark scheme, and the text is text.
 */
export function plotOf(run: Run): string {
  const lines = linesOf(run);
  const points = lines.flatMap((line) => line.points);
  const x = scale(
    points.map(({ parameters }) => parameters),
    area.left,
    area.right,
  );
  const y = scale(
    points.map(({ ns }) => ns),
    area.bottom,
    area.top,
  );
  const title = "Forward pass and full gradient of one sample";
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${title}: ns per sample against parameters">`,
    styles(lines),
    `<rect class="paper" width="${size.width}" height="${size.height}" rx="8"/>`,
    `<text class="title" x="${area.left}" y="30">${title}</text>`,
    `<text class="small" x="${area.left}" y="48">${escapeXml(`node ${run.machine.node}, V8 ${run.machine.v8}, ${run.machine.cpu}`)}</text>`,
    ...grid(x, y),
    ...networkNames(run, x),
    ...lines.map((line, i) => drawLine(line, i, x, y)),
    ...labels(lines, x, y),
    "</svg>",
  ].join("\n")}\n`;
}

function linesOf({ results }: Run): readonly Line[] {
  return contenders
    .filter(({ isPlotted }) => isPlotted === true)
    .map((contender) => ({
      contender,
      points: results
        .flatMap(({ contender: id, network, mode, summary }) =>
          id === contender.id && mode === "gradient" && summary.status === "timed"
            ? [{ parameters: benchNetwork(network).parameters, ns: summary.median }]
            : [],
        )
        .sort((a, b) => a.parameters - b.parameters),
    }))
    .filter(({ points }) => points.length > 0);
}

interface Scale {
  readonly at: (value: number) => number;
  readonly decades: readonly number[];
}

/** Logarithmic, with room of a tenth of a decade at both ends. */
function scale(values: readonly number[], from: number, to: number): Scale {
  const logs = values.length === 0 ? [0, 1] : values.map(Math.log10);
  const [low, high] = [Math.min(...logs) - 0.1, Math.max(...logs) + 0.1];
  const first = Math.ceil(low);
  return {
    at: (value) => Math.round(10 * (from + ((Math.log10(value) - low) / (high - low)) * (to - from))) / 10,
    decades: Array.from({ length: Math.max(0, Math.floor(high) - first + 1) }, (_, i) => 10 ** (first + i)),
  };
}

function styles(lines: readonly Line[]): string {
  const rule = (isDark: boolean): string =>
    lines.map(({ contender }, i) => `.c${i}{--c:${colourOf(contender, isDark)}}`).join("");
  return `<style>
svg{--paper:#ffffff;--ink:#1f2328;--faint:#59636e;--grid:#d8dee4;font-family:system-ui,-apple-system,"Segoe UI",sans-serif}
${rule(false)}
@media(prefers-color-scheme:dark){svg{--paper:#0d1117;--ink:#e6edf3;--faint:#9198a1;--grid:#30363d}
${rule(true)}}
text{fill:var(--ink);font-size:13px}.title{font-size:16px;font-weight:600}.small{fill:var(--faint);font-size:12px}
.paper{fill:var(--paper)}.grid{stroke:var(--grid);stroke-width:1}.line{fill:none;stroke:var(--c);stroke-width:1.4;stroke-linejoin:round}
.ours{stroke-width:3}.loops{stroke-width:2.2}.c{stroke-dasharray:7 4;stroke-width:2}.dot{fill:var(--c)}.name{fill:var(--c)}.name.ours,.name.loops{font-weight:700}.leader{stroke:var(--c);stroke-width:.7;fill:none}
</style>`;
}

/** Hue and saturation by group; peers go round the circle. */
function colourOf({ id, group }: Contender, isDark: boolean): string {
  const peers = contenders.filter((contender) => contender.group === "peers");
  const hues: Readonly<Record<Contender["group"], readonly [number, number]>> = {
    ours: [{ ours: 215, "ours-wasm": 180, "ours-wasm-f32": 265 }[id] ?? 215, 85],
    loops: [0, 0],
    arrays: [30, 15],
    peers: [(peers.findIndex((peer) => peer.id === id) * 360) / peers.length, 45],
    c: [id === "c-native" ? 5 : 28, 80],
  };
  const [hue, saturation] = hues[group];
  return `hsl(${Math.round(hue)} ${saturation}% ${isDark ? 66 : 36}%)`;
}

function grid(x: Scale, y: Scale): readonly string[] {
  return [
    ...x.decades.map(
      (value) =>
        `<path class="grid" d="M${x.at(value)} ${area.top}V${area.bottom}"/><text class="small" x="${x.at(value)}" y="${area.bottom + 20}" text-anchor="middle">${value.toLocaleString("en")}</text>`,
    ),
    ...y.decades.map(
      (value) =>
        `<path class="grid" d="M${area.left} ${y.at(value)}H${area.right}"/><text class="small" x="${area.left - 8}" y="${y.at(value) + 4}" text-anchor="end">${duration(value)}</text>`,
    ),
    `<text x="${(area.left + area.right) / 2}" y="${area.bottom + 44}" text-anchor="middle">parameters</text>`,
  ];
}

function duration(ns: number): string {
  const [unit, name] = ns >= 1e6 ? [1e6, "ms"] : ns >= 1e3 ? [1e3, "µs"] : [1, "ns"];
  return `${ns / unit} ${name}`;
}

/** Above the lines; neighbours take turns between two rows. */
function networkNames({ results }: Run, x: Scale): readonly string[] {
  const names = [...new Set(results.map(({ network }) => network))]
    .map(benchNetwork)
    .sort((a, b) => a.parameters - b.parameters);
  return names.map(
    ({ name, parameters }, i) =>
      `<path class="grid" d="M${x.at(parameters)} ${area.top - 4}v8"/><text class="small" x="${x.at(parameters)}" y="${area.top - (i % 2 === 0 ? 8 : 22)}" text-anchor="middle">${name}</text>`,
  );
}

function drawLine({ contender, points }: Line, index: number, x: Scale, y: Scale): string {
  const at = points.map(({ parameters, ns }) => [x.at(parameters), y.at(ns)] as const);
  const path = at.map(([left, top], i) => `${i === 0 ? "M" : "L"}${left} ${top}`).join("");
  const dots = at.map(([left, top]) => `<circle class="dot" cx="${left}" cy="${top}" r="2.5"/>`).join("");
  return `<g class="c${index}"><path class="line ${contender.group}" d="${path}"/>${dots}</g>`;
}

/** Each name at the height at which its line ends, or as close to it as the others leave room. */
function labels(lines: readonly Line[], x: Scale, y: Scale): readonly string[] {
  const placed = lines
    .map(({ contender, points }, index) => {
      const { parameters, ns } = points.at(-1) as Point;
      return { contender, index, left: x.at(parameters), end: y.at(ns) };
    })
    .sort((a, b) => a.end - b.end);
  const heights = spreadOut(placed.map(({ end }) => end));
  return placed.map(({ contender, index, left, end }, i) => {
    const [start, height] = [area.right + 26, heights[i] as number];
    return `<g class="c${index}"><path class="leader" d="M${left + 4} ${end}L${area.right + 8} ${end}L${start - 4} ${height}"/><text class="name ${contender.group}" x="${start}" y="${height + 4}">${escapeXml(contender.name)}</text></g>`;
  });
}

/** Moves sorted heights apart: neighbours that are too close become a block around their middle, inside the plot. */
function spreadOut(wanted: readonly number[]): readonly number[] {
  const blocks: { middle: number; count: number }[] = [];
  for (const height of wanted) {
    let block = inside({ middle: height, count: 1 });
    for (let last = blocks.at(-1); last !== undefined && isCrowded(last, block); last = blocks.at(-1)) {
      blocks.pop();
      const count = last.count + block.count;
      block = inside({ middle: (last.middle * last.count + block.middle * block.count) / count, count });
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ middle, count }) =>
    Array.from({ length: count }, (_, i) => Math.round(10 * (middle + (i - (count - 1) / 2) * labelGap)) / 10),
  );
}

function inside({ middle, count }: { middle: number; count: number }): { middle: number; count: number } {
  const half = ((count - 1) / 2) * labelGap;
  return { middle: Math.max(area.top - 60 + half, Math.min(size.height - 20 - half, middle)), count };
}

const isCrowded = (above: { middle: number; count: number }, below: { middle: number; count: number }): boolean =>
  below.middle - above.middle < ((above.count + below.count) / 2) * labelGap;

const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
