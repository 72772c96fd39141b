// ONNX Runtime's heap only grows, and it tells nobody how large it is. So each WebAssembly memory made in this worker is noted.

const heaps: WebAssembly.Memory[] = [];

const Plain = WebAssembly.Memory;
WebAssembly.Memory = class extends Plain {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    heaps.push(this);
  }
};

/** The memory whose buffer this is at the moment. */
export function memoryOf(buffer: ArrayBufferLike): WebAssembly.Memory | undefined {
  return heaps.find((heap) => heap.buffer === buffer);
}

/** Bytes of this worker's WebAssembly heaps. */
export function heapBytes(): number {
  return heaps.reduce((sum, heap) => sum + heap.buffer.byteLength, 0);
}
