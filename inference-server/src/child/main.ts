import { errorToWire, packAnalysis } from '@overread/core/protocol';
import type { ChildReply, ChildTask } from './messages.ts';
import { runTask } from './run-task.ts';

// The process that computes one analysis and ends. It is killed to cancel it, so it holds nothing that must be closed.

function send(reply: ChildReply): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) throw new Error('this program is started by the server');
    process.send(reply, () => resolve());
  });
}

process.once('message', (task: ChildTask) => {
  runTask(task, {
    onProgress: (progress) => void send({ kind: 'progress', progress }),
    onSelfTestPassed: (digest) => void send({ kind: 'self-test-passed', digest }),
  })
    .then((analysis) => send({ kind: 'done', packed: packAnalysis(analysis) }))
    .catch((error: unknown) => send({ kind: 'failed', error: errorToWire(error) }))
    .finally(() => process.disconnect());
});
// The server is gone: nobody wants the result.
process.once('disconnect', () => process.exit());
