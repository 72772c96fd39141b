import { jobEventSchema, type JobEvent } from '@overread/core/protocol';

/** Reads a job's server-sent events to the end of the stream. */
export async function followJob(
  api: string,
  id: string,
  onEvent: (event: JobEvent) => void = () => undefined,
  kind: 'analyses' | 'explanations' = 'analyses',
) {
  const response = await fetch(`${api}/${kind}/${id}/events`);
  const events: JobEvent[] = [];
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data === undefined) continue;
      const event = jobEventSchema.parse(JSON.parse(data));
      events.push(event);
      onEvent(event);
    }
  }
  return events;
}
