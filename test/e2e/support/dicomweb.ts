import { readMultipart } from '../../support/multipart.ts';

/** A DICOM JSON dataset (PS3.18 F.2), as far as the tests look. */
type DicomJson = Record<string, { readonly vr: string; readonly Value?: readonly string[] } | undefined>;

export interface StoredInstance {
  readonly modality: string;
  readonly sopClassUID: string;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly seriesDescription: string;
}

const text = (dataset: DicomJson, tag: string): string => dataset[tag]?.Value?.[0] ?? '';

/** Modalities of what is stored: masks, reports, and heat maps. */
const modalities = ['SEG', 'SR', 'OT'] as const;

/** The instances of a study that hold results, asked of the archive itself. */
export async function storedResults(dicomWeb: string, studyInstanceUID: string): Promise<readonly StoredInstance[]> {
  const found: StoredInstance[] = [];
  for (const modality of modalities) {
    const series = await query(
      `${dicomWeb}/studies/${studyInstanceUID}/series?Modality=${modality}&includefield=0008103E`,
    );
    for (const one of series) {
      const seriesInstanceUID = text(one, '0020000E');
      const instances = await query(`${dicomWeb}/studies/${studyInstanceUID}/series/${seriesInstanceUID}/instances`);
      for (const instance of instances) {
        found.push({
          modality,
          sopClassUID: text(instance, '00080016'),
          studyInstanceUID,
          seriesInstanceUID,
          sopInstanceUID: text(instance, '00080018'),
          seriesDescription: text(one, '0008103E'),
        });
      }
    }
  }
  return found;
}

/** Part 10 bytes of one instance (multipart of one part). */
export async function fetchInstance(dicomWeb: string, instance: StoredInstance): Promise<Uint8Array> {
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = instance;
  const url = `${dicomWeb}/studies/${studyInstanceUID}/series/${seriesInstanceUID}/instances/${sopInstanceUID}`;
  const response = await fetch(url, { headers: { accept: 'multipart/related; type="application/dicom"' } });
  if (!response.ok) throw new Error(`The archive answered ${response.status} to ${url}`);
  const [part] = await readMultipart(response);
  return new Uint8Array(part!.bytes);
}

async function query(url: string): Promise<readonly DicomJson[]> {
  const response = await fetch(url, { headers: { accept: 'application/dicom+json' } });
  if (response.status === 204) return [];
  if (!response.ok) throw new Error(`The archive answered ${response.status} to ${url}`);
  return (await response.json()) as DicomJson[];
}
