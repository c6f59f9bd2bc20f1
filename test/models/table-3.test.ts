import { describe } from "vitest";
import { testTable } from "./table.ts";

describe("2-4-3: every activation with every loss", () => {
  testTable("2-4-3", 1);
});
