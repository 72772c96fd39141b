/** The little of @cornerstonejs/dicom-codec that is used here; the package has no types of its own. */
declare module '@cornerstonejs/dicom-codec' {
  interface ImageInfo {
    readonly rows: number;
    readonly columns: number;
    readonly bitsAllocated: number;
    readonly samplesPerPixel: number;
    readonly signed: boolean;
    readonly pixelRepresentation: number;
  }
  const codec: {
    hasCodec(transferSyntaxUID: string): boolean;
    decode(
      frame: Uint8Array,
      info: ImageInfo,
      transferSyntaxUID: string,
    ): Promise<{
      readonly imageFrame: ArrayBufferView;
      readonly imageInfo: { readonly rows: number; readonly columns: number };
    }>;
  };
  export default codec;
}
