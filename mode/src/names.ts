import manifest from '../package.json' with { type: 'json' };

export const modeId = manifest.name;

/** Entries of the viewer's own extensions, by the id that the viewer gives them. */
export const viewerEntries = {
  layout: '@ohif/extension-default.layoutTemplateModule.viewerLayout',
  seriesList: '@ohif/extension-default.panelModule.seriesList',
  segmentationPanel: '@ohif/extension-cornerstone.panelModule.panelSegmentation',
  measurementPanel: '@ohif/extension-cornerstone.panelModule.panelMeasurement',
} as const;

/** Kinds of objects: what makes display sets of them, and what shows those. */
const kinds = {
  stack: {
    handlers: ['@ohif/extension-default.sopClassHandlerModule.stack'],
    viewport: '@ohif/extension-cornerstone.viewportModule.cornerstone',
  },
  video: {
    handlers: ['@ohif/extension-dicom-video.sopClassHandlerModule.dicom-video'],
    viewport: '@ohif/extension-cornerstone.viewportModule.cornerstone',
  },
  microscopy: {
    handlers: ['@ohif/extension-cornerstone.sopClassHandlerModule.DicomMicroscopySopClassHandler'],
    viewport: '@ohif/extension-cornerstone.viewportModule.cornerstone',
  },
  report: {
    handlers: [
      '@ohif/extension-cornerstone-dicom-sr.sopClassHandlerModule.dicom-sr-3d',
      '@ohif/extension-cornerstone-dicom-sr.sopClassHandlerModule.dicom-sr',
    ],
    viewport: '@ohif/extension-cornerstone-dicom-sr.viewportModule.dicom-sr',
  },
  segmentation: {
    handlers: ['@ohif/extension-cornerstone-dicom-seg.sopClassHandlerModule.dicom-seg'],
    viewport: '@ohif/extension-cornerstone-dicom-seg.viewportModule.dicom-seg',
  },
  parametricMap: {
    handlers: ['@ohif/extension-cornerstone-dicom-pmap.sopClassHandlerModule.dicom-pmap'],
    viewport: '@ohif/extension-cornerstone-dicom-pmap.viewportModule.dicom-pmap',
  },
  structureSet: {
    handlers: ['@ohif/extension-cornerstone-dicom-rt.sopClassHandlerModule.dicom-rt'],
    viewport: '@ohif/extension-cornerstone-dicom-rt.viewportModule.dicom-rt',
  },
  document: {
    handlers: ['@ohif/extension-dicom-pdf.sopClassHandlerModule.dicom-pdf'],
    viewport: '@ohif/extension-dicom-pdf.viewportModule.dicom-pdf',
  },
} as const;

/** The first handler that knows a SOP class takes it: video before plain images, 3-D reports before the other reports. */
export const sopClassHandlers: readonly string[] = [
  kinds.video,
  kinds.segmentation,
  kinds.parametricMap,
  kinds.stack,
  kinds.microscopy,
  kinds.document,
  kinds.report,
  kinds.structureSet,
].flatMap((kind) => kind.handlers);

const imageViewport = {
  namespace: kinds.stack.viewport,
  displaySetsToDisplay: [kinds.stack, kinds.video, kinds.microscopy].flatMap(
    (kind): readonly string[] => kind.handlers,
  ),
};

/** Which viewport shows which display sets. */
export const viewports: readonly { namespace: string; displaySetsToDisplay: readonly string[] }[] = [
  imageViewport,
  ...[kinds.report, kinds.document, kinds.segmentation, kinds.parametricMap, kinds.structureSet].map((kind) => ({
    namespace: kind.viewport,
    displaySetsToDisplay: [...kind.handlers],
  })),
];

/**
 * Extensions that the mode needs. The viewer imports each of these names, and a plug-in's own name is none that it can
 * resolve, so ours is not among them: the site lists it in `window.config.extensions`.
 */
export const extensionDependencies: Readonly<Record<string, string>> = {
  '@ohif/extension-default': '^3.0.0',
  '@ohif/extension-cornerstone': '^3.0.0',
  '@ohif/extension-cornerstone-dicom-sr': '^3.0.0',
  '@ohif/extension-cornerstone-dicom-seg': '^3.0.0',
  '@ohif/extension-cornerstone-dicom-pmap': '^3.0.0',
  '@ohif/extension-cornerstone-dicom-rt': '^3.0.0',
  '@ohif/extension-dicom-pdf': '^3.0.0',
  '@ohif/extension-dicom-video': '^3.0.0',
};
