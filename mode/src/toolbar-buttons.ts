import type { Button, Sections } from './viewer.ts';

/**
 * The toolbar for viewers before 3.13, which offer no ready pack of buttons. Ids, icons, commands and evaluators are the
 * viewer's own names.
 */
const noVideo = { name: 'evaluate.viewport.supported', unsupportedViewportTypes: ['video'] };

function button(id: string, icon: string, label: string, props: Readonly<Record<string, unknown>>): Button {
  return { id, uiType: 'ohif.toolButton', props: { icon, label, tooltip: label, ...props } };
}

/** A button that makes a tool the one of the left mouse button. */
function tool(
  id: string,
  icon: string,
  label: string,
  toolGroupIds = ['default', 'mpr', 'SRToolGroup', 'volume3d'],
): Button {
  return button(id, icon, label, {
    commands: { commandName: 'setToolActiveToolbar', commandOptions: { toolGroupIds } },
    evaluate: { name: 'evaluate.cornerstoneTool', disabledText: 'Not available in this viewport' },
  });
}

/** A button that does something at once. */
function action(
  id: string,
  icon: string,
  label: string,
  commands: unknown,
  evaluate: unknown = ['evaluate.action', noVideo],
): Button {
  return button(id, icon, label, { commands, evaluate });
}

function section(id: string, uiType = 'ohif.toolButtonList'): Button {
  return { id, uiType, props: { buttonSection: true } };
}

/** A menu or badge at the edge of a viewport; hidden where it has nothing to offer. */
function menu(id: string, icon: string, label: string, hideWhenDisabled = true): Button {
  const evaluate = { name: `evaluate.${id}`, hideWhenDisabled };
  return { id, uiType: `ohif.${id}`, props: { icon, label, tooltip: label, evaluate } };
}

export const ownButtons: readonly Button[] = [
  section('MeasurementTools'),
  section('MoreTools'),
  section('AdvancedRenderingControls', 'ohif.advancedRenderingControls'),
  tool('Length', 'tool-length', 'Length'),
  tool('Bidirectional', 'tool-bidirectional', 'Bidirectional'),
  tool('ArrowAnnotate', 'tool-annotate', 'Annotation'),
  tool('EllipticalROI', 'tool-ellipse', 'Ellipse'),
  tool('RectangleROI', 'tool-rectangle', 'Rectangle'),
  tool('CircleROI', 'tool-circle', 'Circle'),
  tool('PlanarFreehandROI', 'icon-tool-freehand-roi', 'Freehand ROI'),
  tool('Zoom', 'tool-zoom', 'Zoom'),
  tool('Pan', 'tool-move', 'Pan'),
  tool('TrackballRotate', 'tool-3d-rotate', '3D Rotate', ['volume3d']),
  tool('WindowLevel', 'tool-window-level', 'Window Level'),
  tool('Crosshairs', 'tool-crosshair', 'Crosshairs', ['mpr']),
  tool('StackScroll', 'tool-stack-scroll', 'Stack Scroll'),
  tool('Probe', 'tool-probe', 'Probe'),
  tool('Angle', 'tool-angle', 'Angle'),
  tool('CobbAngle', 'icon-tool-cobb-angle', 'Cobb Angle'),
  tool('Magnify', 'tool-magnify', 'Zoom-in'),
  tool('WindowLevelRegion', 'icon-tool-window-region', 'Window Level Region'),
  action('Capture', 'tool-capture', 'Capture', 'showDownloadViewportModal'),
  action('Reset', 'tool-reset', 'Reset View', 'resetViewport', 'evaluate.action'),
  action('rotate-right', 'tool-rotate-right', 'Rotate +90', 'rotateViewportCW'),
  action('flipHorizontal', 'tool-flip-horizontal', 'Flip Horizontally', 'flipViewportHorizontal', [
    'evaluate.viewportProperties.toggle',
    noVideo,
  ]),
  action('invert', 'tool-invert', 'Invert Colors', 'invertViewport', ['evaluate.viewportProperties.toggle', noVideo]),
  action('Cine', 'tool-cine', 'Cine', 'toggleCine', 'evaluate.cine'),
  action('TagBrowser', 'dicom-tag-browser', 'Dicom Tag Browser', 'openDICOMTagViewer', 'evaluate.action'),
  { id: 'Layout', uiType: 'ohif.layoutSelector', props: { rows: 3, columns: 4, evaluate: 'evaluate.action' } },
  menu('modalityLoadBadge', 'Status', 'Status'),
  menu('navigationComponent', 'Navigation', 'Navigate between segments and measurements'),
  menu('dataOverlayMenu', 'ViewportViews', 'Data Overlay', false),
  menu('orientationMenu', 'OrientationSwitch', 'Orientation', false),
  menu('windowLevelMenu', 'WindowLevel', 'Window Level', false),
  menu('windowLevelMenuEmbedded', 'WindowLevel', 'Window Level'),
  menu('voiManualControlMenu', 'WindowLevelAdvanced', 'Advanced Window Level', false),
  menu('thresholdMenu', 'Threshold', 'Threshold'),
  menu('opacityMenu', 'Opacity', 'Opacity'),
  { id: 'Colorbar', uiType: 'ohif.colorbar', props: { type: 'tool', label: 'Colorbar' } },
];

/** Section keys are those of the viewer's toolbar service. */
export const ownSections: Sections = {
  primary: [
    'MeasurementTools',
    'Zoom',
    'Pan',
    'TrackballRotate',
    'WindowLevel',
    'Capture',
    'Layout',
    'Crosshairs',
    'MoreTools',
  ],
  'viewportActionMenu.topLeft': ['orientationMenu', 'dataOverlayMenu'],
  'viewportActionMenu.topRight': ['modalityLoadBadge', 'navigationComponent'],
  'viewportActionMenu.bottomLeft': ['windowLevelMenu'],
  'viewportActionMenu.bottomMiddle': ['AdvancedRenderingControls'],
  AdvancedRenderingControls: [
    'windowLevelMenuEmbedded',
    'voiManualControlMenu',
    'Colorbar',
    'opacityMenu',
    'thresholdMenu',
  ],
  MeasurementTools: [
    'Length',
    'Bidirectional',
    'ArrowAnnotate',
    'EllipticalROI',
    'RectangleROI',
    'CircleROI',
    'PlanarFreehandROI',
  ],
  MoreTools: [
    'Reset',
    'rotate-right',
    'flipHorizontal',
    'StackScroll',
    'invert',
    'Probe',
    'Cine',
    'Angle',
    'CobbAngle',
    'Magnify',
    'TagBrowser',
    'WindowLevelRegion',
  ],
};
