import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "dist/",
      "node_modules/",
      "generated/",
      "out/",
      "src/templates.ts",
      "src/glyphs.ts",
      "src/typeface.ts",
      "test/samples/",
    ],
  },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  },
  {
    files: ["**/*.ts"],
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true, allowNullish: true },
      ],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/no-confusing-void-expression": "off",
    },
  },
  {
    // Written as users write loops over arrays, which is what they are there for.
    files: ["bench/arrays.ts", "bench/variable-loops.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
);
