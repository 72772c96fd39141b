// What ONNX Runtime loads in place of its own glue code, which the worker loads for it and gets to see (stoppable-ort.ts). Served as it is
// and without imports: from another origin, ONNX Runtime loads a copy of it from a blob.
export default (config) => globalThis.overreadOrtModule(config);
