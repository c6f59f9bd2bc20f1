import type { Recording, Site } from "../implementation/index.ts";

/**
 * Over which branches of the checked code a recorded run holds: where numbers that depend on the inputs were
 * compared, and which way that went, a sentence each.
 */
export function regionsOf({ comparisons }: Recording, sites: readonly Site[]): readonly string[] {
  const places = new Map<number, { holds: number; fails: number }>();
  for (const { site, holds } of comparisons) {
    const seen = places.get(site) ?? { holds: 0, fails: 0 };
    places.set(site, { holds: seen.holds + (holds ? 1 : 0), fails: seen.fails + (holds ? 0 : 1) });
  }
  if (places.size === 0) return ["visited: all of the code, as no branch of it depends on the inputs"];
  const named = (wanted: (seen: { holds: number; fails: number }) => boolean): readonly string[] =>
    [...places].filter(([, seen]) => wanted(seen)).map(([site]) => placeOf(sites[site]));
  const both = named(({ holds, fails }) => holds > 0 && fails > 0);
  const always = named(({ fails }) => fails === 0);
  const never = named(({ holds }) => holds === 0);
  return [
    ...(both.length === 0 ? [] : [`visited: both branches at ${listed(both)}`]),
    ...(always.length === 0
      ? []
      : [`not visited: the branch where the comparison does not hold, at ${listed(always)}`]),
    ...(never.length === 0 ? [] : [`not visited: the branch where the comparison holds, at ${listed(never)}`]),
  ];
}

const placeOf = (at: Site | undefined): string => (at === undefined ? "a place unknown" : `${at.file}:${at.line}`);

/** Each place once, in the order of the source, and its file named where it changes; of many only the first. */
function listed(places: readonly string[]): string {
  const most = 8;
  const each = [...new Set(places)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const shown = each.slice(0, most).map((place, i) => {
    const [file, line] = [place.slice(0, place.lastIndexOf(":")), place.slice(place.lastIndexOf(":") + 1)];
    return i > 0 && each[i - 1]?.startsWith(`${file}:`) === true ? line : place;
  });
  return `${shown.join(", ")}${each.length > most ? ` and ${each.length - most} more` : ""}`;
}
