import type { Rule } from '../rule.ts';
import { algorithmRules } from './algorithm.ts';
import { codeRules } from './codes.ts';
import { commonRules } from './common.ts';
import { documentRules } from './document.ts';
import { imageRules } from './images.ts';
import { keyObjectRules } from './key-objects.ts';
import { measurementReportRules } from './measurement-report.ts';
import { presentationStateRules } from './presentation-state.ts';
import { segmentationRules } from './segmentation.ts';
import { viewerRules } from './viewer.ts';

/** Every rule, in the order in which a report lists them. */
export const rules: readonly Rule[] = [
  ...commonRules,
  ...codeRules,
  ...algorithmRules,
  ...documentRules,
  ...measurementReportRules,
  ...segmentationRules,
  ...imageRules,
  ...presentationStateRules,
  ...keyObjectRules,
  ...viewerRules,
];
