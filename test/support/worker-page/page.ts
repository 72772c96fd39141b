import { isOverreadError } from '@overread/core/errors';
import type { ExplainedClass } from '@overread/core/model';
import type { Progress, Prompt, PromptMask } from '@overread/core/pipeline';
import type { PlaceOptions } from '@overread/core/protocol';
import { WorkerClient } from '@overread/inference-worker';
import { noiseVolume } from '../noise-volume.ts';
import { servedVolume } from './served-volume.ts';

// Runs in the test's page: what a test asks for by `page.evaluate`, with plain data both ways.

export interface RunWish {
  readonly modelUrl: string;
  /** A small volume of seeded noise and blocks of this size, or */
  readonly dims?: readonly [number, number, number];
  /** the one served in this folder: `volume.json` with the name of the array type for `samples`, and `samples.bin`. */
  readonly volumeUrl?: string;
  /** The series of the other channels, served likewise, by the channel's name. */
  readonly otherUrls?: Readonly<Record<string, string>>;
  /** Answer no voxels: they would weigh on the page's memory. */
  readonly withoutVoxels?: boolean;
  /** Abort once a progress of this stage came, with so much done, and so many milliseconds passed. */
  readonly abort?: { readonly stage: Progress['stage']; readonly done?: number; readonly after: number };
}

let client: WorkerClient | null = null;

const api = {
  open(workerUrl: string, places: Partial<PlaceOptions>): void {
    client?.release();
    client = new WorkerClient({ workerUrl, places });
  },

  async run({ modelUrl, dims, volumeUrl, otherUrls = {}, withoutVoxels = false, abort }: RunWish) {
    if (client === null) throw new Error('open first');
    const controller = new AbortController();
    const stages: Progress[] = [];
    let abortedAt = 0;
    const onProgress = (progress: Progress) => {
      stages.push(progress);
      if (abort === undefined || progress.stage !== abort.stage || abortedAt !== 0) return;
      if (progress.done < (abort.done ?? 0)) return;
      abortedAt = Infinity;
      setTimeout(() => {
        abortedAt = performance.now();
        controller.abort();
      }, abort.after);
    };
    const volume = volumeUrl === undefined ? noiseVolume(dims ?? [9, 8, 7]) : await servedVolume(volumeUrl);
    const others = await Promise.all(
      Object.entries(otherUrls).map(async ([name, url]) => [name, await servedVolume(url)] as const),
    );
    try {
      const analysis = await client.analyse(
        { modelUrl, volume, others: Object.fromEntries(others), seriesNumber: 4 },
        { onProgress, signal: controller.signal },
      );
      return {
        ok: true as const,
        place: analysis.place,
        seriesNumber: analysis.source.seriesNumber,
        labelBytes: withoutVoxels ? '' : base64(joined(analysis.labelMaps.map(({ labels }) => labels))),
        heat: volumeUrl === undefined && !withoutVoxels ? [...(analysis.heatMaps[0]?.values ?? [])] : [],
        timings: analysis.timings,
        warnings: analysis.warnings,
        stages,
        samplesLeft: volume.samples.length,
      };
    } catch (error) {
      const millisecondsToStop = performance.now() - abortedAt;
      if (!isOverreadError(error))
        return { ok: false as const, code: 'not ours', message: String(error), remedy: '', stages, millisecondsToStop };
      const { code, message, remedy } = error;
      return { ok: false as const, code, message, remedy, stages, millisecondsToStop };
    }
  },

  /** Opens a promptable model on a volume of noise and asks it one prompt after another. */
  async prompts({ modelUrl, dims, prompts }: PromptsWish) {
    if (client === null) throw new Error('open first');
    const options = { onProgress: () => undefined, signal: new AbortController().signal };
    const open = await client.openPrompts({ modelUrl, volume: noiseVolume(dims) }, options);
    const answers: PromptsAnswer[] = [];
    for (const prompt of prompts) {
      const [first] = prompt.points;
      if (first !== undefined) await open.encode(first.at).catch(() => undefined);
      answers.push(
        await open.decode(prompt).then(
          (mask) => ({ ok: true as const, mask: mask && { ...mask, bits: [...mask.bits] } }),
          (error: unknown) => ({ ok: false as const, code: isOverreadError(error) ? error.code : String(error) }),
        ),
      );
    }
    const masks = answers.flatMap((answer) => (answer.ok && answer.mask !== null ? [answer.mask] : []));
    const kept = await open.keep(
      masks.map((mask) => [{ ...mask, bits: Uint8Array.from(mask.bits) }]),
      4,
    );
    await open.close();
    const closed = await open.decode(prompts[0]!).then(
      () => 'answered',
      (error: unknown) => (isOverreadError(error) ? error.code : String(error)),
    );
    return { answers, closed, kept: { ...kept, labelMap: kept.labelMaps[0] && [...kept.labelMaps[0].labels] } };
  },

  /** Opens a promptable model twice: what the first one says to each request from then on, and whether the second one still answers. */
  async promptsOfTwo({ modelUrl, dims, prompts: [prompt] }: PromptsWish) {
    if (client === null) throw new Error('open first');
    const options = { onProgress: () => undefined, signal: new AbortController().signal };
    const job = () => ({ modelUrl, volume: noiseVolume(dims) });
    const first = await client.openPrompts(job(), options);
    const mask = await first.decode(prompt!);
    const second = await client.openPrompts(job(), options);
    const asked = [first.encode(prompt!.points[0]!.at), first.decode(prompt!), first.keep([[mask!]], null)];
    const refusals = await Promise.all(
      asked.map((one) =>
        one.then(
          () => 'answered',
          (error: unknown) => (isOverreadError(error) ? error.code : String(error)),
        ),
      ),
    );
    await first.close();
    return { refusals, answers: (await second.decode(prompt!)) !== null };
  },

  /** Opens a promptable model and asks it, until it answers or was asked three times; each time anew, as the marking tool does. */
  async promptsReopened({ modelUrl, dims, prompts: [prompt] }: PromptsWish) {
    if (client === null) throw new Error('open first');
    const options = { onProgress: () => undefined, signal: new AbortController().signal };
    const codes: string[] = [];
    for (;;) {
      const open = await client.openPrompts({ modelUrl, volume: noiseVolume(dims) }, options);
      try {
        const mask = await open.decode(prompt!);
        const { place } = await open.keep([[mask!]], null);
        return { codes, place };
      } catch (error) {
        codes.push(isOverreadError(error) ? error.code : String(error));
        if (codes.length === 3) return { codes, place: null };
        client.release();
      }
    }
  },

  /** What a score of a model rests on, over the volume of a run. */
  async explain({ modelUrl, dims, volumeUrl, of }: Pick<RunWish, 'modelUrl' | 'dims' | 'volumeUrl'> & Explained) {
    if (client === null) throw new Error('open first');
    const stages: string[] = [];
    const options = {
      onProgress: ({ stage, done }: Progress) => {
        if (stages.at(-1) !== stage && done === 0) stages.push(stage);
      },
      signal: new AbortController().signal,
    };
    const volume = volumeUrl === undefined ? noiseVolume(dims ?? [9, 8, 7]) : await servedVolume(volumeUrl);
    const { grid, values } = await client.explain({ modelUrl, volume, of }, options);
    return { grid, values: [...values], stages };
  },
};

type Dims = readonly [number, number, number];

interface Explained {
  readonly of: ExplainedClass;
}

interface PromptsWish {
  readonly modelUrl: string;
  readonly dims: Dims;
  readonly prompts: readonly Prompt[];
}

type PromptsAnswer =
  | { readonly ok: true; readonly mask: (Omit<PromptMask, 'bits'> & { readonly bits: readonly number[] }) | null }
  | { readonly ok: false; readonly code: string };

export type TestApi = typeof api;
Object.assign(globalThis, { overreadTest: api });

/** Plain data for the way out of the page; a list of a hundred million numbers would be too much. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x6000) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + 0x6000))));
  }
  return parts.join('');
}
