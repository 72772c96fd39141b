/** What a buffer is for: the bits of GPUBufferUsage (WebGPU, 5.1.1), which TypeScript's library does not name. */
export const usage = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, uniform: 0x40, storage: 0x80 } as const;

/** GPUMapMode.READ (WebGPU, 5.2.2). */
export const mapForReading = 0x1;
