import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Pictures of the page for the README are made by the tests' own means: npm run pictures.
    include:
      process.env.README_PICTURES === undefined ? ["test/**/*.test.ts"] : ["test/**/*.pictures.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Tests with processes of their own wait more than they compute; a third at once would disturb their times.
    maxWorkers: 2,
    coverage: {
      provider: "v8",
      include: ["sip/**/*.ts", "src/domain/**/*.ts"],
      reporter: ["text-summary"],
    },
  },
});
