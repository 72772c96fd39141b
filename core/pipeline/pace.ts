/**
 * How long the parts of a stage take. The first one is left out as soon as there is another: it warms up what the others find warm.
 */
export class Pace {
  #last: number;
  #parts = 0;
  #first = 0;
  #others = 0;

  /** @param start of the first part, ms */
  constructor(start: number) {
    this.#last = start;
  }

  /** `done` parts are done by now. Parts that end together have taken equally long. */
  mark(done: number, now: number): void {
    const spent = now - this.#last;
    this.#last = now;
    if (done <= this.#parts) return;
    const each = spent / (done - this.#parts);
    if (this.#parts === 0) this.#first = each;
    this.#others += spent - (this.#parts === 0 ? each : 0);
    this.#parts = done;
  }

  /** Milliseconds of a part to come; null while there is nothing to go by. */
  get perPart(): number | null {
    if (this.#parts === 0) return null;
    return this.#parts === 1 ? this.#first : this.#others / (this.#parts - 1);
  }
}
