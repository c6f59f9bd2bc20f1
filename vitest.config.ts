import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Left to itself, vitest keeps a core free.
    maxWorkers: "100%",
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
