import { inspectModel, readModel, type ModelReport, type ModelValue } from '@overread/core/graph';
import { readBytes } from '../package/files.ts';
import { unsupported } from './fault.ts';

/** The network's ONNX graph. */
export interface SourceGraph {
  readonly bytes: Uint8Array;
  readonly report: ModelReport;
  readonly input: ModelValue;
  readonly output: ModelValue;
}

/**
 * Reads the exported network: one input, and the first output.
 * @throws OverreadError `model.file-missing`, `graph.*`, `model.import-unsupported`
 */
export async function readSourceGraph(file: string): Promise<SourceGraph> {
  const bytes = await readBytes(file);
  const report = inspectModel(readModel(bytes));
  const [input, ...others] = report.inputs;
  const [output] = report.outputs;
  if (input === undefined || others.length > 0) {
    throw unsupported(file, `the graph has ${report.inputs.length} inputs where one is expected`);
  }
  if (output === undefined) throw unsupported(file, 'the graph has no output');
  return { bytes, report, input, output };
}

/** An extent that the graph fixes, or a small one that any network takes. */
export function testExtent(value: ModelValue, axis: number, wanted: number): number {
  const fixed = value.shape?.[axis];
  return typeof fixed === 'number' && fixed > 0 ? fixed : wanted;
}
