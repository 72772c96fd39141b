import { BadRequest } from './bad-request.ts';
import type { MatchingKey } from './matching.ts';
import { tagOf } from '../part10/dictionary.ts';

/** A search as its address states it (PS3.18 8.3.4). */
export interface Query {
  readonly keys: readonly MatchingKey[];
  readonly include: 'all' | readonly string[];
  readonly limit: number;
  readonly offset: number;
}

const noLimit = Number.MAX_SAFE_INTEGER;

/** @throws BadRequest 400 for a limit or offset that is no number, or an attribute nobody defined. */
export function readQuery(parameters: URLSearchParams): Query {
  const keys: MatchingKey[] = [];
  const include: string[] = [];
  let includeAll = false;
  let limit = noLimit;
  let offset = 0;
  for (const [name, value] of parameters) {
    if (name === 'limit') limit = count(name, value);
    else if (name === 'offset') offset = count(name, value);
    else if (name === 'includefield') {
      const names = value.split(',').filter((part) => part !== '');
      includeAll ||= names.includes('all');
      // A path into a sequence brings the whole sequence.
      include.push(...names.filter((part) => part !== 'all').map((part) => tag(part.split('.')[0]!)));
    } else if (name !== 'fuzzymatching' && name !== 'accept') keys.push({ tag: tag(name), value });
  }
  return { keys, include: includeAll ? 'all' : include, limit, offset };
}

function count(name: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new BadRequest(400, `${name} must be a whole number.`);
  return Number(value);
}

function tag(name: string): string {
  const found = tagOf(name);
  if (found === null)
    throw new BadRequest(400, `No attribute is called "${name.slice(0, 64).replace(/[^\w.]/g, '')}".`);
  return found;
}
