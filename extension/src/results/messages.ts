import type { Analysis } from '@overread/core/analysis';
import type { DecodedResults, DicomObject, EncodeOptions } from '@overread/core/results';
import type { WireError } from '@overread/core/protocol';
import type { SeriesGeometry } from '@overread/core/volume';

/** What the page asks of the results worker; each request's answer carries its id. */
export type ResultsRequest =
  | { readonly id: number; readonly kind: 'encode'; readonly analysis: Analysis; readonly options: EncodeOptions }
  | {
      readonly id: number;
      readonly kind: 'decode';
      readonly objects: readonly Uint8Array[];
      readonly source: SeriesGeometry;
    };

export type ResultsReply =
  | { readonly id: number; readonly kind: 'encoded'; readonly objects: readonly DicomObject[] }
  | { readonly id: number; readonly kind: 'decoded'; readonly results: DecodedResults }
  | { readonly id: number; readonly kind: 'failed'; readonly error: WireError };

export type WithoutId<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never;
