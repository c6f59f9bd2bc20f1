import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkGradient } from "../../src/check/index.ts";
import { seeded } from "../../src/exact/index.ts";
import { openImplementation, type BatchPoint, type CallResult } from "../../src/implementation/index.ts";
import { parseNetwork } from "../../src/network/index.ts";
import { buildProgram, drawPoint } from "../../src/program/index.ts";
import { corpus, type CorpusRow } from "../samples/check/corpus/corpus.ts";
import { editsOf, type Edit } from "./edits.ts";

/** Every so many edits one is tried; EDITS=1 tries all, which takes a quarter of an hour. */
const every = Number(process.env.EDITS ?? 60);
const limits = { seconds: 5, megabytes: 512 };

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "deltarule-edits-"));
  await cp(new URL("../samples/check/corpus", import.meta.url).pathname, folder, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

type Behaviour = readonly (readonly number[])[] | null;

/** What the code gives at points of its own, by which it is known whether an edit changes it; null where it fails. */
async function behaviour(row: CorpusRow): Promise<Behaviour> {
  const session = await openImplementation(join(folder, row.adapter ?? row.file), {
    exportName: row.export ?? null,
    limits,
    isRecorded: false,
  });
  if (session.kind === "problem") return null;
  try {
    const program = buildProgram(parseNetwork(row.network, row.options));
    const { batch } = session.description;
    const points = Array.from({ length: 6 }, (_, i): BatchPoint => {
      const random = seeded(7_000 + i);
      const targets = row.options.activation?.includes("softmax") === true ? "distribution" : "free";
      const first = drawPoint(program, random, { targets, isSingle: true });
      const { theta } = first;
      const draw = () => drawPoint(program, random, { theta, targets, isSingle: true }).inputs;
      return { theta, samples: [first.inputs, ...Array.from({ length: (batch ?? 1) - 1 }, draw)] };
    });
    const calls = points.flatMap((point, i) => {
      const call = { point, instance: i, rate: 0.5 };
      return [call, { ...call, rate: 0.25 }];
    });
    const { sizes } = parseNetwork(row.network);
    const reply = await session.run({ sizes, layout: program.layout, inputs: program.inputs, calls });
    return reply.kind === "problem" ? null : reply.results.map(everything);
  } finally {
    await session.close();
  }
}

const everything = ({ gradient, loss, output }: CallResult): readonly number[] => [
  ...gradient.values,
  ...(loss?.values ?? []),
  ...(output?.values ?? []),
];

const isSameBehaviour = (a: Behaviour, b: Behaviour): boolean =>
  a !== null &&
  b !== null &&
  a.every((list, i) =>
    list.every((value, j) => Math.abs(value - (b[i]?.[j] ?? NaN)) <= 1e-9 * Math.max(1e-3, Math.abs(value))),
  );

async function verdictOf(row: CorpusRow): Promise<string> {
  const file = join(folder, row.adapter ?? row.file);
  const subject = row.adapter === undefined ? parseNetwork(row.network, row.options) : null;
  return (await checkGradient(file, subject, { exportName: row.export, limits })).verdict;
}

const right = corpus.filter(({ expected }: CorpusRow) => expected === "equal");
const counts = { changed: 0, caught: 0, unchanged: 0, passed: 0 };

describe(`edits of right implementations, one in ${every}`, () => {
  test.each(right)("$file: an edit that changes the gradient is caught, another is passed", async (row: CorpusRow) => {
    const path = join(folder, row.file);
    const source = await readFile(path, "utf8");
    const before = await behaviour(row);
    expect(before).not.toBeNull();
    const offset = right.indexOf(row as never);
    const wrong: (Edit & { verdict: string })[] = [];
    for (const edit of editsOf(source).filter((_, i) => (i + offset) % every === 0)) {
      await writeFile(path, edit.source);
      const isSame = isSameBehaviour(before, await behaviour(row));
      const verdict = await verdictOf(row);
      counts[isSame ? "unchanged" : "changed"]++;
      if ((verdict === "equal") === isSame) counts[isSame ? "passed" : "caught"]++;
      else wrong.push({ ...edit, source: "", verdict });
    }
    await writeFile(path, source);
    expect(wrong).toEqual([]);
  });

  test("some of each kind were tried", () => {
    console.log(
      `${counts.changed} edits that change what the code gives: ${counts.caught} caught; ${counts.unchanged} that do not: ${counts.passed} passed`,
    );
    expect(counts.changed).toBeGreaterThan(5);
  });
});
