/** Waits for an event; false where none came in time. */
export function nextEvent(target: EventTarget, type: string, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (came: boolean) => {
      clearTimeout(timer);
      target.removeEventListener(type, onEvent);
      resolve(came);
    };
    const onEvent = () => end(true);
    const timer = setTimeout(() => end(false), milliseconds);
    target.addEventListener(type, onEvent);
  });
}
