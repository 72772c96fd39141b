import { spawn } from 'node:child_process';

/**
 * Runs a program and gives what it wrote to standard output.
 * @throws Error with what it wrote to standard error when it fails.
 */
export function runToEnd(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    const end = () => child.kill();
    process.once('exit', end);
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('exit', end);
      if (code === 0) resolve(Buffer.concat(output).toString());
      else
        reject(
          new Error(`${command} ended with ${signal ?? `status ${code}`}: ${Buffer.concat(errors).toString().trim()}`),
        );
    });
  });
}
