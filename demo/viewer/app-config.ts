/** What the viewer's configuration depends on. Paths are on the viewer's own origin. */
export interface AppConfigOptions {
  /** Name of the PACS in the viewer's data source menu. */
  readonly pacsName: string;
  /** Whether the companion server stands behind /overread/api/v1. */
  readonly server: boolean;
}

/**
 * app-config.js of an unmodified OHIF Viewer with Overread in it: the two plug-in addresses, one DICOMweb source, and
 * `overread`, the plug-in's own settings. Addresses are made absolute in the browser, since the viewer hands them to
 * native `import()` and to libraries that want whole URLs.
 */
export function appConfig({ pacsName, server }: AppConfigOptions): string {
  const overread = { models: '/overread/models/', server: server ? '/overread/api/v1' : null, segmentation: true };
  return `const here = window.location.origin;
const dicomweb = here + '/dicomweb';

window.config = {
  name: 'overread-demo',
  routerBasename: '/',
  extensions: [here + '/overread/extension.js'],
  modes: [here + '/overread/mode.js'],
  overread: ${JSON.stringify(overread)},
  customizationService: {},
  showStudyList: true,
  groupEnabledModesFirst: true,
  showWarningMessageForCrossOrigin: false,
  showCPUFallbackMessage: true,
  showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true,
  // Overread's panel says "research use only" all the time; the viewer's dialog would say it once and stand in the way.
  investigationalUseDialog: { option: 'never' },
  maxNumberOfWebWorkers: 3,
  maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 10 },
  defaultDataSourceName: 'dicomweb',
  dataSources: [
    {
      namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
      sourceName: 'dicomweb',
      configuration: {
        friendlyName: ${JSON.stringify(pacsName)},
        name: 'dicomweb',
        qidoRoot: dicomweb,
        wadoRoot: dicomweb,
        wadoUriRoot: dicomweb,
        qidoSupportsIncludeField: true,
        supportsReject: false,
        supportsStow: true,
        supportsFuzzyMatching: false,
        supportsWildcard: true,
        imageRendering: 'wadors',
        thumbnailRendering: 'wadors',
        enableStudyLazyLoad: true,
        singlepart: 'bulkdata,video',
        bulkDataURI: { enabled: true, relativeResolution: 'studies' },
        omitQuotationForMultipartRequest: true,
      },
    },
  ],
  httpErrorHandler: (error) => console.warn('DICOMweb request failed with status', error.status),
};
`;
}
