import { integerOf, numbersOf, textOf } from '../../../dicom/index.ts';
import { isColourPresentationState, isPresentationState } from '../kinds.ts';
import { itemsAt, itemsBelow, pathTo } from '../path.ts';
import type { Rule } from '../rule.ts';
import { hasValue, missing, notOneOf, whole } from './require.ts';

const state: Rule = {
  id: 'pr.state',
  severity: 'error',
  section: 'PS3.3 C.11.10, C.11.11, C.11.6, C.11.15',
  about: isPresentationState,
  *check(subject) {
    const { dataset } = subject;
    const at = whole(dataset);
    yield* missing(at, ['InstanceNumber', 'ContentLabel', 'PresentationCreationDate', 'PresentationCreationTime']);
    yield* missing(at, ['ReferencedSeriesSequence']);
    for (const series of itemsBelow(dataset, 'ReferencedSeriesSequence')) {
      yield* missing(series, ['SeriesInstanceUID', 'ReferencedImageSequence']);
    }
    if (isColourPresentationState(subject)) yield* missing(at, ['ICCProfile']);
    else yield* notOneOf(at, 'PresentationLUTShape', ['IDENTITY', 'INVERSE']);
  },
};

const area: Rule = {
  id: 'pr.displayed-area',
  severity: 'error',
  section: 'PS3.3 C.10.4',
  about: isPresentationState,
  *check({ dataset }) {
    yield* missing(whole(dataset), ['DisplayedAreaSelectionSequence']);
    for (const item of itemsBelow(dataset, 'DisplayedAreaSelectionSequence')) {
      yield* missing(item, [
        'DisplayedAreaTopLeftHandCorner',
        'DisplayedAreaBottomRightHandCorner',
        'PresentationSizeMode',
      ]);
      const { attributes, path } = item;
      if (hasValue(attributes, 'PresentationPixelSpacing') || hasValue(attributes, 'PresentationPixelAspectRatio'))
        continue;
      yield { path, message: 'the displayed area has neither pixel spacing nor aspect ratio' };
    }
  },
};

const annotations: Rule = {
  id: 'pr.annotation',
  severity: 'error',
  section: 'PS3.3 C.10.5, C.10.7',
  about: isPresentationState,
  *check({ dataset }) {
    const layers = new Set(
      itemsBelow(dataset, 'GraphicLayerSequence').map(({ attributes }) => textOf(attributes, 'GraphicLayer')),
    );
    const images = new Set(
      itemsBelow(dataset, 'ReferencedSeriesSequence', 'ReferencedImageSequence').map(({ attributes }) =>
        textOf(attributes, 'ReferencedSOPInstanceUID'),
      ),
    );
    for (const annotation of itemsBelow(dataset, 'GraphicAnnotationSequence')) {
      const layer = textOf(annotation.attributes, 'GraphicLayer');
      if (!layers.has(layer)) {
        yield { path: pathTo(annotation.path, 'GraphicLayer'), message: `the layer ${layer ?? ''} is not described` };
      }
      for (const { attributes, path } of itemsAt(annotation, 'ReferencedImageSequence')) {
        if (images.has(textOf(attributes, 'ReferencedSOPInstanceUID'))) continue;
        yield { path, message: 'the annotation is on an image that the state does not apply to' };
      }
      for (const item of itemsAt(annotation, 'GraphicObjectSequence')) {
        yield* missing(item, ['GraphicAnnotationUnits', 'GraphicType', 'GraphicData', 'NumberOfGraphicPoints']);
        const numbers = numbersOf(item.attributes, 'GraphicData')?.length ?? 0;
        const points =
          (integerOf(item.attributes, 'NumberOfGraphicPoints') ?? 0) *
          (integerOf(item.attributes, 'GraphicDimensions') ?? 0);
        if (numbers !== points)
          yield { path: pathTo(item.path, 'GraphicData'), message: `${numbers} numbers for ${points / 2} points` };
      }
      for (const item of itemsAt(annotation, 'TextObjectSequence')) {
        yield* missing(item, ['UnformattedTextValue']);
        if (hasValue(item.attributes, 'AnchorPoint') || hasValue(item.attributes, 'BoundingBoxTopLeftHandCorner'))
          continue;
        yield { path: item.path, message: 'the text has neither an anchor point nor a bounding box' };
      }
    }
  },
};

export const presentationStateRules: readonly Rule[] = [state, area, annotations];
