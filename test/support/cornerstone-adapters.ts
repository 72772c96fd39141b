import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { LabelMap } from '@overread/core/analysis';
import type { Attributes } from '@overread/core/dicom';

/** What the viewer writes and reads SEG with: `@cornerstonejs/adapters` on dcmjs. */
export interface CornerstoneAdapters {
  /** Part 10 bytes of a BINARY SEG of the label map, as the viewer's own export writes it. */
  encode(labelMap: LabelMap, images: readonly Attributes[]): Uint8Array;
  /** Labels on the images, as the viewer's own import reads them. */
  decode(segmentation: Uint8Array, images: readonly Attributes[]): Promise<Uint8Array>;
}

type Metadata = { readonly get: (type: string, imageId: string) => unknown };

interface Library {
  readonly adaptersSEG: {
    readonly Cornerstone3D: {
      readonly Segmentation: {
        generateSegmentation(images: unknown, labelmaps: unknown, metadata: Metadata): { dataset: unknown };
      };
    };
    readonly Cornerstone: {
      readonly Segmentation: {
        generateToolState(
          imageIds: readonly string[],
          bytes: ArrayBuffer,
          metadata: Metadata,
          options: object,
        ): Promise<{ labelmapBufferArray: readonly ArrayBuffer[] }>;
      };
    };
  };
  readonly data: { datasetToDict(dataset: unknown): { write(): ArrayBuffer } };
}

/** The library as one bundle: its modules name their helpers in a way that Node does not resolve. */
export async function loadCornerstoneAdapters(): Promise<CornerstoneAdapters> {
  const folder = mkdtempSync(join(tmpdir(), 'overread-adapters-'));
  const outfile = join(folder, 'adapters.cjs');
  const adapters = fileURLToPath(import.meta.resolve('@cornerstonejs/adapters'));
  try {
    await build({
      stdin: {
        contents: `export { adaptersSEG } from ${JSON.stringify(adapters)}; export { data } from 'dcmjs';`,
        resolveDir: resolve(import.meta.dirname, '../..'),
      },
      bundle: true,
      format: 'cjs',
      platform: 'node',
      alias: { '@babel/runtime': '@babel/runtime-corejs2' },
      logLevel: 'silent',
      outfile,
    });
    return adaptersOf(createRequire(import.meta.url)(outfile) as Library);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function adaptersOf({ adaptersSEG, data }: Library): CornerstoneAdapters {
  return {
    encode: (labelMap, images) => {
      const ids = images.map((_, k) => `image:${k}`);
      const { dataset } = adaptersSEG.Cornerstone3D.Segmentation.generateSegmentation(
        ids.map((imageId) => ({ imageId, voxelManager: { getScalarData: () => new Uint16Array(1) } })),
        labelmap3D(labelMap),
        metadataOf(images),
      );
      return new Uint8Array(data.datasetToDict(dataset).write());
    },
    decode: async (segmentation, images) => {
      const bytes = segmentation.slice().buffer;
      const ids = images.map((_, k) => `image:${k}`);
      const { Segmentation } = adaptersSEG.Cornerstone;
      const { labelmapBufferArray } = await Segmentation.generateToolState(ids, bytes, metadataOf(images), {});
      const [labels] = labelmapBufferArray;
      if (labels === undefined) throw new Error('There is a label map.');
      return new Uint8Array(labels);
    },
  };
}

function labelmap3D({ grid, labels, segments }: LabelMap): unknown {
  const [columns, rows, slices] = grid.dims;
  const labelmaps2D = Array.from({ length: slices }, (_, k) => {
    const pixelData = labels.subarray(k * rows * columns, (k + 1) * rows * columns);
    return { rows, columns, pixelData, segmentsOnLabelmap: [...new Set(pixelData)].filter((label) => label !== 0) };
  });
  const metadata: unknown[] = [];
  for (const { number, label, category, type } of segments) {
    const item = ({ value, scheme, meaning }: typeof type) => ({
      CodeValue: value,
      CodingSchemeDesignator: scheme,
      CodeMeaning: meaning,
    });
    metadata[number] = {
      SegmentNumber: number,
      SegmentLabel: label,
      SegmentAlgorithmType: 'AUTOMATIC',
      SegmentAlgorithmName: 'benchmark',
      SegmentedPropertyCategoryCodeSequence: item(category),
      SegmentedPropertyTypeCodeSequence: item(type),
    };
  }
  return { labelmaps2D, metadata };
}

/** What a viewer's metadata providers answer. */
function metadataOf(images: readonly Attributes[]): Metadata {
  return {
    get: (type, imageId) => {
      const image = images[Number(imageId.slice('image:'.length))] ?? {};
      const orientation = image['ImageOrientationPatient'] as readonly number[];
      switch (type) {
        case 'imagePlaneModule':
          return {
            rows: image['Rows'],
            columns: image['Columns'],
            rowCosines: orientation.slice(0, 3),
            columnCosines: orientation.slice(3),
            imageOrientationPatient: orientation,
            imagePositionPatient: image['ImagePositionPatient'],
            pixelSpacing: image['PixelSpacing'],
            sliceThickness: image['SliceThickness'],
            frameOfReferenceUID: image['FrameOfReferenceUID'],
          };
        case 'generalImageModule':
          return { sopInstanceUID: image['SOPInstanceUID'] };
        case 'generalSeriesModule':
          return { seriesInstanceUID: image['SeriesInstanceUID'], modality: image['Modality'] };
        case 'frameNumber':
          return undefined;
        default:
          return image;
      }
    },
  };
}
