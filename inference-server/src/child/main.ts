import { errorToWire } from '@overread/core/protocol';
import type { ChildReply, ChildTask } from './messages.ts';
import { TaskRunner } from './task-runner.ts';

// The process that computes, one job after another. It is killed to cancel, so it holds nothing that must be closed.

function send(reply: ChildReply): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) throw new Error('this program is started by the server');
    process.send(reply, () => resolve());
  });
}

const runner = new TaskRunner({
  onProgress: (progress) => void send({ kind: 'progress', progress }),
  onSelfTestPassed: (test) => void send({ kind: 'self-test-passed', test }),
  onAttempt: (attempt) => void send({ kind: 'attempt', attempt }),
});
const heldBytes = () => process.memoryUsage.rss();

process.on('message', (task: ChildTask) => {
  runner
    .run(task)
    .then((packed) => send({ kind: 'done', packed, heldBytes: heldBytes() }))
    .catch((error: unknown) => send({ kind: 'failed', error: errorToWire(error), heldBytes: heldBytes() }));
});
// The server is gone: nobody wants the result.
process.once('disconnect', () => process.exit());
