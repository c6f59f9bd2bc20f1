import { SaxesParser, type SaxesTagPlain } from "saxes";
import { describe, expect, test } from "vitest";
import { report } from "../../src/check/report.ts";
import type { CheckVerdict } from "../../src/check/verdict.ts";
import { different, equal, failed, undecided, unexplained, unrepeatable } from "./verdicts.ts";

/** The elements of a document, in order; one that is not well-formed throws. */
function elementsOf(xml: string): readonly (SaxesTagPlain & { text: string })[] {
  const parser = new SaxesParser();
  const elements: (SaxesTagPlain & { text: string })[] = [];
  const open: (SaxesTagPlain & { text: string })[] = [];
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", (tag) => {
    const element = { ...tag, text: "" };
    elements.push(element);
    open.push(element);
  });
  parser.on("text", (text) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  });
  parser.on("closetag", () => {
    open.pop();
  });
  parser.write(xml).close();
  return elements;
}

const named = (name: string, ...verdicts: CheckVerdict[]) =>
  elementsOf(report(verdicts, "junit", "1")).filter((element) => element.name === name);

describe("JUnit XML", () => {
  test.each([
    ["a success has a case for its forward pass and each tensor", equal, ["forward", "dW2", "db2"], 0, 0],
    ["every tensor that differs is a failure", different, ["forward", "dW2", "db2", "dW3"], 2, 0],
    ["so it is without a cause", unexplained, ["forward", "dW2", "db2", "dW3"], 2, 0],
    ["what no tensor shows is a failure of its own", unrepeatable, ["dW2", "db2", "check"], 1, 0],
    ["a check that did not run is an error", failed, ["check"], 0, 1],
    ["an undecided one is an error", undecided, ["forward", "dW2", "db2", "check"], 0, 1],
    [
      "a forward pass that differs is a failure",
      { ...equal, verdict: "different", forward: { equal: false, message: "its outputs are those of tanh" } },
      ["forward", "dW2", "db2"],
      1,
      0,
    ],
  ] as const)("%s", (_, verdict, cases, failures, errors) => {
    expect(named("testcase", verdict).map(({ attributes }) => attributes.name)).toEqual(cases);
    expect(named("failure", verdict)).toHaveLength(failures);
    expect(named("error", verdict)).toHaveLength(errors);
    const counts = { tests: String(cases.length), failures: String(failures), errors: String(errors) };
    expect(named("testsuite", verdict)[0]?.attributes).toMatchObject({
      ...counts,
      name: expect.stringMatching(/^src\/my\.ts/) as string,
    });
    expect(named("testsuites", verdict)[0]?.attributes).toMatchObject(counts);
  });

  test("several files are suites of one document, whose counts add up", () => {
    expect(named("testsuite", equal, different, failed)).toHaveLength(3);
    expect(named("testsuites", equal, different, failed)[0]?.attributes).toMatchObject({
      tests: "8",
      failures: "2",
      errors: "1",
    });
  });

  test("the first failure has the whole report, and nothing is said again", () => {
    const [first, second] = named("failure", different);
    expect(first?.attributes.message).toBe(
      "worst at dW2[2, 1]: expected 0.5, found 0.55; layer 2's δ is taken through W3 after its update",
    );
    expect(first?.text).toBe(report(different, "text", "1"));
    expect(second?.attributes.message).toBe(
      "worst at db2[2, 1]: expected 0.25, found 0.5; found/expected is 2 everywhere",
    );
    expect(second?.text).toBe("");
    expect(named("system-out", different)).toEqual([]);
  });
  test.each([
    ["an error", "error", failed],
    ["what no tensor shows", "failure", unrepeatable],
  ] as const)("%s has the whole report", (_, name, verdict) => {
    expect(named(name, verdict).map(({ text }) => text)).toEqual([report(verdict, "text", "1")]);
  });

  test("a success says what was compared", () => {
    expect(named("system-out", equal)[0]?.text).toBe(report(equal, "text", "1"));
    expect(named("property", equal).map(({ attributes }) => `${attributes.name}=${attributes.value}`)).toContain(
      "points=5",
    );
  });

  test("a message comes back as it was, whatever it holds", () => {
    const message = "a < b && \"c\" > 'd' ]]> \u0000 \ud800\n\tnext";
    const verdict = { ...failed, problem: { code: "threw", message, advice: "mend it" } };
    expect(named("error", verdict)[0]?.attributes).toEqual({
      type: "threw",
      message: "a < b && \"c\" > 'd' ]]> \\u0000 \\ud800\n\tnext: mend it",
    });
  });
});
