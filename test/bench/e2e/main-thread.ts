import type { Browser, Page } from 'playwright-core';

/** What kept the page's main thread busy, ms. */
export interface MainThread {
  /** The longest time that our own code took within one task. */
  readonly longestOurs: number;
  /** The same in time on the processor: what else the machine does makes the former longer, not this. */
  readonly longestOursOnCpu: number;
  /** What of ours ran longest in that task. */
  readonly oursIn: string;
  /** The longest task in which no code of ours ran. */
  readonly longestOthers: number;
}

const categories = [
  'disabled-by-default-devtools.timeline',
  'devtools.timeline',
  'disabled-by-default-v8.cpu_profiler',
  'disabled-by-default-v8.cpu_profiler.hires',
  '__metadata',
];

/** Traces the page while `work` runs. */
export async function traceMainThread(browser: Browser, page: Page, work: () => Promise<unknown>): Promise<MainThread> {
  await browser.startTracing(page, { categories });
  await work();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  return analyseTrace(trace.traceEvents);
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Of `dur`, on the processor. */
  readonly tdur?: number;
  readonly id?: string;
  readonly args: {
    readonly name?: string;
    readonly data?: {
      readonly startTime?: number;
      readonly timeDeltas?: readonly number[];
      readonly cpuProfile?: { readonly nodes?: readonly ProfileNode[]; readonly samples?: readonly number[] };
    };
  };
}

interface ProfileNode {
  readonly id: number;
  readonly parent?: number;
  readonly callFrame: { readonly functionName: string; readonly url?: string };
}

interface Sample {
  /** Start and length, microseconds. */
  readonly at: number;
  readonly length: number;
  readonly node: number;
}

/**
 * Tells tasks of ours from the viewer's own: the profiler's samples say which scripts are on the stack. A sample counts as ours
 * where any frame of it is of a script under /overread/, so what the viewer does because we called it is ours too, and our
 * drawing is ours though the viewer's event started it. Samples inside the garbage collector go with the one before them.
 */
function analyseTrace(events: readonly TraceEvent[]): MainThread {
  const thread = mainThreadOf(events);
  const inThread = events.filter(({ pid, tid }) => pid === thread.pid && tid === thread.tid);
  const profile = profileOf(events, thread);
  const tasks = inThread
    .filter(({ name, ph }) => name === 'RunTask' && ph === 'X')
    .map(({ ts, dur = 0, tdur = dur }) => ({
      from: ts,
      to: ts + dur,
      onCpu: tdur,
      ours: 0,
      below: new Map<string, number>(),
    }))
    .sort((a, b) => a.from - b.from);

  let next = 0;
  let wasOurs: string | null = null;
  for (const { at, length, node } of profile.samples) {
    while (next < tasks.length && tasks[next]!.to <= at) {
      next++;
      wasOurs = null;
    }
    const task = tasks[next];
    if (task === undefined) break;
    if (at < task.from) continue;
    const ours: string | null = profile.isEngine(node) ? wasOurs : profile.ourPlace(node);
    wasOurs = ours;
    if (ours === null) continue;
    const within = Math.min(length, task.to - at);
    task.ours += within;
    task.below.set(ours, (task.below.get(ours) ?? 0) + within);
  }
  const onCpu = ({ ours, onCpu: cpu }: (typeof tasks)[number]) => Math.min(ours, cpu);
  const longest = tasks.reduce((worst, task) => (onCpu(task) > onCpu(worst) ? task : worst), tasks[0]!);
  const places = [...longest.below].sort(([, a], [, b]) => b - a);
  return {
    longestOurs: Math.max(...tasks.map(({ ours }) => ours)) / 1000,
    longestOursOnCpu: onCpu(longest) / 1000,
    oursIn: places.slice(0, 3).map(([place, time]) => `${place} ${(time / 1000).toFixed(0)} ms`).join(', '), // prettier-ignore
    longestOthers: Math.max(0, ...tasks.filter(({ ours }) => ours === 0).map(({ from, to }) => to - from)) / 1000,
  };
}

/** The main thread that did most: that of the page, not of an empty frame or extension. */
function mainThreadOf(events: readonly TraceEvent[]): { readonly pid: number; readonly tid: number } {
  const named = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const busy = ({ pid, tid }: TraceEvent) =>
    events.reduce((sum, e) => sum + (e.pid === pid && e.tid === tid && e.name === 'RunTask' ? (e.dur ?? 0) : 0), 0);
  const [main] = named.map((event) => ({ event, time: busy(event) })).sort((a, b) => b.time - a.time);
  if (main === undefined) throw new Error('The trace names no main thread of a page.');
  return main.event;
}

function profileOf(events: readonly TraceEvent[], thread: { readonly pid: number; readonly tid: number }) {
  const start = events.find(({ name, pid, tid }) => name === 'Profile' && pid === thread.pid && tid === thread.tid);
  if (start === undefined) throw new Error('The trace holds no profile of the main thread.');
  const chunks = events
    .filter(({ name, pid, id }) => name === 'ProfileChunk' && pid === start.pid && id === start.id)
    .sort((a, b) => a.ts - b.ts);
  const nodes = new Map<number, ProfileNode>();
  const samples: { at: number; length: number; node: number }[] = [];
  let at = start.args.data?.startTime ?? start.ts;
  for (const { args } of chunks) {
    for (const node of args.data?.cpuProfile?.nodes ?? []) nodes.set(node.id, node);
    const deltas = args.data?.timeDeltas ?? [];
    args.data?.cpuProfile?.samples?.forEach((node, n) => {
      at += deltas[n] ?? 0;
      samples.push({ at, length: 0, node });
    });
  }
  samples.sort((a, b) => a.at - b.at);
  samples.forEach((sample, n) => (sample.length = (samples[n + 1]?.at ?? sample.at) - sample.at));

  const stackOf = (id: number): ProfileNode[] => {
    const stack: ProfileNode[] = [];
    for (let node = nodes.get(id); node !== undefined; node = nodes.get(node.parent ?? -1)) stack.push(node);
    return stack;
  };
  const isOurs = ({ callFrame: { url } }: ProfileNode) => url !== undefined && url.includes('/overread/');
  const nameOf = ({ callFrame: { functionName, url } }: ProfileNode) =>
    `${functionName || '(anonymous)'} (${url?.split('/').at(-1) ?? ''})`;
  const places = new Map<number, string | null>();
  return {
    samples: samples as readonly Sample[],
    isEngine: (id: number) => /^\((garbage collector|program)\)$/.test(nodes.get(id)?.callFrame.functionName ?? ''),
    /** The innermost function of ours on the stack, or null. */
    ourPlace(id: number): string | null {
      if (!places.has(id)) {
        const node = stackOf(id).find(isOurs);
        places.set(id, node === undefined ? null : nameOf(node));
      }
      return places.get(id) ?? null;
    },
  };
}
