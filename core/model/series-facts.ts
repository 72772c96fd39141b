import { integerOf, itemOf, textOf, type Attributes } from '../dicom/index.ts';

/** What the header of a series says that models ask about, besides its geometry. */
export interface SeriesFacts {
  /** Modality (0008,0060), or empty. */
  readonly modality: string;
  /** SeriesNumber (0020,0011). */
  readonly seriesNumber: number | null;
  /** BodyPartExamined (0018,0015). */
  readonly bodyPart: string | null;
  /** ViewPosition (0018,5101). */
  readonly view: string | null;
  /** By ContrastBolusAgent (0018,0010) or its coded form; null where the header says nothing of it. */
  readonly contrast: 'with' | 'without' | null;
  /** SeriesDescription (0008,103E) and ProtocolName (0018,1030), in this order, as far as there are any. */
  readonly words: readonly string[];
}

/** How people write that there was none into a field meant for the name of the agent. */
const none = /^(?:no|none|without|n\/?a|-+)$/i;

/** @param instance naturalized attributes of any image of the series */
export function seriesFacts(instance: Attributes): SeriesFacts {
  const agent = textOf(instance, 'ContrastBolusAgent')?.trim() ?? '';
  const isCoded = itemOf(instance, 'ContrastBolusAgentSequence') !== null;
  return {
    modality: textOf(instance, 'Modality') ?? '',
    seriesNumber: integerOf(instance, 'SeriesNumber'),
    bodyPart: textOf(instance, 'BodyPartExamined'),
    view: textOf(instance, 'ViewPosition'),
    contrast: none.test(agent) ? 'without' : agent !== '' || isCoded ? 'with' : null,
    words: ['SeriesDescription', 'ProtocolName']
      .map((keyword) => textOf(instance, keyword))
      .filter((text) => text !== null),
  };
}
