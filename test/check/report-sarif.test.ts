import { describe, expect, test } from "vitest";
import { causeRules } from "../../src/check/cause-rules.ts";
import { report } from "../../src/check/report.ts";
import type { CheckVerdict } from "../../src/check/verdict.ts";
import { causeIds } from "../../src/mistakes/index.ts";
import { cause, different, equal, failed, undecided, unexplained, unrepeatable } from "./verdicts.ts";

interface Result {
  ruleId: string;
  ruleIndex: number;
  level: string;
  message: { text: string };
  locations: [
    { physicalLocation: { artifactLocation: { uri: string; uriBaseId?: string }; region: Record<string, unknown> } },
  ];
  partialFingerprints: Record<string, string>;
}
interface Rule {
  id: string;
  shortDescription: { text: string };
  help: { text: string };
}
interface Log {
  version: string;
  $schema: string;
  runs: [
    {
      tool: { driver: { name: string; rules: Rule[] } };
      invocations: [
        { executionSuccessful: boolean; toolExecutionNotifications: { level: string; message: { text: string } }[] },
      ];
      results: Result[];
    },
  ];
}
const run = (...verdicts: CheckVerdict[]): Log["runs"][0] =>
  (JSON.parse(report(verdicts, "sarif", "1.2.3")) as Log).runs[0];

/** What the schema of SARIF 2.1.0 requires of the objects used here: required keys, closed sets of words, bounds. */
function violations(log: Log): string[] {
  const found: string[] = [];
  const must = (holds: boolean, what: string): unknown => holds || found.push(what);
  const known = (object: object, keys: string, where: string): void =>
    Object.keys(object).forEach((key) => must(keys.split(" ").includes(key), `${where} has no ${key}`));
  known(log, "$schema version runs", "a log");
  must(log.version === "2.1.0" && URL.canParse(log.$schema), "version and schema");
  for (const run of log.runs) {
    known(run, "tool columnKind invocations results", "a run");
    known(run.tool.driver, "name semanticVersion rules", "a driver");
    must(run.tool.driver.name !== "", "a driver has a name");
    const ids = run.tool.driver.rules.map(({ id }) => id);
    must(new Set(ids).size === ids.length, "rules have ids of their own");
    for (const rule of run.tool.driver.rules) {
      known(rule, "id name shortDescription fullDescription help defaultConfiguration", "a rule");
      must(rule.shortDescription.text !== "" && rule.help.text !== "", `${rule.id} has texts`);
    }
    for (const invocation of run.invocations) {
      known(invocation, "executionSuccessful toolExecutionNotifications", "an invocation");
      must(typeof invocation.executionSuccessful === "boolean", "an invocation says whether it was successful");
    }
    for (const result of run.results) {
      known(result, "ruleId ruleIndex level message locations partialFingerprints", "a result");
      must(ids[result.ruleIndex] === result.ruleId, "the index is the rule's");
      must(["none", "note", "warning", "error"].includes(result.level), "a level of the four");
      must(result.message.text !== "", "a message has a text");
      const { artifactLocation, region } = result.locations[0].physicalLocation;
      known(artifactLocation, "uri uriBaseId", "an artifact location");
      must(URL.canParse(artifactLocation.uri, "file:///root/"), "a URI");
      known(region, "startLine startColumn endLine endColumn snippet", "a region");
      must(
        Object.entries(region).every(([key, n]) => key === "snippet" || (Number.isInteger(n) && Number(n) >= 1)),
        "lines and columns from 1",
      );
    }
  }
  return found;
}

describe("SARIF 2.1.0", () => {
  test.each([
    ["a success has no result", equal, []],
    ["a mistake is a result with its own rule", different, ["updated-weights"]],
    ["a difference without a name", unexplained, ["gradient-differs"]],
    ["another answer each time", unrepeatable, ["gradient-differs"]],
    ["a check that did not run", failed, ["check-failed"]],
    ["an undecided one", undecided, ["check-undecided"]],
    ["a warning", { ...equal, warnings: ["relu′(0) is taken as 1"] }, ["check-warning"]],
    [
      "two mistakes",
      { ...different, cause: { ...cause, also: [{ ...cause, id: "sign" }] } },
      ["updated-weights", "sign"],
    ],
  ] as const)("%s", (_, verdict, rules) => {
    const log = JSON.parse(report(verdict, "sarif", "1.2.3")) as Log;
    expect(violations(log)).toEqual([]);
    expect(log.runs[0].results.map(({ ruleId }) => ruleId)).toEqual(rules);
  });

  test("what is no success is an error, and a warning is a warning", () => {
    const warned = { ...equal, warnings: ["relu′(0) is taken as 1"] };
    const levels = [different, unexplained, failed, undecided, warned].map((verdict) => run(verdict).results[0]?.level);
    expect(levels).toEqual(["error", "error", "error", "error", "warning"]);
  });

  test("every mistake has a rule with its id, whatever was found", () => {
    expect(run(equal).tool.driver.rules.map(({ id }) => id)).toEqual(expect.arrayContaining([...causeIds]));
    expect(run(equal).tool.driver.rules).toEqual(run(different).tool.driver.rules);
  });

  test("the result lies where the mistake is, and says both formulas", () => {
    const [result] = run(different).results;
    expect(result?.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "src/net.ts", uriBaseId: "%SRCROOT%" },
      region: {
        startLine: 12,
        startColumn: 7,
        endLine: 12,
        endColumn: 10,
        snippet: { text: "\t  s += net.W3[k][j] * d3[k];" },
      },
    });
    expect(result?.message.text).toMatch(/you compute: .*\nBP2 wants: /);
  });

  test("a success says what was compared, and a failed check is no successful run", () => {
    const [invocation] = run(equal).invocations;
    expect(invocation.executionSuccessful).toBe(true);
    expect(invocation.toolExecutionNotifications[0]).toMatchObject({ level: "note" });
    expect(invocation.toolExecutionNotifications[0]?.message.text).toMatch(
      /in 4 exact draws: no counterexample found over the regions visited/,
    );
    expect(run(equal, failed).invocations[0].executionSuccessful).toBe(false);
  });

  test.each([
    ["a path with spaces and marks", "a b/#c%.ts", { uri: "a%20b/%23c%25.ts", uriBaseId: "%SRCROOT%" }],
    ["one outside the repository", "/else/x.ts", { uri: "file:///else/x.ts" }],
  ])("%s is a URI", (_, file, expected) => {
    expect(run({ ...failed, file }).results[0]?.locations[0].physicalLocation.artifactLocation).toEqual(expected);
  });

  test("titles are short enough to be shown whole, and no two are alike", () => {
    const titles = Object.values(causeRules).map(({ title }) => title);
    expect(Math.max(...titles.map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(new Set(titles).size).toBe(titles.length);
  });
});
