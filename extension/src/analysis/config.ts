import { describeFaults } from '@overread/core/errors';
import * as z from 'zod/mini';

/** What a site may set in `window.config.overread`. Every field has a default, so `{}` and no entry at all work too. */
export interface SiteConfig {
  /** Address of the folder that holds `models.json`; absolute, ends in `/`. */
  readonly models: string;
  /** Base address of the companion server (`…/api/v1`), without a slash at the end; null where the site runs none. */
  readonly server: string | null;
  /** Whether Save writes a DICOM SEG beside the SR. Off for archives that refuse SEG. */
  readonly segmentation: boolean;
  /** Where a run is computed unless the person chooses otherwise. */
  readonly place: 'browser' | 'server';
}

/** One thing wrong with the site's settings, in words for whoever set them. */
export interface ConfigProblem {
  readonly field: string;
  readonly why: string;
}

const fields = {
  models: z.string().check(z.minLength(1)),
  server: z.nullable(z.string().check(z.minLength(1))),
  segmentation: z.boolean(),
  place: z.enum(['browser', 'server']),
} as const;

/** Settings that other parts of the plug-in read. */
const elsewhere: readonly string[] = ['assets', 'debug'];

/**
 * Reads the site's settings field by field: a field with a fault is reported and takes its default, so that one typing
 * error does not take the panel away.
 * @param raw `window.config.overread` as found.
 * @param base Address that relative addresses are resolved against, e.g. that of the plug-in's own files.
 */
export function readSiteConfig(
  raw: unknown,
  base: string,
): { readonly config: SiteConfig; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  if (raw !== undefined && raw !== null && (typeof raw !== 'object' || Array.isArray(raw))) {
    problems.push({ field: 'overread', why: 'expected an object of settings' });
  }
  const given: Record<string, unknown> =
    typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? { ...raw } : {};

  for (const name of Object.keys(given)) {
    if (!(name in fields) && !elsewhere.includes(name)) problems.push({ field: name, why: 'there is no such setting' });
  }
  const read = <T>(name: keyof typeof fields, schema: z.ZodMiniType<T>, fallback: T): T => {
    const value = given[name];
    if (value === undefined) return fallback;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    problems.push({
      field: name,
      why: describeFaults(parsed.error)
        .join('; ')
        .replace(/^\(root\): /, ''),
    });
    return fallback;
  };
  const address = (name: string, value: string): string | null => {
    try {
      return new URL(value, base).href;
    } catch {
      problems.push({ field: name, why: `${JSON.stringify(value)} is no address` });
      return null;
    }
  };

  const server = read('server', fields.server, null);
  const models = address('models', read('models', fields.models, 'models/')) ?? new URL('models/', base).href;
  return {
    config: {
      models: models.endsWith('/') ? models : `${models}/`,
      server: server === null ? null : (address('server', server)?.replace(/\/+$/, '') ?? null),
      segmentation: read('segmentation', fields.segmentation, true),
      place: read('place', fields.place, 'browser'),
    },
    problems,
  };
}
