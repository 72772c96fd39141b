import { mkdir } from 'node:fs/promises';

export async function ensurePhantom(folder: string, _log: (line: string) => void): Promise<string> {
  await mkdir(folder, { recursive: true });
  return folder;
}
