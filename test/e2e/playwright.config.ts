import { defineConfig } from '@playwright/test';
import { chromiumPath, quietArguments } from '../support/chromium.ts';

/** Real viewer, real browser, one after the other: a run that fails says something. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../../test-results',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  projects: [{ name: 'chromium' }],
  use: {
    viewport: { width: 1600, height: 950 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromiumPath,
      args: ['--headless', ...quietArguments],
    },
  },
});
