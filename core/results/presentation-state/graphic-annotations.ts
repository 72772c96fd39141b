import type { Analysis, Region } from '../../analysis/index.ts';
import type { Dataset } from '../../dicom/index.ts';
import type { Vec3 } from '../../geometry/index.ts';
import { onSlice, statementOf, type ShownFinding } from '../common/shown-findings.ts';
import { rgbToDicomLab } from '../seg/colour.ts';
import { referencesTo } from './presented-images.ts';

const boxLayer = 'AI_FINDINGS';
const nameLayer = 'AI_MODEL';
const boxColour: Vec3 = [255, 200, 0];
const nameColour: Vec3 = [255, 255, 255];

/** Graphic Layer (PS3.3 C.10.7): boxes below, the model's name above, so that a display can hide one of them. */
export const graphicLayers: Dataset = {
  GraphicLayerSequence: [
    {
      GraphicLayer: boxLayer,
      GraphicLayerOrder: 1,
      GraphicLayerRecommendedDisplayCIELabValue: rgbToDicomLab(boxColour),
      GraphicLayerDescription: 'Boxes and labels of AI findings',
    },
    {
      GraphicLayer: nameLayer,
      GraphicLayerOrder: 2,
      GraphicLayerRecommendedDisplayCIELabValue: rgbToDicomLab(nameColour),
      GraphicLayerDescription: 'What made them',
    },
  ],
};

/** Graphic Annotation (PS3.3 C.10.5): on every slice the findings that touch it, and who says so. */
export function graphicAnnotations(
  analysis: Analysis,
  shown: readonly ShownFinding[],
  slices: readonly number[],
): readonly Dataset[] {
  const statement = nameItem(analysis);
  return slices.flatMap((k) => {
    const references = referencesTo(analysis.source.slices.slice(k, k + 1));
    const here = shown.filter(({ region }) => onSlice(region, k));
    const boxes: Dataset = {
      ReferencedImageSequence: references,
      GraphicLayer: boxLayer,
      TextObjectSequence: here.map(({ region, words }) => label(region, words)),
      GraphicObjectSequence: here.map(({ region }) => outline(region)),
    };
    const name: Dataset = { ReferencedImageSequence: references, GraphicLayer: nameLayer, ...statement };
    return here.length === 0 ? [name] : [boxes, name];
  });
}

/** The outer edges of the box's pixels: (0, 0) is the outer corner of the first pixel (PS3.3 C.10.5.1.2). */
function outline({ box }: Region): Dataset {
  const [left, top] = [box.min[0], box.min[1]];
  const [right, bottom] = [box.max[0] + 1, box.max[1] + 1];
  return {
    GraphicAnnotationUnits: 'PIXEL',
    GraphicDimensions: 2,
    NumberOfGraphicPoints: 5,
    GraphicData: [left, top, right, top, right, bottom, left, bottom, left, top],
    GraphicType: 'POLYLINE',
    GraphicFilled: 'N',
  };
}

function label({ box }: Region, words: string): Dataset {
  return {
    AnchorPointAnnotationUnits: 'PIXEL',
    UnformattedTextValue: plain(words),
    AnchorPoint: [box.max[0] + 1, box.min[1]],
    AnchorPointVisibility: 'N',
  };
}

function nameItem(analysis: Analysis): Dataset {
  return {
    TextObjectSequence: [
      {
        BoundingBoxAnnotationUnits: 'DISPLAY',
        UnformattedTextValue: plain(statementOf(analysis).join('. ')),
        BoundingBoxTopLeftHandCorner: [0.02, 0.94],
        BoundingBoxBottomRightHandCorner: [0.98, 0.99],
        BoundingBoxTextHorizontalJustification: 'LEFT',
      },
    ],
  };
}

/** ST takes 1024 characters. */
function plain(words: string): string {
  return Array.from(words).slice(0, 1024).join('');
}
