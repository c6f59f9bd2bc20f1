import { format } from "prettier";
import { plotOf } from "./plot.ts";
import { reportOf } from "./report.ts";
import type { Benchmark, Run } from "./result.ts";

/** What is kept of runs: all numbers, the report, and the plot of the first run, which the report shows. */
export async function filesOf(
  runs: readonly Run[],
  name: string,
): Promise<Readonly<Record<".json" | ".md" | ".svg", string>>> {
  return {
    ".json": jsonOf({ version: 1, runs }),
    ".md": await reportText(runs, `${name}.svg`),
    ".svg": plotOf(runs[0] as Run),
  };
}

/** @param plot the plot's file, or null where there is none */
export const reportText = (runs: readonly Run[], plot: string | null): Promise<string> =>
  format(reportOf(runs, plot), { parser: "markdown", printWidth: 120 });

/** One result a line, so that differences between runs can be read. */
function jsonOf({ version, runs }: Benchmark): string {
  const texts = runs.map(({ results, ...run }) => {
    const head = JSON.stringify(run).slice(0, -1);
    return `${head},"results":[\n${results.map((result) => JSON.stringify(result)).join(",\n")}\n]}`;
  });
  return `{"version":${version},"runs":[\n${texts.join(",\n")}\n]}\n`;
}
