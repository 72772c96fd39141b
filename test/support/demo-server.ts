import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectNode, root } from '../../scripts/setup.mjs';

export interface DemoServer {
  /** `http://localhost:<port>/` */
  readonly url: string;
  /** DICOMweb root behind it, without a slash at the end. */
  readonly dicomWeb: string;
  /** What it printed so far. */
  readonly output: () => string;
  /** Process id of what `npm start` runs. */
  readonly pid: number;
  /** Ends it as Ctrl-C would; settles with its exit status. */
  readonly stop: () => Promise<number | null>;
}

export interface DemoServerOptions {
  readonly viewer?: string;
  /** DICOMweb root of a PACS; absent: the demo archive, its storage thrown away at the end. */
  readonly pacsUrl?: string;
  /** 0 or absent: any free one. */
  readonly port?: number;
  readonly data?: readonly string[];
  readonly phantom?: boolean;
  readonly server?: boolean;
  /** Whether to look first if dist/ is up to date. */
  readonly build?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** The demo as a person starts it, in a process of its own. */
export async function startDemo(options: DemoServerOptions = {}): Promise<DemoServer> {
  const archive = mkdtempSync(join(tmpdir(), 'overread-archive-'));
  const child = spawn(projectNode, [join(root, 'demo/start.mjs'), ...argumentsOf(options, archive)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exit = once(child, 'exit').then(([code]) => {
    rmSync(archive, { recursive: true, force: true });
    return code as number | null;
  });
  const stop = async () => {
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    return exit.finally(() => clearTimeout(timer));
  };
  // Building and making the phantom may come first.
  for (let attempt = 0; attempt < 3000; attempt += 1) {
    const url = /Overread is ready: (\S+)/.exec(output)?.[1];
    if (url !== undefined) return { url, dicomWeb: `${url}dicomweb`, output: () => output, pid: child.pid!, stop };
    if (child.exitCode !== null) throw new Error(`the demo ended with status ${child.exitCode}: ${output}`);
    await sleep(100);
  }
  await stop();
  throw new Error(`the demo was not ready within five minutes: ${output}`);
}

function argumentsOf(
  { viewer, pacsUrl, port, data, phantom, server, build }: DemoServerOptions,
  archive: string,
): string[] {
  return [
    ...['--port', String(port ?? 0), '--archive', archive],
    ...(viewer === undefined ? [] : ['--viewer', viewer]),
    ...(pacsUrl === undefined ? [] : ['--pacs', pacsUrl]),
    ...(data ?? []).flatMap((folder) => ['--data', folder]),
    ...(phantom === false ? ['--no-phantom'] : []),
    ...(server === false ? ['--no-server'] : []),
    ...(build === false ? ['--no-build'] : []),
  ];
}
