import { parseArgs } from 'node:util';
import { OverreadError, reasonOf } from '@overread/core/errors';
import type { ArchiveAddress } from './dicomweb/archive.ts';
import { defaultThreads } from './inference/node-runtime.ts';

export interface ServerConfig {
  /** Port on loopback; 0: any free one. */
  readonly port: number;
  readonly archive: ArchiveAddress;
  /** Folder that holds `models.json`. */
  readonly models: string;
  readonly threads: number;
}

export const usage = `overread-server --pacs <WADO-RS root> --models <folder> [--port <number>] [--threads <number>]

  --pacs      address of the archive's DICOMweb root, e.g. http://127.0.0.1:8042/dicom-web
  --models    folder with models.json and the model packages
  --port      port on 127.0.0.1 (default 8043; 0: any free one)
  --threads   threads of one analysis (default: cores - 1)

Each can be set in the environment instead: OVERREAD_PACS, OVERREAD_MODELS, OVERREAD_PORT, OVERREAD_THREADS.
OVERREAD_PACS_AUTHORIZATION is sent to the archive as the Authorization header (environment only).
NODE_EXTRA_CA_CERTS names a file of certificate authorities to trust besides the usual ones.`;

/**
 * Settings from flags, else from the environment.
 *
 * @param args without program and script
 * @throws OverreadError `server.bad-request` naming the setting
 */
export function readConfig(args: readonly string[], env: Readonly<Record<string, string | undefined>>): ServerConfig {
  const text = { type: 'string' } as const;
  let flags: Partial<Record<'pacs' | 'models' | 'port' | 'threads', string>>;
  try {
    flags = parseArgs({ args: [...args], options: { pacs: text, models: text, port: text, threads: text } }).values;
  } catch (cause) {
    throw bad(reasonOf(cause));
  }
  const authorization = env['OVERREAD_PACS_AUTHORIZATION'];
  return {
    port: whole('--port', flags.port ?? env['OVERREAD_PORT'] ?? '8043', 0, 65535),
    archive: {
      root: address(required('--pacs', flags.pacs ?? env['OVERREAD_PACS'])),
      headers: authorization === undefined ? {} : { authorization },
    },
    models: required('--models', flags.models ?? env['OVERREAD_MODELS']),
    threads: whole('--threads', flags.threads ?? env['OVERREAD_THREADS'] ?? String(defaultThreads), 1, 256),
  };
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw bad(`${name} is missing`);
  return value;
}

function address(value: string): string {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol)) throw bad('--pacs is no http or https address');
  if (url.username !== '' || url.password !== '') {
    throw bad('--pacs carries a password; set OVERREAD_PACS_AUTHORIZATION instead');
  }
  return url.href.replace(/\/+$/, '');
}

function whole(name: string, value: string, min: number, max: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= min && number <= max) return number;
  throw bad(`${name} is no whole number from ${min} to ${max}`);
}

function bad(why: string): OverreadError {
  return new OverreadError('server.bad-request', { why });
}
