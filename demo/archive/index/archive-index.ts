import type { IndexEntry } from './entry.ts';

/** Which instances there are. The first file of a SOP Instance UID stands; another one of the same UID is left out. */
export class ArchiveIndex {
  private readonly instances = new Map<string, IndexEntry>();
  /** study -> series -> SOP Instance UIDs, in the order they came. */
  private readonly tree = new Map<string, Map<string, string[]>>();

  /** False, and nothing changed, where the SOP Instance UID is taken. */
  add(entry: IndexEntry): boolean {
    if (this.instances.has(entry.instance)) return false;
    this.instances.set(entry.instance, entry);
    const study = getOrAdd(this.tree, entry.study, () => new Map<string, string[]>());
    getOrAdd(study, entry.series, () => []).push(entry.instance);
    return true;
  }

  /** Every instance below the given UIDs; none given: every instance. */
  below({ study, series, instance }: { study?: string; series?: string; instance?: string }): IndexEntry[] {
    if (instance !== undefined) {
      const entry = this.instances.get(instance);
      const fits = entry && (study ?? entry.study) === entry.study && (series ?? entry.series) === entry.series;
      return fits ? [entry] : [];
    }
    const studies =
      study === undefined ? [...this.tree.values()] : [this.tree.get(study) ?? new Map<string, string[]>()];
    const uids = studies.flatMap((children) =>
      series === undefined ? [...children.values()].flat() : (children.get(series) ?? []),
    );
    return uids.map((uid) => this.instances.get(uid)!);
  }

  find(instance: string): IndexEntry | undefined {
    return this.instances.get(instance);
  }

  get counts(): { studies: number; series: number; instances: number } {
    const series = [...this.tree.values()].reduce((sum, children) => sum + children.size, 0);
    return { studies: this.tree.size, series, instances: this.instances.size };
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const created = create();
  map.set(key, created);
  return created;
}
