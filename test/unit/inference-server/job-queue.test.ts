import { describe, expect, it } from 'vitest';
import { OverreadError } from '@overread/core/errors';
import { packAnalysis, type JobEvent, type PackedAnalysis } from '@overread/core/protocol';
import { JobQueue } from '../../../inference-server/src/jobs/job-queue.ts';
import { statusOf, type Computation, type Task } from '../../../inference-server/src/jobs/job.ts';
import { sampleAnalysis } from '../../support/sample-analysis.ts';

const request = (model: string): Task => ({
  kind: 'analysis',
  request: { studyInstanceUID: '1.2', seriesInstanceUID: '1.3', model },
});
const packed = packAnalysis(sampleAnalysis());

/** A queue whose work is settled by the test: `works` holds what was started, in order. */
function queueOf(options: { maxWaiting?: number; maxKept?: number; keepFor?: number } = {}) {
  const works: {
    model: string;
    tell: (event: JobEvent) => void;
    done: () => Promise<void>;
    fail: (error: unknown) => Promise<void>;
  }[] = [];
  const queue = new JobQueue({
    maxWaiting: 2,
    maxKept: 2,
    keepFor: 60_000,
    ...options,
    start: ({ request: { model } }, tell): Computation => {
      let resolve: (result: PackedAnalysis) => void = () => undefined;
      let reject: (error: unknown) => void = () => undefined;
      const result = new Promise<PackedAnalysis>((yes, no) => ([resolve, reject] = [yes, no]));
      const settled = () =>
        result
          .then(
            () => undefined,
            () => undefined,
          )
          .then(() => new Promise<void>((next) => setImmediate(next)));
      works.push({
        model,
        tell,
        done: () => (resolve(packed), settled()),
        fail: (error) => (reject(error), settled()),
      });
      return { result, cancel: () => reject(new OverreadError('run.cancelled')) };
    },
  });
  return { queue, works };
}

describe('the queue', () => {
  it('runs one job at a time, in the order they came', async () => {
    const { queue, works } = queueOf();
    const jobs = ['a', 'b', 'c'].map((model) => queue.add(request(model)));
    expect(works.map((work) => work.model)).toEqual(['a']);
    expect(jobs.map((job) => statusOf(queue.get(job.id)).state)).toEqual(['running', 'queued', 'queued']);
    expect(statusOf(queue.get(jobs[2]!.id))).toMatchObject({ ahead: 2 });
    await works[0]!.done();
    expect(works.map((work) => work.model)).toEqual(['a', 'b']);
    expect(statusOf(queue.get(jobs[2]!.id))).toMatchObject({ state: 'queued', ahead: 1 });
    expect(queue.get(jobs[0]!.id).result).toBe(packed);
  });

  it('goes on after a failure, which keeps its code', async () => {
    const { queue, works } = queueOf();
    const [first, second] = [queue.add(request('a')), queue.add(request('b'))];
    await works[0]!.fail(new OverreadError('pacs.unreachable'));
    expect(statusOf(queue.get(first.id))).toMatchObject({ state: 'failed', error: { code: 'pacs.unreachable' } });
    expect(statusOf(queue.get(second.id)).state).toBe('running');
  });

  it('tells a late listener the last event, then all that follow', async () => {
    const { queue, works } = queueOf();
    const { id } = queue.add(request('a'));
    const progress = { stage: 'tile', done: 1, total: 4, unit: 'tiles', remainingMilliseconds: 9 } as const;
    works[0]!.tell({ kind: 'progress', progress });
    const heard: JobEvent[] = [];
    queue.listen(id, (event) => heard.push(event));
    await works[0]!.done();
    expect(heard).toEqual([{ kind: 'progress', progress }, { kind: 'done' }]);
  });

  it('tells nothing after the end', async () => {
    const { queue, works } = queueOf();
    const { id } = queue.add(request('a'));
    queue.remove(id);
    await works[0]!.done();
    works[0]!.tell({
      kind: 'progress',
      progress: { stage: 'tile', done: 1, total: 1, unit: 'tiles', remainingMilliseconds: 0 },
    });
    expect(statusOf(queue.get(id)).state).toBe('cancelled');
  });

  it('refuses more than may wait', () => {
    const { queue } = queueOf();
    for (const model of ['a', 'b', 'c']) queue.add(request(model));
    expect(() => queue.add(request('d'))).toThrow(expect.objectContaining({ code: 'server.busy' }));
  });

  it('forgets the oldest results beyond those it keeps, and all that are too old', async () => {
    const { queue, works } = queueOf();
    const ids: string[] = [];
    for (const model of ['a', 'b', 'c']) {
      ids.push(queue.add(request(model)).id);
      await works.at(-1)!.done();
    }
    expect(() => queue.get(ids[0]!)).toThrow(expect.objectContaining({ code: 'server.not-found' }));
    expect(queue.get(ids[2]!).result).toBe(packed);

    const forgetful = queueOf({ keepFor: -1 });
    const { id } = forgetful.queue.add(request('a'));
    await forgetful.works[0]!.done();
    expect(() => forgetful.queue.get(id)).toThrow(expect.objectContaining({ code: 'server.not-found' }));
  });

  it('forgets a finished job that is removed', async () => {
    const { queue, works } = queueOf();
    const { id } = queue.add(request('a'));
    await works[0]!.done();
    queue.remove(id);
    expect(() => queue.get(id)).toThrow(expect.objectContaining({ code: 'server.not-found' }));
  });

  it('starts nothing once it is closed', async () => {
    const { queue, works } = queueOf();
    for (const model of ['a', 'b']) queue.add(request(model));
    queue.close();
    await works[0]!.done();
    expect(works).toHaveLength(1);
  });
});
