/** A request this archive cannot answer: the status and the sentence it is told. */
export class BadRequest extends Error {
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.name = 'BadRequest';
    this.status = status;
  }
}
