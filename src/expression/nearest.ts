/** The known name that `name` was most likely meant to be, or null where none is near. */
export function nearest(name: string, known: Iterable<string>): string | null {
  const most = name.length <= 2 ? 1 : Math.ceil(name.length / 3);
  let best: string | null = null;
  let least = most + 1;
  for (const candidate of known) {
    const distance = edits(name.toLowerCase(), candidate.toLowerCase());
    // Two names that share no letter are not near, however short.
    const isNear = distance < Math.max(name.length, candidate.length);
    if (distance < least && isNear) [best, least] = [candidate, distance];
  }
  return best;
}

/** How many letters are inserted, left out, or exchanged between a and b. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchanged = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
