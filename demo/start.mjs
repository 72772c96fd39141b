// What `npm start` runs. It begins on the machine's own Node (20.11 or newer), installs what is missing,
// and hands over to the project's Node, which runs demo/main.ts.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureDependencies, projectNode, root, SetupError } from '../scripts/setup.mjs';

try {
  ensureDependencies();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exit(1);
}

// The channel is a lifeline: when this process dies, however it dies, the child sees it close and ends too.
const child = spawn(projectNode, [join(root, 'demo/main.ts'), ...process.argv.slice(2)], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));

// Ended by a signal of its own, npm takes its shell with it and leaves us: then our parent is another one.
if (process.env.npm_lifecycle_event !== undefined) {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || child.kill(), 500).unref();
}

child.on('error', (error) => {
  console.error(`${projectNode} did not start: ${error.message}.`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1);
});
