import { parseArgs } from 'node:util';
import { reasonOf } from '@overread/core/errors';

/** The command line is not one that the program knows; the message says why. */
export class UsageError extends Error {}

export interface Options<Text extends string, Flag extends string> {
  readonly positionals: readonly string[];
  readonly text: Readonly<Record<Text, string | undefined>>;
  readonly flags: Readonly<Record<Flag, boolean>>;
}

/**
 * Reads `--name VALUE` for the texts and `--name` for the flags.
 * @param count how many arguments stand beside the options
 * @throws UsageError
 */
export function readOptions<Text extends string = never, Flag extends string = never>(
  args: readonly string[],
  count: number,
  known: { readonly text?: readonly Text[]; readonly flags?: readonly Flag[] },
): Options<Text, Flag> {
  const [texts, flags] = [known.text ?? [], known.flags ?? []];
  const options: Record<string, { type: 'string' | 'boolean' }> = {};
  for (const name of texts) options[name] = { type: 'string' };
  for (const name of flags) options[name] = { type: 'boolean' };
  const parsed = parsedOrThrow(args, options);
  if (parsed.positionals.length !== count) {
    const expected = count === 1 ? '1 argument is' : `${count} arguments are`;
    throw new UsageError(`${expected} expected beside the options, not ${parsed.positionals.length}`);
  }
  const valuesOf = <Name extends string, Value>(names: readonly Name[], value: (name: Name) => Value) =>
    Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, Value>;
  return {
    positionals: parsed.positionals,
    text: valuesOf(texts, (name) => parsed.values[name] as string | undefined),
    flags: valuesOf(flags, (name) => parsed.values[name] === true),
  };
}

function parsedOrThrow(args: readonly string[], options: Record<string, { type: 'string' | 'boolean' }>) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(reasonOf(error));
  }
}
