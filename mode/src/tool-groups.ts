import type { Managers, ToolSet } from './viewer.ts';

/** The tools that the viewer's extensions name, by the viewer's own keys; a version that lacks one leaves it out. */
interface ToolModule {
  readonly toolNames: Readonly<Record<string, string>>;
  readonly Enums?: {
    readonly MouseBindings: {
      readonly Primary: number;
      readonly Secondary: number;
      readonly Auxiliary: number;
      readonly Wheel: number;
    };
    readonly KeyboardBindings?: { readonly Shift?: number };
  };
}

const measuring = [
  'Length',
  'Bidirectional',
  'DragProbe',
  'Probe',
  'EllipticalROI',
  'CircleROI',
  'RectangleROI',
  'Angle',
  'CobbAngle',
  'PlanarFreehandROI',
  'SplineROI',
  'LivewireContour',
  'WindowLevelRegion',
  'PlanarFreehandContourSegmentation',
];

const reportTools = [
  'SRLength',
  'SRArrowAnnotate',
  'SRBidirectional',
  'SREllipticalROI',
  'SRCircleROI',
  'SRPlanarFreehandROI',
  'SRRectangleROI',
];

/** Colour of a crosshair line: that of the plane it stands for. */
const planeColours: Readonly<Record<string, string>> = {
  axial: 'rgb(200, 0, 0)',
  sagittal: 'rgb(200, 200, 0)',
  coronal: 'rgb(0, 200, 0)',
};

function toolModule(managers: Managers, extension: string): ToolModule | null {
  const entry = managers.extensionManager.getModuleEntry(`${extension}.utilityModule.tools`);
  return (entry?.exports as ToolModule | undefined) ?? null;
}

function named(module: ToolModule, keys: readonly string[]): { toolName: string }[] {
  return keys.flatMap((key) => {
    const toolName = module.toolNames[key];
    return toolName === undefined ? [] : [{ toolName }];
  });
}

/** Mouse and touch as in the viewer's own modes: window, pan, zoom, scroll. */
function navigation(module: ToolModule): NonNullable<ToolSet['active']> {
  const mouse = module.Enums!.MouseBindings;
  const bind = (key: string, ...bindings: object[]) => named(module, [key]).map((tool) => ({ ...tool, bindings }));
  return [
    ...bind('WindowLevel', { mouseButton: mouse.Primary }),
    ...bind('Pan', { mouseButton: mouse.Auxiliary }),
    ...bind('Zoom', { mouseButton: mouse.Secondary }, { numTouchPoints: 2 }),
    ...bind('StackScroll', { mouseButton: mouse.Wheel }, { numTouchPoints: 3 }),
  ];
}

function arrowAnnotate(module: ToolModule, { commandsManager }: Managers): NonNullable<ToolSet['passive']> {
  const askForText = (callback: unknown, eventDetails: unknown, data?: unknown) =>
    void commandsManager.runCommand('arrowTextCallback', { callback, eventDetails, data });
  const configuration = {
    getTextCallback: (callback: unknown, eventDetails: unknown) => askForText(callback, eventDetails),
    changeTextCallback: (data: unknown, eventDetails: unknown, callback: unknown) =>
      askForText(callback, eventDetails, data),
  };
  return named(module, ['ArrowAnnotate']).map((tool) => ({ ...tool, configuration }));
}

function crosshairs(module: ToolModule, managers: Managers): NonNullable<ToolSet['disabled']> {
  const { cornerstoneViewportService } = managers.servicesManager.services;
  const configuration = {
    viewportIndicators: true,
    viewportIndicatorsConfig: { circleRadius: 5, xOffset: 0.95, yOffset: 0.05 },
    autoPan: { enabled: false, panSize: 10 },
    disableOnPassive: true,
    getReferenceLineColor: (viewportId: string) => {
      const options = cornerstoneViewportService.getViewportInfo(viewportId)?.viewportOptions;
      return planeColours[options?.orientation ?? ''] ?? 'rgb(0, 200, 0)';
    },
  };
  const bindings = [
    { mouseButton: module.Enums!.MouseBindings.Primary, modifierKey: module.Enums!.KeyboardBindings?.Shift },
  ];
  return named(module, ['Crosshairs']).map((tool) => ({ ...tool, bindings, configuration }));
}

/** Makes the tool groups that the viewer's layouts and viewports ask for by name. */
export function createToolGroups(managers: Managers): void {
  const { toolGroupService } = managers.servicesManager.services;
  const tools = toolModule(managers, '@ohif/extension-cornerstone');
  if (tools?.Enums === undefined) return;
  const active = navigation(tools);
  const passive = [...named(tools, measuring), ...arrowAnnotate(tools, managers)];

  toolGroupService.createToolGroupAndAddTools('default', {
    active,
    passive: [
      ...passive,
      ...named(tools, [
        'StackScroll',
        'Magnify',
        'PlanarRotate',
        'CalibrationLine',
        'SegmentBidirectional',
        'UltrasoundDirectional',
      ]),
    ],
    enabled: named(tools, ['ImageOverlayViewer', 'ReferenceLines']),
    disabled: named(tools, ['AdvancedMagnify']),
  });
  toolGroupService.createToolGroupAndAddTools('mpr', {
    active,
    passive: [...passive, ...named(tools, ['StackScroll'])],
    disabled: [...crosshairs(tools, managers), ...named(tools, ['AdvancedMagnify', 'ReferenceLines'])],
  });
  const mouse = tools.Enums.MouseBindings;
  toolGroupService.createToolGroupAndAddTools('volume3d', {
    active: [
      ...named(tools, ['TrackballRotateTool']).map((tool) => ({ ...tool, bindings: [{ mouseButton: mouse.Primary }] })),
      ...named(tools, ['Zoom']).map((tool) => ({ ...tool, bindings: [{ mouseButton: mouse.Secondary }] })),
      ...named(tools, ['Pan']).map((tool) => ({ ...tool, bindings: [{ mouseButton: mouse.Auxiliary }] })),
    ],
  });

  const reports = toolModule(managers, '@ohif/extension-cornerstone-dicom-sr');
  if (reports === null) return;
  toolGroupService.createToolGroupAndAddTools('SRToolGroup', {
    active,
    passive: [...named(reports, reportTools), ...named(tools, ['WindowLevelRegion'])],
    enabled: named(reports, ['DICOMSRDisplay']),
  });
}
