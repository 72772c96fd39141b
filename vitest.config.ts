import { defineConfig } from 'vitest/config';

const project = (name: string, testTimeout: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`, `test/${name}/**/*.test.tsx`],
    testTimeout,
    hookTimeout: 120_000,
  },
});

export default defineConfig({
  test: {
    // Two cores: integration tests start servers, and files side by side would only wait for each other.
    maxWorkers: 2,
    projects: [project('unit', 30_000), project('integration', 120_000), project('conformance', 120_000)],
  },
});
