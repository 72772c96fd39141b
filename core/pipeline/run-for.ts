import type { DeviceLabels } from './device-labels.ts';
import type { InferenceSession, Tensor } from './runtime.ts';

type Tensors = Readonly<Record<string, Tensor>>;

/**
 * Runs the graph for the outputs that somebody reads: others are not copied, and may be of any type and shape. What the graph has not is not
 * asked for, and is missing from the answer: whoever reads it says so.
 * @param onDevice takes those of the outputs that it names
 */
export async function runFor(
  outputs: readonly string[],
  session: Pick<InferenceSession, 'run' | 'outputNames'>,
  feeds: Tensors,
  onDevice?: DeviceLabels,
): Promise<Tensors> {
  const wanted = session.outputNames.filter((name) => outputs.includes(name));
  // A runtime does not run a graph for nothing.
  return wanted.length === 0 ? {} : session.run(feeds, wanted, onDevice);
}
