import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import { OverreadError } from '@overread/core/errors';
import { projectNode, root } from '../scripts/setup.mjs';

export interface Companion {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const readyLine = z.object({ listening: z.url({ protocol: /^http$/ }) });
const patience = 20_000;

/**
 * Starts the companion server as a child process on a free loopback port.
 * @param pacs DICOMweb root that it fetches images from.
 * @param models folder of the model packages.
 * @throws OverreadError demo.companion-failed.
 */
export async function startCompanion({ pacs, models }: { pacs: string; models: string }): Promise<Companion> {
  const main = join(root, 'inference-server/src/main.ts');
  const child = spawn(projectNode, [main, '--port', '0', '--pacs', pacs, '--models', models], {
    // The channel is a lifeline: however this process dies, the child sees it close and ends too.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const end = () => child.kill();
  process.once('exit', end);
  const stop = () => stopChild(child).finally(() => process.off('exit', end));
  try {
    return { url: await listeningUrl(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The address it says, in its first line, that it listens on. */
function listeningUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new OverreadError('demo.companion-failed', { why }));
    const timer = setTimeout(() => fail(`it said nothing for ${patience / 1000} s`), patience);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) => fail(`it ended with ${signal ?? `status ${code}`}`));
    const lines = createInterface({ input: child.stdout! });
    lines.once('line', (line) => {
      clearTimeout(timer);
      try {
        resolve(readyLine.parse(JSON.parse(line)).listening.replace(/\/$/, ''));
      } catch {
        fail('its first line does not say where it listens');
      }
    });
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(timer);
}
