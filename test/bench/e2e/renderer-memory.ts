import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';

/** The largest that any renderer process of the browser has been, MiB of resident memory (VmHWM of /proc). Linux only. */
export async function peakRendererMemory(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const peaks = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => peakOf(id));
  return Math.max(...peaks) / 1024;
}

/** KiB; 0 for a process that is gone. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
