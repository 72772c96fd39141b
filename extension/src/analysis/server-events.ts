import { OverreadError, isOverreadError } from '@overread/core/errors';
import { errorFromWire, jobEventSchema, jobStatusSchema, parseMessage, type JobEvent } from '@overread/core/protocol';
import type { Progress } from '@overread/core/pipeline';
import type { ServerCall } from './server-backend.ts';

/** How often a broken stream is taken up again before the run is given up. */
const attempts = 5;
const pauseMilliseconds = 1000;

/**
 * Follows a job to its end by server-sent events; a stream that breaks is taken up again.
 * Resolves when the job is done; rejects with its error otherwise.
 *
 * @param job its path, e.g. `/analyses/7`
 */
export async function followJob(
  job: string,
  call: ServerCall,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  let failures = 0;
  for (;;) {
    try {
      const response = await call(`${job}/events`, { headers: { accept: 'text/event-stream' }, signal });
      for await (const event of eventsOf(response, signal)) {
        failures = 0;
        if (ended(event)) return;
        if (event.kind === 'progress') onProgress(event.progress);
      }
      if (await hasEnded(job, call, signal)) return;
    } catch (error) {
      if (signal.aborted || isFinal(error) || ++failures >= attempts) throw error;
    }
    await pause(signal);
  }
}

/** Whether the job is done. @throws what it ended with otherwise. */
function ended(event: JobEvent): boolean {
  switch (event.kind) {
    case 'done':
      return true;
    case 'failed':
      throw errorFromWire(event.error);
    case 'cancelled':
      throw new OverreadError('run.cancelled', { why: 'the server ended it' });
    case 'queued':
    case 'progress':
      return false;
  }
}

async function hasEnded(job: string, call: ServerCall, signal: AbortSignal): Promise<boolean> {
  const answer: unknown = await (await call(job, { signal })).json();
  const status = parseMessage(jobStatusSchema, answer, 'state of the job');
  switch (status.state) {
    case 'done':
      return true;
    case 'failed':
      throw errorFromWire(status.error);
    case 'cancelled':
      throw new OverreadError('run.cancelled', { why: 'the server ended it' });
    case 'queued':
    case 'running':
      return false;
  }
}

/** An answer about the job itself, as against one about the way to the server. */
function isFinal(error: unknown): boolean {
  return isOverreadError(error) && error.code !== 'server.unreachable';
}

/** The events of a `text/event-stream`: each is its `data:` lines up to a blank line. */
async function* eventsOf(response: Response, signal: AbortSignal): AsyncGenerator<JobEvent> {
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw new OverreadError('server.unreachable', { why: 'the connection broke', cause });
      });
      if (done || signal.aborted) return;
      const blocks = (text + value).split(/\r?\n\r?\n/);
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = eventOf(block);
        if (event !== null) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** One block as an event; null for a comment that only keeps the connection alive. */
function eventOf(block: string): JobEvent | null {
  const data = block
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart())
    .join('\n');
  if (data === '') return null;
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch (cause) {
    throw new OverreadError('protocol.malformed', { why: 'an event of the server is no JSON', cause });
  }
  return parseMessage(jobEventSchema, json, 'event of the server');
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, pauseMilliseconds);
    function done() {
      signal.removeEventListener('abort', stop);
      resolve();
    }
    function stop() {
      clearTimeout(timer);
      reject(new OverreadError('run.cancelled'));
    }
    signal.addEventListener('abort', stop, { once: true });
  });
}
