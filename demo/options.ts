import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { OverreadError } from '@overread/core/errors';

const webUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' });
const folder = z.string().check(z.minLength(1));

const pacsSchema = z.strictObject({
  url: z.optional(webUrl),
  qidoRoot: z.optional(webUrl),
  wadoRoot: z.optional(webUrl),
  stowRoot: z.optional(webUrl),
  user: z.optional(z.string()),
  password: z.optional(z.string()),
  token: z.optional(z.string()),
  ca: z.optional(folder),
});

const settingsSchema = z.strictObject({
  viewer: z.optional(
    z.string().check(z.regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, 'must be a version such as 3.13.2')),
  ),
  port: z.optional(z.int('must be a whole number').check(z.minimum(0), z.maximum(65535))),
  data: z.optional(z.array(folder)),
  archive: z.optional(folder),
  phantom: z.optional(z.boolean()),
  server: z.optional(z.boolean()),
  build: z.optional(z.boolean()),
  pacs: z.optional(pacsSchema),
});

type Settings = z.infer<typeof settingsSchema>;

/** Where a PACS answers, and what it wants to see. Credentials go to the PACS and nowhere else: never print this. */
export interface PacsOptions {
  readonly qidoRoot: string;
  readonly wadoRoot: string;
  readonly stowRoot: string;
  /** Value of the Authorization header, or null. */
  readonly authorization: string | null;
  /** PEM text of an extra certificate authority, or null. */
  readonly ca: string | null;
}

export interface DemoOptions {
  readonly viewer: string;
  readonly port: number;
  /** Whether the port was asked for: then another one will not do. */
  readonly portIsFixed: boolean;
  readonly data: readonly string[];
  readonly archive: string | null;
  readonly phantom: boolean;
  readonly server: boolean;
  readonly build: boolean;
  /** Null: the demo archive. */
  readonly pacs: PacsOptions | null;
}

/** Options from command line, environment and config file, the earlier ones stronger; null when help was asked for. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): DemoOptions | null {
  const line = readArguments(args);
  if (line.help) return null;
  const configFile = line.config ?? env['OVERREAD_CONFIG'];
  const file = configFile === undefined ? {} : readConfig(configFile);
  const settings: Settings = { ...file, ...line.settings };
  return {
    viewer: settings.viewer ?? '3.13.2',
    port: settings.port ?? 3000,
    portIsFixed: settings.port !== undefined,
    data: (settings.data ?? []).map((path) => resolve(path)),
    archive: settings.archive === undefined ? null : resolve(settings.archive),
    phantom: settings.phantom ?? true,
    server: settings.server ?? true,
    build: settings.build ?? true,
    pacs: pacsOptions({ ...file.pacs, ...pacsEnvironment(env), ...line.settings.pacs }),
  };
}

function readArguments(args: readonly string[]): { help: boolean; config?: string | undefined; settings: Settings } {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        pacs: { type: 'string' },
        viewer: { type: 'string' },
        port: { type: 'string' },
        data: { type: 'string', multiple: true },
        archive: { type: 'string' },
        'no-phantom': { type: 'boolean' },
        'no-server': { type: 'boolean' },
        'no-build': { type: 'boolean' },
        config: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (cause) {
    throw new OverreadError('demo.option-invalid', { why: firstSentence(cause), cause });
  }
  const given = {
    ...(values.viewer !== undefined && { viewer: values.viewer }),
    ...(values.port !== undefined && { port: /^\d+$/.test(values.port) ? Number(values.port) : NaN }),
    ...(values.data && { data: values.data }),
    ...(values.archive !== undefined && { archive: values.archive }),
    ...(values['no-phantom'] && { phantom: false }),
    ...(values['no-server'] && { server: false }),
    ...(values['no-build'] && { build: false }),
    ...(values.pacs !== undefined && { pacs: { url: values.pacs } }),
  };
  return { help: values.help ?? false, config: values.config, settings: checked(given, 'command line') };
}

function readConfig(path: string): Settings {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new OverreadError('demo.option-invalid', {
      why: `${path} cannot be read as JSON: ${firstSentence(cause)}`,
      cause,
    });
  }
  return checked(json, path);
}

function pacsEnvironment(env: NodeJS.ProcessEnv): NonNullable<Settings['pacs']> {
  const names = {
    url: 'OVERREAD_PACS',
    qidoRoot: 'OVERREAD_PACS_QIDO_ROOT',
    wadoRoot: 'OVERREAD_PACS_WADO_ROOT',
    stowRoot: 'OVERREAD_PACS_STOW_ROOT',
    user: 'OVERREAD_PACS_USER',
    password: 'OVERREAD_PACS_PASSWORD',
    token: 'OVERREAD_PACS_TOKEN',
    ca: 'OVERREAD_PACS_CA',
  };
  const given = Object.entries(names).flatMap(([key, name]) => (env[name] ? [[key, env[name]]] : []));
  return checked({ pacs: Object.fromEntries(given) as unknown }, 'environment').pacs ?? {};
}

/** @param source what the reader is told to look at; the values themselves are never repeated, they may be secret. */
function checked(value: unknown, source: string): Settings {
  const result = settingsSchema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${faultOf(issue)}`);
  throw new OverreadError('demo.option-invalid', { why: `${source}, ${faults.join('; ')}` });
}

function faultOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')} is not known here`;
  if (issue.message !== 'Invalid input') return issue.message;
  if (issue.code === 'invalid_type') return `must be of type ${issue.expected}`;
  if (issue.code === 'too_small' || issue.code === 'too_big') return 'is out of range';
  return issue.message;
}

function pacsOptions(pacs: NonNullable<Settings['pacs']>): PacsOptions | null {
  const { url, user, password, token, ca } = pacs;
  const qidoRoot = pacs.qidoRoot ?? url;
  const wadoRoot = pacs.wadoRoot ?? url;
  if (qidoRoot === undefined && wadoRoot === undefined && pacs.stowRoot === undefined) return null;
  if (qidoRoot === undefined || wadoRoot === undefined) {
    throw new OverreadError('demo.option-invalid', { why: 'a PACS needs one address, or both a QIDO and a WADO root' });
  }
  if (token !== undefined && user !== undefined) {
    throw new OverreadError('demo.option-invalid', {
      why: 'the PACS has both a token and a user name; it takes one of them',
    });
  }
  const roots = { qidoRoot, wadoRoot, stowRoot: pacs.stowRoot ?? url ?? wadoRoot };
  for (const [name, root] of Object.entries(roots)) {
    if (new URL(root).username !== '' || new URL(root).password !== '') {
      throw new OverreadError('demo.option-invalid', {
        why: `${name} holds a password; give it by environment or config file`,
      });
    }
  }
  return {
    ...mapValues(roots, (root) => root.replace(/\/+$/, '')),
    authorization: authorization(user, password, token),
    ca: ca === undefined ? null : readCa(ca),
  };
}

function mapValues<K extends string, V>(object: Record<K, V>, change: (value: V) => V): Record<K, V> {
  return Object.fromEntries(Object.entries<V>(object).map(([key, value]) => [key, change(value)])) as Record<K, V>;
}

function authorization(user?: string, password?: string, token?: string): string | null {
  if (token !== undefined) return `Bearer ${token}`;
  if (user !== undefined) return `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}`;
  return null;
}

function readCa(path: string): string {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new OverreadError('demo.option-invalid', { why: `the CA file ${path} cannot be read`, cause });
  }
  try {
    // Without this, TLS passes over whatever is no certificate and every request fails for a reason far from here.
    new X509Certificate(pem);
  } catch (cause) {
    throw new OverreadError('demo.option-invalid', {
      why: `the CA file ${path} holds no certificate in PEM form`,
      cause,
    });
  }
  return pem;
}

function firstSentence(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return (text.split(/\.\s|\n/)[0] ?? text).replace(/\.$/, '');
}
