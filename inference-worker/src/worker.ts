import { errorToWire, parseMessage, workerRequestSchema, type WorkerReply } from '@overread/core/protocol';
import { announceLife } from './life.ts';
import { Runner } from './runner.ts';
import { scope } from './scope.ts';
import { openStopLine } from './stop/stoppable-ort.ts';

// The worker's entry: a switch over the kinds of request, nothing more. One request at a time; the page sees to that.

const reply = (message: WorkerReply, transfer: Transferable[] = []) => scope.postMessage(message, transfer);
const runner = new Runner(reply);

async function dispatch(data: unknown): Promise<void> {
  const request = parseMessage(workerRequestSchema, data, 'request to the worker');
  switch (request.kind) {
    case 'prepare':
      return runner.prepare(request);
    case 'analyse':
      return runner.analyse(request);
    case 'explain':
      return runner.explain(request);
    case 'open-prompts':
      return runner.openPrompts(request);
    case 'encode':
      return runner.encode(request);
    case 'prompt':
      return runner.prompt(request);
    case 'keep-prompted':
      runner.keepPrompted(request);
      break;
    case 'close-prompts':
      return runner.closePrompts(request);
  }
}

/** The id as it was sent, even where the rest of the request is no request. */
const idOf = (data: unknown): string =>
  typeof data === 'object' && data !== null && 'id' in data && typeof data.id === 'string' ? data.id : '';

scope.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  dispatch(data).catch((error: unknown) => reply({ kind: 'failed', id: idOf(data), error: errorToWire(error) }));
});

void announceLife(scope.name).then(() => {
  const stopLine = openStopLine();
  reply({ kind: 'ready' }, stopLine === null ? [] : [stopLine]);
});
