import { join } from 'node:path';
import { OverreadError, reasonOf } from '@overread/core/errors';
import { fitFaults, readModel } from '@overread/core/graph';
import { parseManifest, sha256Hex, type Manifest, type ManifestSource } from '@overread/core/model';
import { requireNew } from '../init/command.ts';
import { manifestFile, writeBytes, writeJson } from '../package/files.ts';
import { recordSelfTest } from '../selftest/record.ts';

/** What an import says of a package; the rest is worked out from the graph. */
export interface Imported {
  readonly manifest: Omit<ManifestSource, 'graph' | 'card' | 'selfTest'>;
  readonly graph: Uint8Array;
  /** Shape and range of the self-test's input. */
  readonly selfTest: Pick<ManifestSource['selfTest'], 'shape' | 'range'>;
  /** Where it came from, in a sentence of the card. */
  readonly origin: string;
  /** What differs from the source, each a sentence. */
  readonly notes: readonly string[];
}

/** Differences that processors make are this share of the largest value. */
const relativeTolerance = 1e-3;

/**
 * Writes the package and records its self-test.
 * @throws OverreadError `model.source-invalid` where the graph does not fit what the source says, or where that makes no valid package;
 *   `model.already-there`; what the runtime throws
 */
export async function writeImported(folder: string, imported: Imported): Promise<void> {
  const { manifest, graph, selfTest } = imported;
  await requireNew(folder);
  const claim = { path: 'graph.onnx', sha256: sha256Hex(graph), bytes: graph.byteLength };
  const draft: ManifestSource = {
    ...manifest,
    graph: claim,
    card: 'card.md',
    selfTest: { seed: 1, ...selfTest, expected: [], tolerance: relativeTolerance },
  };
  const faults = fitFaults(manifestFrom(draft), readModel(graph));
  if (faults.length > 0) {
    const why = `what the source says does not fit its graph: ${faults.join('; ')}`;
    throw new OverreadError('model.source-invalid', { why, details: { faults } });
  }
  await writeBytes(join(folder, claim.path), graph);
  await writeBytes(join(folder, 'card.md'), cardOf(imported));
  await writeJson(manifestFile(folder), draft);
  const { expected } = (await recordSelfTest(folder)).selfTest;
  const tolerance = Number((relativeTolerance * Math.max(1, ...expected.map(Math.abs))).toPrecision(2));
  await recordSelfTest(folder, { tolerance });
}

/** There is no manifest yet to correct, so its faults are told as the source's. */
function manifestFrom(draft: ManifestSource): Manifest {
  try {
    return parseManifest(draft);
  } catch (cause) {
    const why = `what the source says makes no valid package: ${reasonOf(cause)}`;
    throw new OverreadError('model.source-invalid', { why, cause });
  }
}

function cardOf({ manifest, origin, notes }: Imported): string {
  const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');
  return `# ${manifest.title} (\`${manifest.id}\`)

**${manifest.regulatoryStatus}. ${manifest.intendedUse}**

## What it does

${manifest.summary}

## How

${origin} Licence: ${manifest.licence}.

## Where this package differs from its source

${notes.length === 0 ? 'Nowhere that is known.' : list(notes)}

## Limits

${list(manifest.limitations)}
`;
}
