import { asOverreadError, OverreadError, reasonOf } from '@overread/core/errors';
import { describe, expect, it } from 'vitest';

describe('the reason of what was thrown', () => {
  it('is that of an error of ours, or its whole text where it gives none', () => {
    expect(reasonOf(new OverreadError('run.cancelled', { why: 'the reader left' }))).toBe('the reader left');
    expect(reasonOf(new OverreadError('run.cancelled'))).toBe(new OverreadError('run.cancelled').message.slice(0, -1));
  });

  it('is the message of any other error, on one line, without its full stop, and not endless', () => {
    expect(reasonOf(new TypeError('  Cannot read\n  the file. '))).toBe('Cannot read the file');
    expect(reasonOf(new Error('x'.repeat(10_000)))).toHaveLength(500);
    expect(reasonOf(7)).toBe('7');
  });

  it('stands in the text of an unforeseen error, which keeps its cause', () => {
    const cause = new Error('Odd.');
    const error = asOverreadError(cause);
    expect(error).toMatchObject({ code: 'internal.unexpected', why: 'Odd', cause });
    expect(asOverreadError(error)).toBe(error);
  });
});
