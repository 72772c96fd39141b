import type { ManifestSource } from '@overread/core/model';

type Step = NonNullable<ManifestSource['input']['intensity']>[number];

/**
 * The intensity steps of every channel as one list: said once for channels that have the same, and limited to them by their names unless
 * that is all. No step looks at another channel, so how channels follow each other in the list changes nothing.
 * @param names of the channels; `steps` those of each
 */
export function stepsOfChannels(names: readonly string[], steps: readonly (readonly Step[])[]): Step[] {
  const groups = new Map<string, { readonly channels: string[]; readonly own: readonly Step[] }>();
  names.forEach((name, at) => {
    const own = steps[at] ?? [];
    const key = JSON.stringify(own);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { channels: [name], own });
    else group.channels.push(name);
  });
  return [...groups.values()].flatMap(({ channels, own }) =>
    groups.size === 1 ? own : own.map((step) => ({ ...step, channels })),
  );
}
