import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
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
