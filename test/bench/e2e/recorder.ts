/** One run as the page saw it. Times are milliseconds of the page's clock. */
export interface RecordedRun {
  /** The click's own time stamp. */
  readonly click: number;
  /** The voxels went to the worker. */
  readonly sent: number;
  /** The result came from the worker. */
  readonly received: number;
  /** Every layer of the result is on screen. */
  readonly drawn: number;
  /** What the analysis itself says of its stages, ms by stage. */
  readonly timings: Readonly<Record<string, number>>;
}

interface Recorder {
  /** The run that the next click starts, once its overlay is on screen. */
  nextRun(): Promise<RecordedRun>;
}

declare global {
  var overreadBench: Recorder;
}

interface Answer {
  readonly kind: string;
  readonly document: {
    readonly uid: string;
    readonly labelMaps: readonly object[];
    readonly heatMaps: readonly object[];
    readonly timings: readonly { readonly stage: string; readonly milliseconds: number }[];
  };
}

/**
 * Runs in the page before any of its scripts, so it must need nothing from outside itself. It listens in on the workers and
 * looks at each frame for our canvases; the plug-in takes no notice.
 */
export function installRecorder(): void {
  let sent = 0;
  let answered: (answer: Answer) => void = () => undefined;

  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener('message', ({ data }: MessageEvent<Answer | null>) => {
        if (data?.kind === 'analysed') answered(data);
      });
    }

    override postMessage(message: unknown, transfer?: Transferable[] | StructuredSerializeOptions): void {
      if ((message as { readonly kind?: string } | null)?.kind === 'analyse') sent = performance.now();
      super.postMessage(message, transfer as Transferable[]);
    }
  };

  const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const shownOverlays = (): readonly (string | undefined)[] =>
    [...document.querySelectorAll('.overread-layer')]
      .flatMap((layer) => [...(layer.shadowRoot?.querySelectorAll('canvas') ?? [])])
      .map((canvas) => canvas.dataset['overreadOverlay']);

  globalThis.overreadBench = {
    async nextRun() {
      const clicked = new Promise<number>((resolve) => {
        addEventListener('click', ({ timeStamp }) => resolve(timeStamp), { capture: true, once: true });
      });
      const { document: analysis } = await new Promise<Answer>((resolve) => (answered = resolve));
      const received = performance.now();
      const masks = analysis.labelMaps.map((_, n) => `mask:${n}`);
      const layers = [...masks, ...(analysis.heatMaps.length > 0 ? ['heatMap'] : [])];
      const wanted = layers.map((layer) => `overread:${analysis.uid}:${layer}`);
      while (!wanted.every((id) => shownOverlays().includes(id))) await nextFrame();
      // The frame that holds the last layer is on screen when the one after it begins.
      await nextFrame();
      await nextFrame();
      const timings = Object.fromEntries(analysis.timings.map(({ stage, milliseconds }) => [stage, milliseconds]));
      return { click: await clicked, sent, received, drawn: performance.now(), timings };
    },
  };
}
