/**
 * The viewer's managers and services, as far as the host door calls them. OHIF publishes no types: written by hand from
 * the viewers 3.11 to 3.14. What may be absent in one of them is optional here.
 */
import type { CornerstoneLibraries } from './cornerstone.ts';

export interface Subscription {
  unsubscribe(): void;
}

interface Publisher {
  readonly EVENTS: Readonly<Record<string, string>>;
  subscribe(event: string, listener: (data: unknown) => void): Subscription;
}

/** Naturalized attributes of one instance, as the viewer's metadata store keeps them. */
export type Instance = Readonly<Record<string, unknown>>;

/** A set of images (or one object) that the viewer shows as one. A series may be split into several. */
export interface DisplaySet {
  readonly displaySetInstanceUID: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPClassHandlerId: string;
  readonly Modality?: string;
  readonly instances?: readonly Instance[];
  /** Of derived objects (SEG, …): the images they are about. */
  readonly referencedDisplaySetInstanceUID?: string;
}

interface GridViewport {
  readonly viewportId: string;
  readonly displaySetInstanceUIDs?: readonly string[];
}

interface ViewerServices {
  readonly displaySetService: Publisher & {
    getActiveDisplaySets(): readonly DisplaySet[];
    getDisplaySetByUID(uid: string): DisplaySet | undefined;
  };
  readonly viewportGridService: Publisher & {
    getState(): { readonly activeViewportId: string | null; readonly viewports: ReadonlyMap<string, GridViewport> };
    setDisplaySetsForViewports(
      viewports: readonly { viewportId: string; displaySetInstanceUIDs: readonly string[] }[],
    ): unknown;
  };
  readonly hangingProtocolService: {
    getState(): { readonly activeStudyUID?: string } | null;
    getViewportsRequireUpdate?(
      viewportId: string,
      displaySetInstanceUID: string,
    ): readonly { viewportId: string; displaySetInstanceUIDs: readonly string[] }[];
  };
  readonly userAuthenticationService: {
    getUser?(): unknown;
    getAuthorizationHeader(): Readonly<Record<string, string>> | undefined;
  };
  readonly uiNotificationService: {
    show(note: { title: string; message: string; type: string; duration?: number }): unknown;
  };
}

/** Client for WADO-RS, as the viewer's DICOMweb data source keeps it. */
export interface WadoClient {
  headers: Readonly<Record<string, string>>;
  readonly wadoURL?: string;
  readonly stowURL?: string;
  /** What a site puts between the client and the archive. */
  readonly requestHooks?: readonly unknown[];
  /** What the viewer does with a failed request, e.g. ask for a new login. */
  errorInterceptor?(error: Error): void;
  retrieveInstance(reference: {
    studyInstanceUID: string;
    seriesInstanceUID: string;
    sopInstanceUID: string;
  }): Promise<unknown>;
  retrieveSeriesMetadata(reference: { studyInstanceUID: string; seriesInstanceUID: string }): Promise<unknown>;
}

export interface DataSource {
  readonly query?: { readonly series?: { search(studyInstanceUID: string): Promise<unknown> } };
  readonly retrieve?: {
    getWadoDicomWebClient?(): WadoClient | undefined;
    readonly series?: {
      metadata(query: {
        StudyInstanceUID: string;
        filters?: { seriesInstanceUID: readonly string[] };
        returnPromises?: boolean;
        madeInClient?: boolean;
      }): Promise<unknown>;
    };
  };
  readonly store?: { dicom?(part10: ArrayBuffer): Promise<unknown> };
  deleteStudyMetadataPromise?(key: string): void;
  getConfig?(): Readonly<Record<string, unknown>> | undefined;
  getImageIdsForInstance(query: { instance: Instance; frame?: number }): string;
}

export interface Managers {
  readonly servicesManager: { readonly services: ViewerServices };
  readonly extensionManager: {
    getModuleEntry(id: string): { readonly exports?: unknown } | undefined;
    getActiveDataSource(): readonly DataSource[];
    getActiveDataSourceDefinition?(): { readonly configuration?: Readonly<Record<string, unknown>> } | undefined;
  };
  readonly commandsManager: { runCommand(name: string, options?: object, context?: string): unknown };
}

const cornerstoneEntry = '@ohif/extension-cornerstone.utilityModule.common';

/** The viewer's own Cornerstone; throws where the viewer has none (a viewer without its cornerstone extension). */
export function cornerstoneOf({ extensionManager }: Pick<Managers, 'extensionManager'>): CornerstoneLibraries {
  const exports = extensionManager.getModuleEntry(cornerstoneEntry)?.exports as
    { getCornerstoneLibraries?(): CornerstoneLibraries } | undefined;
  const libraries = exports?.getCornerstoneLibraries?.();
  if (libraries === undefined) throw new Error(`the viewer has no ${cornerstoneEntry}`);
  return libraries;
}
