import { parseArgs } from 'node:util';
import { OverreadError, reasonOf } from '@overread/core/errors';
import type { ArchiveAddress } from './dicomweb/archive.ts';
import { gpuChoices, type GpuChoice } from './inference/gpu-device.ts';
import { defaultThreads } from './inference/node-runtime.ts';

/** What the server needs to compute. */
export interface ComputeConfig {
  readonly archive: ArchiveAddress;
  /** Folder that holds `models.json`. */
  readonly models: string;
  readonly threads: number;
  readonly gpu: GpuChoice;
  /** What the process that computes may hold between two runs, bytes; 0: it ends with each run. */
  readonly warmBytes: number;
}

export interface ServerConfig extends ComputeConfig {
  /** Port on loopback; 0: any free one. */
  readonly port: number;
}

export const defaultWarmBytes = 2 * 2 ** 30;

export const usage = `overread-server --pacs <WADO-RS root> --models <folder> [--port <number>] [--threads <number>]
                 [--gpu auto|off|any] [--warm-memory <MiB>]

  --pacs      address of the archive's DICOMweb root, e.g. http://127.0.0.1:8042/dicom-web
  --models    folder with models.json and the model packages
  --port      port on 127.0.0.1 (default 8043; 0: any free one)
  --threads   threads of one analysis (default: cores - 1)
  --gpu       auto: compute on the GPU where there is one and the model's self-test passes (default); off: never;
              any: on a software adapter too, which is slow
  --warm-memory  MiB that may stay taken between two runs, so that the next one starts at once (default 2048; 0: none)

Each can be set in the environment instead: OVERREAD_PACS, OVERREAD_MODELS, OVERREAD_PORT, OVERREAD_THREADS, OVERREAD_GPU,
OVERREAD_WARM_MEMORY.
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
  let flags: Partial<Record<'pacs' | 'models' | 'port' | 'threads' | 'gpu' | 'warm-memory', string>>;
  try {
    flags = parseArgs({
      args: [...args],
      options: { pacs: text, models: text, port: text, threads: text, gpu: text, 'warm-memory': text },
    }).values;
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
    gpu: oneOf('--gpu', flags.gpu ?? env['OVERREAD_GPU'] ?? 'auto', gpuChoices),
    warmBytes:
      whole(
        '--warm-memory',
        flags['warm-memory'] ?? env['OVERREAD_WARM_MEMORY'] ?? String(defaultWarmBytes / 2 ** 20),
        0,
        2 ** 20,
      ) *
      2 ** 20,
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

function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw bad(`${name} is none of ${choices.join(', ')}`);
  return found;
}

function bad(why: string): OverreadError {
  return new OverreadError('server.bad-request', { why });
}
