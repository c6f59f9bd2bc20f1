import type { Recording, Site } from "../implementation/index.ts";

/**
 * Over which branches of the checked code a recorded run holds: a sentence for each place at which a number that
 * depends on the inputs was compared.
 */
export function regionsOf({ comparisons }: Recording, sites: readonly Site[]): readonly string[] {
  const places = new Map<number, { holds: number; fails: number; relation: string }>();
  for (const { site, holds, relation } of comparisons) {
    const seen = places.get(site) ?? { holds: 0, fails: 0, relation };
    places.set(site, { ...seen, holds: seen.holds + (holds ? 1 : 0), fails: seen.fails + (holds ? 0 : 1) });
  }
  if (places.size === 0) return ["no branch of the code depends on its inputs"];
  return [...places]
    .sort(([a], [b]) => a - b)
    .map(([site, { holds, fails }]) => {
      const at = sites[site];
      const where = at === undefined ? "a comparison" : `${at.file}:${at.line}`;
      if (fails === 0) return `${where}: the comparison held in all ${times(holds)}; the other branch was not visited`;
      if (holds === 0)
        return `${where}: the comparison held in none of ${times(fails)}; the other branch was not visited`;
      return `${where}: both branches (held ${times(holds)}, did not ${times(fails)})`;
    });
}

const times = (count: number): string => `${count} time${count === 1 ? "" : "s"}`;
