import { describe, expect, test } from "vitest";
import { causeRules } from "../../src/check/cause-rules.ts";
import { namesText } from "../../src/check/report-names.ts";
import { summaryReport } from "../../src/check/report-summary.ts";
import { report, reporters } from "../../src/check/report.ts";
import type { CheckVerdict, TensorVerdict } from "../../src/check/verdict.ts";
import { cause, different, equal, failed, undecided, unexplained, unrepeatable, where } from "./verdicts.ts";

const text = (...verdicts: CheckVerdict[]): string => report(verdicts, "text", "1.2.3");

describe("the text report", () => {
  test("says of a success what was compared, at how many points, over which regions", () => {
    expect(text(equal)).toBe(`EQUAL  src/my.ts (backward) against the derived gradient of 2-4-3 --activation relu
  compared at 5 random points and in 4 exact draws: no counterexample found over the regions visited
  called as backward({ W2, b2, … }, x, y) returning { dW2, … }, nested arrays
  W2 has a column for each neuron
  visited: both branches at src/my.ts:7
  not visited: the branch where the comparison does not hold, at src/my.ts:9
  ✓ forward: its outputs are those of the network
  ✓ dW2
  ✓ db2
`);
  });

  test("names the mistake, sets the formulas side by side, and points at the source", () => {
    expect(text(different)).toContain(`  ✗ dW2: worst at dW2[2, 1]: expected 0.5, found 0.55
  ✗ db2: worst at db2[2, 1]: expected 0.25, found 0.5; found/expected is 2 everywhere
  ✓ dW3

  layer 2's δ is taken through W3 after its update [updated-weights]
    you compute  δ² = (W3 − η·dW3)ᵀδ³
    BP2 wants    δ² = W3ᵀδ³
    src/net.ts:12:7
    12 | \t  s += net.W3[k][j] * d3[k];
       | \t     ^^^
    Compute the δ of every layer first, then update.
    mend it: delta2[j] += W3[k][j] * delta3[k];

  in the derivation's names: delta3 is ∂J/∂z of layer 3, W3 its weights, delta2 ∂J/∂z of layer 2
  note: W3 is square, so that a transposed shape cannot show
`);
  });

  test("says of what did not run why, and what to do", () => {
    expect(text(failed)).toBe(
      "FAILED  src/my.ts against the derived gradient\n  it did not finish within 10 s\n  look for a loop without an end\n",
    );
  });

  test("counts several, the worst first", () => {
    expect(text(equal, different, failed)).toMatch(/\n\n3 checks: 1 failed, 1 different, 1 equal\n$/);
  });

  test("says that a comparison in numbers is one", () => {
    expect(text({ ...equal, method: "numeric", draws: 0 })).toMatch(
      /compared at 5 random points, in numbers only: equal within rounding/,
    );
  });

  test.each([
    [
      "a span over several lines is underlined to the end of the first",
      { endLine: 14, endColumn: 2 },
      /\n\s+\| \t {5}\^{23}\n/,
    ],
    ["a span outside the line still has a caret", { column: 99, endColumn: 120 }, /\| \t.*\^\n/],
    [
      "a long line is shown around the span",
      { column: 2001, endColumn: 2004, text: `${"x".repeat(2000)}BAD${"y".repeat(2000)}` },
      /\| x{20}BADy{77} …\n.*\| {21}\^\^\^\n/,
    ],
  ])("%s", (_, change, expected) => {
    const placed = { ...cause, where: { ...where, ...change } };
    expect(text({ ...different, cause: placed })).toMatch(expected);
  });

  test("several lines that mend it are a block", () => {
    const fix = "for (let j = 0; j < 4; j++) {\n  d[j] = s[j];\n}";
    expect(text({ ...different, cause: { ...cause, fix } })).toContain(
      "\n    mend it:\n      for (let j = 0; j < 4; j++) {\n        d[j] = s[j];\n      }\n",
    );
  });

  test("names that are the user's own, as those of other models are, are not explained", () => {
    expect(text({ ...different, network: null, model: "model.eq" })).not.toContain("names");
  });

  test("a second mistake follows the first", () => {
    const also = [{ ...cause, id: "sign", message: "the step adds the gradient" } as const];
    expect(text({ ...different, cause: { ...cause, also } })).toMatch(/\[updated-weights\][\s\S]*\[sign\][\s\S]*names/);
    expect(text({ ...different, cause: { ...cause, also } }).match(/derivation's names/g)).toHaveLength(1);
  });
});

test.each(Object.entries(causeRules))("the help of %s is one sentence", (_, { help }) => {
  expect(help).toMatch(/^[A-Z]((?!\. ).)*\.$/s);
});

test.each([
  ["s += W3[k][j] * delta3[k]; da2[j] = s;", "delta3 is ∂J/∂z of layer 3, W3 its weights, da2 ∂J/∂a of layer 2"],
  ["dW2[j][k] = delta2[j] * a1[k]", "delta2 is ∂J/∂z of layer 2, dW2 its ∂J/∂W, a1 the activations of layer 1"],
  ["z2[j] = b2[j] + sum2 + most3", "z2 are the pre-activations of layer 2, b2 its biases"],
  ["s = x[j]", null],
])("the names in %s", (code, expected) => {
  expect(namesText(code)).toBe(expected);
});

test("no colour unless asked for", () => {
  expect(report(different, "text", "1", { useColor: true })).toContain("\u001b[31mDIFFERENT");
  expect(report(different, "text", "1")).not.toContain("\u001b");
});

describe("what the checked code says cannot steer what reads the report", () => {
  const hostile = "\u001b[2Jgone\u0007 ]]> <b> \ud800 \u202e a\r\n::error::forged\n##[error]too";
  const verdict: CheckVerdict = {
    ...failed,
    file: "a,b:c%.ts",
    problem: { code: "threw", message: hostile, advice: "mend it" },
  };
  test.each(reporters.filter((name) => name !== "json"))("%s", (reporter) => {
    const printed = report(verdict, reporter, "1");
    expect(printed).toContain("\\u001b[2Jgone".replace("\\", reporter === "sarif" ? "\\\\" : "\\"));
    expect(printed).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e\ud800]/);
  });
  test("no line of it is a workflow command", () => {
    const lines = report(verdict, "github", "1").split("\n");
    expect(lines.filter((line) => line.trim().startsWith("::"))).toEqual([
      expect.stringMatching(
        /^::error file=a%2Cb%3Ac%25\.ts,line=1,title=failed%3A a%2Cb%3Ac%25\.ts::.*%0A::error::forged/,
      ),
    ]);
    expect(lines.filter((line) => !line.startsWith("::")).join()).not.toContain("##[");
  });
});

test("JSON is an object for one verdict and a list for several", () => {
  expect(JSON.parse(report(different, "json", "1.2.3"))).toEqual({
    deltarule: "1.2.3",
    ...(JSON.parse(JSON.stringify(different)) as object),
  });
  expect(JSON.parse(report([different, equal], "json", "1"))).toMatchObject([
    { verdict: "different" },
    { verdict: "equal" },
  ]);
});

describe("GitHub annotations", () => {
  const commands = (...verdicts: CheckVerdict[]): string[] =>
    report(verdicts, "github", "1", { fromRoot: (path) => `sub/${path}` })
      .split("\n")
      .filter((line) => line.startsWith("::"));

  test("the cause at its place first, then the tensors that differ, the worst first", () => {
    expect(commands(different)).toEqual([
      "::error file=sub/src/net.ts,line=12,endLine=12,col=7,endColumn=9,title=updated-weights%3A src/my.ts (backward)::layer 2's δ is taken through W3 after its update%0Ayou compute: δ² = (W3 − η·dW3)ᵀδ³%0ABP2 wants: δ² = W3ᵀδ³%0ACompute the δ of every layer first, then update.%0Amend it: delta2[j] += W3[k][j] * delta3[k];",
      "::error file=sub/src/my.ts,line=1,title=db2 differs%3A src/my.ts (backward)::worst at db2[2, 1]: expected 0.25, found 0.5; found/expected is 2 everywhere",
      "::error file=sub/src/my.ts,line=1,title=dW2 differs%3A src/my.ts (backward)::worst at dW2[2, 1]: expected 0.5, found 0.55",
    ]);
  });
  test("ten at most", () => {
    const tensors = Array.from({ length: 30 }, (_, i) => ({
      ...(different.tensors[0] as TensorVerdict),
      name: `dW${i}`,
    }));
    expect(commands({ ...different, tensors })).toHaveLength(10);
  });
  test.each([
    ["a success", equal, 0],
    ["a check that failed", failed, 1],
    ["one that is undecided", undecided, 1],
    ["one that no tensor shows", unrepeatable, 1],
    ["tensors without a cause", unexplained, 2],
    ["a warning", { ...equal, warnings: ["relu′(0) is taken as 1"] }, 1],
  ] as const)("of %s: %#", (_, verdict, expected) => {
    expect(commands(verdict)).toHaveLength(expected);
  });
  test("the log says what was compared", () => {
    expect(report(equal, "github", "1")).toContain(text(equal));
  });
});

describe("the job summary", () => {
  test("is a table with a row for each check", () => {
    const lines = summaryReport([equal, different, failed]).split("\n");
    expect(lines.slice(0, 4)).toEqual(["### deltarule check", "", "3 checks: 1 failed, 1 different, 1 equal", ""]);
    expect(lines[6]).toBe(
      "| ✅ | <code>src/my.ts (backward)</code> | <code>2-4-3 --activation relu</code> | equal | at 5 random points and in 4 exact draws; visited: both branches at src/my.ts:7; not visited: the branch where the comparison does not hold, at src/my.ts:9 | no counterexample found over the regions visited |",
    );
    expect(lines[7]).toMatch(/^\| ❌ .* \| layer 2's δ is taken through W3 after its update \|$/);
    expect(lines[8]).toMatch(/^\| ❌ .* \| it did not finish within 10 s \|$/);
  });
  test("keeps to its cells whatever a message holds", () => {
    const message = "a | b\n<script>`x`</script> **c**\n```\nout";
    const summary = summaryReport([{ ...failed, problem: { code: "threw", message, advice: "mend" } }]);
    const row = summary.split("\n").find((line) => line.startsWith("| ❌")) ?? "";
    expect(row.match(/(?<!\\)\|/g)).toHaveLength(7);
    expect(row).not.toContain("<script>");
    expect(summary).toMatch(/^````text$[\s\S]*^````$/m);
  });
});
