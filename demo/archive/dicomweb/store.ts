import { isOverreadError } from '@overread/core/errors';
import type { ArchiveIndex } from '../index/archive-index.ts';
import { indexEntry, isUid } from '../index/entry.ts';
import { textOf, type JsonDataset } from '../part10/dicom-json.ts';
import { readPart10, type Part10 } from '../part10/read.ts';
import { writeNew, type Storage } from '../storage.ts';
import type { Address } from './retrieve.ts';

/** Failure Reason (0008,1197), PS3.18 table I.2-2 and PS3.4 table B.2-1. */
const failure = {
  processing: 0x0110,
  duplicate: 0x0111,
  outOfResources: 0xa700,
  otherStudy: 0xa900,
  notUnderstood: 0xc000,
} as const;

export interface StoreResult {
  readonly status: 200 | 202 | 409;
  readonly dataset: JsonDataset;
}

type Outcome = { readonly stored: JsonDataset } | { readonly failed: JsonDataset };

export interface StoreContext {
  readonly index: ArchiveIndex;
  readonly storage: Storage;
  readonly address: Address;
}

/**
 * STOW-RS (PS3.18 10.5): each instance is taken or refused on its own. What is already there is accepted when it is the
 * same to the byte, and refused otherwise: a SOP Instance UID names one object for ever.
 * @param study when given, instances of another study are refused.
 */
export async function store(
  instances: readonly Uint8Array[],
  study: string | null,
  context: StoreContext,
): Promise<StoreResult> {
  const stored: JsonDataset[] = [];
  const failed: JsonDataset[] = [];
  for (const bytes of instances) {
    const outcome = await storeOne(bytes, study, context);
    if ('stored' in outcome) stored.push(outcome.stored);
    else failed.push(outcome.failed);
  }
  const dataset: JsonDataset = {
    ...(study !== null && { '00081190': { vr: 'UR', Value: [context.address(`studies/${study}`)] } }),
    ...(failed.length > 0 && { '00081198': { vr: 'SQ', Value: failed } }),
    ...(stored.length > 0 && { '00081199': { vr: 'SQ', Value: stored } }),
  };
  return { status: failed.length === 0 ? 200 : stored.length === 0 ? 409 : 202, dataset };
}

async function storeOne(bytes: Uint8Array, study: string | null, context: StoreContext): Promise<Outcome> {
  let part10: Part10;
  try {
    part10 = readPart10(bytes, { complete: true, fileSize: bytes.length, bulkUri: () => '' });
  } catch (error) {
    if (isOverreadError(error)) return { failed: { '00081197': { vr: 'US', Value: [failure.notUnderstood] } } };
    throw error;
  }
  const { dataset } = part10;
  const refused = (reason: number): Outcome => ({
    failed: { ...reference(dataset), '00081197': { vr: 'US', Value: [reason] } },
  });
  const instance = textOf(dataset, '00080018');
  if (!isUid(instance) || !isUid(textOf(dataset, '00080016'))) return refused(failure.notUnderstood);
  if (study !== null && textOf(dataset, '0020000D') !== study) return refused(failure.otherStudy);
  try {
    const file = await writeNew(context.storage, instance, bytes, context.index.find(instance)?.path ?? null);
    if (file === 'different') return refused(failure.duplicate);
    if (file !== 'same') {
      const entry = indexEntry(file, part10);
      if (entry === null) return refused(failure.notUnderstood);
      context.index.add(entry);
    }
  } catch (error) {
    if (isNoSpace(error)) return refused(failure.outOfResources);
    console.error(`Storing failed: ${error instanceof Error ? error.message : String(error)}`);
    return refused(failure.processing);
  }
  const path = `studies/${textOf(dataset, '0020000D')}/series/${textOf(dataset, '0020000E')}/instances/${instance}`;
  return { stored: { ...reference(dataset), '00081190': { vr: 'UR', Value: [context.address(path)] } } };
}

/** Referenced SOP Class and Instance UID. */
function reference(dataset: JsonDataset): JsonDataset {
  return {
    '00081150': { vr: 'UI', Value: [textOf(dataset, '00080016')] },
    '00081155': { vr: 'UI', Value: [textOf(dataset, '00080018')] },
  };
}

function isNoSpace(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
