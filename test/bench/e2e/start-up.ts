import type { Browser, BrowserContext } from 'playwright-core';

declare global {
  var studyListShown: Promise<number>;
}

interface Loads {
  /** Milliseconds from navigation to the first study in the list, one per load. */
  readonly withPlugin: readonly number[];
  readonly without: readonly number[];
}

/**
 * The viewer's start, up to the first study in the list, with and without the two configuration lines that name the plug-in;
 * turn by turn, so that what else the machine does falls on both. Each way has a profile of its own with a warm cache, as on a
 * reading workstation.
 */
export async function startUps(browser: Browser, url: string, pairs: number): Promise<Loads> {
  const contexts = [await browser.newContext(), await browser.newContext()] as const;
  for (const context of contexts) await context.addInitScript(watchStudyList);
  await contexts[1].addInitScript(withoutPlugin);
  const load = (context: BrowserContext) => timeOfLoad(context, url);
  // Twice: the browser keeps compiled code from the second load on.
  for (let warmUp = 0; warmUp < 2; warmUp++) for (const context of contexts) await load(context);
  const [withPlugin, without]: [number[], number[]] = [[], []];
  for (let pair = 0; pair < pairs; pair++) {
    // Who goes first changes too.
    const order = pair % 2 === 0 ? [withPlugin, without] : [without, withPlugin];
    for (const times of order) times.push(await load(contexts[times === withPlugin ? 0 : 1]));
  }
  for (const context of contexts) await context.close();
  return { withPlugin, without };
}

async function timeOfLoad(context: BrowserContext, url: string): Promise<number> {
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'commit' });
  const time = await page.evaluate(() => globalThis.studyListShown);
  await page.close();
  return time;
}

/** Runs in the page: the study list is there when it names the phantom. */
function watchStudyList(): void {
  globalThis.studyListShown = new Promise((resolve) => {
    const look = (now: number) => {
      if (document.body.textContent.includes('PHANTOM')) resolve(now);
      else requestAnimationFrame(look);
    };
    addEventListener('DOMContentLoaded', () => requestAnimationFrame(look));
  });
}

/** Runs in the page: the configuration as it would be without Overread. */
function withoutPlugin(): void {
  let config: object | undefined;
  Object.defineProperty(window, 'config', {
    configurable: true,
    get: () => config,
    set: (given: object) => (config = { ...given, extensions: [], modes: [] }),
  });
}
