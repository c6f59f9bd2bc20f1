import { describe } from "vitest";
import { testTable } from "./table.ts";

describe("3-2: every activation with every loss", () => {
  testTable("3-2", 0);
});
