/** How many lines of a difference are shown. */
const mostLines = 12;

/** The first lines in which a file differs from what it should be. */
export function differenceOf(name: string, found: string, wanted: string): string {
  const [before, after] = [found.split("\n"), wanted.split("\n")];
  const first = after.findIndex((line, i) => line !== before[i]);
  const at = first < 0 ? after.length : first;
  let tail = 0;
  while (tail < Math.min(before.length, after.length) - at && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const shown = (mark: string, lines: readonly string[]): string[] => {
    const changed = lines.slice(at, lines.length - tail);
    const rest = changed.length - mostLines;
    return [
      ...changed.slice(0, mostLines).map((line) => `${mark} ${line}`),
      ...(rest > 0 ? [`${mark} … ${rest} more lines`] : []),
    ];
  };
  return `${[`${name}:${at + 1}`, ...shown("-", before), ...shown("+", after)].join("\n")}\n`;
}
