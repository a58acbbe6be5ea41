import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Two cores: files side by side, but never more engines at once than cores.
    maxWorkers: 2,
    // Only to end what hangs: on a busy machine a workflow of several ups takes minutes.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
