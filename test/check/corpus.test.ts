import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { checkGradient, type CheckVerdict } from "../../src/check/index.ts";
import { causeIds } from "../../src/mistakes/index.ts";
import { parseNetwork } from "../../src/network/index.ts";
import { corpus, type CorpusRow } from "../samples/check/corpus/corpus.ts";
import { checkedBugs } from "./checked-bugs.ts";

const rows: readonly CorpusRow[] = corpus;
const pathTo = (name: string): string => fileURLToPath(new URL(`../samples/check/corpus/${name}`, import.meta.url));

// Several checks at a time share the cores.
const limits = { seconds: 60 };

const check = ({ file, adapter, network, options, export: exportName }: CorpusRow): Promise<CheckVerdict> =>
  adapter === undefined
    ? checkGradient(pathTo(file), parseNetwork(network, options), { exportName, limits })
    : checkGradient(pathTo(adapter), null, { limits });

const verdicts = new Map<string, CheckVerdict>();
const isWarning = ({ expected }: CorpusRow): boolean => expected === "kink-convention";

describe("a right implementation is equal", () => {
  test.concurrent.each(rows.filter(({ expected }) => expected === "equal"))("$file ($network, $style)", async (row) => {
    const verdict = await check(row);
    verdicts.set(row.file, verdict);
    expect(verdict).toMatchObject({ verdict: "equal", cause: null, warnings: [] });
  });
});

describe("a wrong implementation is different, and the mistake has its name", () => {
  test.concurrent.each(rows.filter((row) => row.expected !== "equal" && !isWarning(row)))(
    "$expected: $file ($network, $style)",
    async (row) => {
      const verdict = await check(row);
      verdicts.set(row.file, verdict);
      const { cause } = verdict;
      expect({ verdict: verdict.verdict, cause: cause?.id }).toEqual({ verdict: "different", cause: row.expected });
    },
  );
});

describe("where the mistake is, in the line that makes it", () => {
  test.each(rows.filter((row) => row.line !== undefined && !isWarning(row)))("$file", ({ file, line = "" }) => {
    expect(verdicts.get(file)?.cause?.where?.text).toContain(line);
  });
});

describe("another convention at a kink is equal, with a warning", () => {
  test.concurrent.each(rows.filter(isWarning))("$file ($network, $style)", async (row) => {
    const verdict = await check(row);
    verdicts.set(row.file, verdict);
    expect(verdict).toMatchObject({ verdict: "equal", cause: null });
    expect(verdict.warnings).not.toEqual([]);
  });
});

describe("the corpus", () => {
  test.each(causeIds)("has two implementations in different styles for %s", (id) => {
    const styles = rows.filter(({ expected }) => expected === id).map(({ style }) => style);
    expect(new Set(styles).size).toBeGreaterThanOrEqual(2);
  });
});

test("docs/checked-bugs.md tells the verdicts as they are; `npx vitest run test/check/corpus.test.ts -u` mends it", async ({
  skip,
}) => {
  const checked = rows.flatMap((row) => {
    const verdict = verdicts.get(row.file);
    return verdict === undefined ? [] : [{ row, verdict }];
  });
  skip(checked.length < rows.length, "not every row was checked");
  await expect(await checkedBugs(checked)).toMatchFileSnapshot("../../docs/checked-bugs.md");
});
