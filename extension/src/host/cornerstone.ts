/** Cornerstone as the viewer carries it (core 4.5 to 5.x), as far as the host door uses it. Written by hand. */
import type { Vec3 } from '@overread/core/geometry';

export type ImageSamples =
  Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array;

/** Scaling that the image loader applied (or would apply) on load. */
export interface PreScale {
  readonly enabled?: boolean;
  readonly scaled?: boolean;
  readonly scalingParameters?: {
    readonly rescaleSlope?: number;
    readonly rescaleIntercept?: number;
    readonly modality?: string;
    /** Body-weight SUV factor, applied after the rescale to PT. */
    readonly suvbw?: number;
    readonly doseGridScaling?: number;
  };
}

export interface CornerstoneImage {
  readonly imageId: string;
  readonly rows: number;
  readonly columns: number;
  readonly color?: boolean;
  readonly numberOfComponents?: number;
  readonly preScale?: PreScale;
  /** 8 is full resolution; lower ones are previews of a progressive load. */
  readonly imageQualityStatus?: number;
  readonly voxelManager?: { getScalarData(): ImageSamples };
  getPixelData(): ImageSamples;
}

interface LoadOptions {
  readonly requestType?: string;
  readonly priority?: number;
  readonly ignoreCache?: boolean;
  readonly preScale?: { enabled: boolean };
}

interface ViewportCamera {
  readonly focalPoint?: Vec3;
  readonly position?: Vec3;
  readonly viewPlaneNormal?: Vec3;
}

export interface CornerstoneViewport {
  readonly id: string;
  readonly type: string;
  readonly element: HTMLDivElement;
  readonly canvas: HTMLCanvasElement;
  /** CSS pixels to world, on the plane in focus. */
  canvasToWorld(point: readonly [number, number]): Vec3;
  worldToCanvas(point: Vec3): readonly [number, number];
  /** Absent in the viewer's experimental generic viewports. */
  getCamera?(): ViewportCamera;
  setCamera?(camera: ViewportCamera): void;
  /** Generic viewports only: what they are at the moment (`stack`, `volume`, …). */
  getCurrentMode?(): string;
  getViewReference?(): { readonly viewPlaneNormal?: Vec3 } | undefined;
  render(): void;
  /** Stack viewports: index order of the stack. Volume viewports: of the volume's slices. */
  getImageIds?(): readonly string[];
  getCurrentImageId?(): string | undefined;
  setImageIdIndex?(index: number): Promise<unknown>;
  getImageData?(): { readonly origin: Vec3; readonly spacing: Vec3; readonly direction: ArrayLike<number> } | undefined;
}

export interface CornerstoneLibraries {
  readonly cornerstone: {
    readonly eventTarget: EventTarget;
    readonly cache: { getImage(imageId: string): CornerstoneImage | undefined };
    readonly imageLoader: {
      loadImage(imageId: string, options?: LoadOptions): Promise<CornerstoneImage>;
      loadAndCacheImage(imageId: string, options?: LoadOptions): Promise<CornerstoneImage>;
    };
    getEnabledElements(): readonly { readonly viewport: CornerstoneViewport }[];
    getEnabledElement(element: HTMLDivElement): { readonly viewport: CornerstoneViewport } | undefined;
  };
}

export const cornerstoneEvents = {
  elementEnabled: 'CORNERSTONE_ELEMENT_ENABLED',
  elementDisabled: 'CORNERSTONE_ELEMENT_DISABLED',
  imageRendered: 'CORNERSTONE_IMAGE_RENDERED',
} as const;
