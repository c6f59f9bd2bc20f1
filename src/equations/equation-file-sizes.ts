import { unknownName } from "../expression/index.ts";
import type { Issues } from "./equation-file-issues.ts";
import { mostSteps, type Placed } from "./equation-file-steps.ts";

const largestSize = 100_000;

/** The values of the sizes, each checked; every size that a range has must have one. */
export function readSizes(
  statements: readonly Placed[],
  broken: ReadonlySet<string>,
  issues: Issues,
): ReadonlyMap<string, number> {
  const ranges = statements.filter((s) => s.kind === "index");
  const named = new Set(ranges.map(({ size }) => size.text));
  const sizes = new Map<string, number>();
  for (const statement of statements) {
    if (statement.kind !== "size") continue;
    const { name, value, valueAt, line } = statement;
    if (!named.has(name.name) && !broken.has(name.name)) {
      const { message } = unknownName(name.name, name.at, "name", named);
      issues.add(line, name.at, message.replace("name", "size"), `no index runs over 1..${name.name}`);
    }
    if (sizes.has(name.name)) issues.add(line, name.at, `the size ${name.name} is given twice`, "leave one of them");
    checkSize(value, `the size ${name.name} is ${value}`, line, valueAt, issues);
    sizes.set(name.name, value);
  }
  for (const { isStep, size, line } of ranges) {
    const isNumber = /^\d/.test(size.text);
    const value = isNumber ? Number(size.text) : sizes.get(size.text);
    if (isNumber) checkSize(Number(size.text), `the range ends at ${size.text}`, line, size.at, issues);
    else if (value === undefined && !broken.has(size.text))
      issues.add(line, size.at, `the size ${size.text} has no value`, `add a line: with ${size.text} = 3`);
    if (isStep && value !== undefined && value > mostSteps)
      issues.add(line, size.at, `a recurrence of ${value} steps is longer than ${mostSteps}`, "take fewer steps");
  }
  return sizes;
}

function checkSize(value: number, what: string, line: number, at: number, issues: Issues): void {
  if (!Number.isInteger(value) || value < 1)
    issues.add(line, at, `${what}, not a whole number from 1`, "write 1, 2, 3 …");
  else if (value > largestSize) issues.add(line, at, `${what}, above ${largestSize}`, "take a smaller size");
}
