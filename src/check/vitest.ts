import { expect } from "vitest";
import { matchers, type GradientMatchers } from "./matcher.ts";

/** `import "deltarule/vitest"` adds the matchers to vitest's expect. */
expect.extend(matchers);

declare module "vitest" {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type -- as vitest has it
  interface Matchers<T = any> extends GradientMatchers {}
}

export { matchers, type DerivedGradientOptions, type GradientMatchers } from "./matcher.ts";
