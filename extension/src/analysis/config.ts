import { describeFaults } from '@overread/core/errors';
import * as z from 'zod/mini';
import { readStoredKinds, storeFields, type ReadField, type StoredKinds } from './stored-kinds.ts';

/** What a site may set in `window.config.overread`. Every field has a default, so `{}` and no entry at all work too. */
export interface SiteConfig {
  /** Address of the folder that holds `models.json`; absolute, ends in `/`. */
  readonly models: string;
  /** Base address of the companion server (`…/api/v1`), without a slash at the end; null where the site runs none. */
  readonly server: string | null;
  /** What Save writes beside the SR, which is always written. */
  readonly store: StoredKinds;
  /** The organization in whose name readers verify reports (VerifyingOrganization); null: that of the images. */
  readonly organization: string | null;
  /** Where a run is computed unless the person chooses otherwise. */
  readonly place: 'browser' | 'server';
}

/** One thing wrong with the site's settings, in words for whoever set them. */
export interface ConfigProblem {
  readonly field: string;
  readonly why: string;
}

/** LO (PS3.5 table 6.2-1): at most 64 characters, no backslash, not blank. */
const longString = z.string().check(z.maxLength(64), z.regex(/^[^\\\p{Cc}]*[^\\\p{Cc}\s][^\\\p{Cc}]*$/u));

const fields = {
  models: z.string().check(z.minLength(1)),
  server: z.nullable(z.string().check(z.minLength(1))),
  organization: z.nullable(longString),
  place: z.enum(['browser', 'server']),
} as const;

/** Settings that are read field by field, or by other parts of the plug-in. */
const elsewhere: readonly string[] = ['store', 'segmentation', 'assets', 'debug'];

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
  const given = settingsIn(raw, 'overread', [...Object.keys(fields), ...elsewhere], problems);
  const read: ReadField = (name, value, schema, fallback) => {
    if (value === undefined) return fallback;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const why = describeFaults(parsed.error).join('; ');
    problems.push({ field: name, why: why.replace(/^\(root\): /, '') });
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

  const server = read('server', given['server'], fields.server, null);
  const models = address('models', read('models', given['models'], fields.models, 'models/'));
  const store = settingsIn(given['store'], 'store', storeFields, problems);
  return {
    config: {
      models: (models ?? new URL('models/', base).href).replace(/\/?$/, '/'),
      server: server === null ? null : (address('server', server)?.replace(/\/+$/, '') ?? null),
      store: readStoredKinds(store, given['segmentation'], read),
      organization: read('organization', given['organization'], fields.organization, null),
      place: read('place', given['place'], fields.place, 'browser'),
    },
    problems,
  };
}

/** The settings in an object; what is no object, and names that mean nothing, are told. */
function settingsIn(
  raw: unknown,
  name: string,
  known: readonly string[],
  problems: ConfigProblem[],
): Readonly<Record<string, unknown>> {
  if (raw === undefined || raw === null) return {};
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    problems.push({ field: name, why: 'expected an object of settings' });
    return {};
  }
  const prefix = name === 'overread' ? '' : `${name}.`;
  for (const key of Object.keys(raw)) {
    if (!known.includes(key)) problems.push({ field: `${prefix}${key}`, why: 'there is no such setting' });
  }
  return { ...raw };
}
