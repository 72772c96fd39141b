import type { Expression } from './expression.ts';
import { tokensOf, type Token } from './tokens.ts';

/** How deep an expression may be nested. */
const deepest = 50;

/** Binary operators that bind alike, loosest first. */
const levels: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['not'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '//', '%'],
];

const constants: Readonly<Record<string, null | boolean>> = { None: null, True: true, False: false };

/** @throws Error with what is not understood */
export function parseExpression(text: string): Expression {
  const parser = new Parser(tokensOf(text));
  return parser.whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#choice();
    const token = this.#tokens[this.#at];
    if (token !== undefined) throw new Error(`${shown(token)} is not understood`);
    return expression;
  }

  #choice(): Expression {
    if (++this.#depth > deepest) throw new Error('it is nested too deeply');
    const then = this.#binary(0);
    let expression = then;
    if (this.#take('if')) {
      const test = this.#binary(0);
      this.#need('else');
      expression = { kind: 'choice', test, then, otherwise: this.#choice() };
    }
    this.#depth--;
    return expression;
  }

  #binary(level: number): Expression {
    const signs = levels[level];
    if (signs === undefined) return this.#unary();
    if (signs[0] === 'not') {
      return this.#take('not')
        ? { kind: 'unary', sign: 'not', operand: this.#binary(level + 1) }
        : this.#binary(level + 1);
    }
    let left = this.#binary(level + 1);
    for (;;) {
      const sign = signs.find((each) => this.#take(each));
      if (sign === undefined) return left;
      left = { kind: 'binary', sign, left, right: this.#binary(level + 1) };
    }
  }

  #unary(): Expression {
    if (++this.#depth > deepest) throw new Error('it is nested too deeply');
    const sign = (['-', '+'] as const).find((each) => this.#take(each));
    const expression: Expression = sign === undefined ? this.#power() : { kind: 'unary', sign, operand: this.#unary() };
    this.#depth--;
    return expression;
  }

  #power(): Expression {
    const base = this.#trailers(this.#atom());
    return this.#take('**') ? { kind: 'binary', sign: '**', left: base, right: this.#unary() } : base;
  }

  #trailers(start: Expression): Expression {
    let expression = start;
    for (;;) {
      if (this.#take('[')) {
        expression = { kind: 'item', of: expression, index: this.#choice() };
        this.#need(']');
      } else if (this.#take('(')) {
        this.#items(')');
        expression = { kind: 'code', text: `${codeText(expression)}(…)` };
      } else if (this.#take('.')) {
        const token = this.#tokens[this.#at++];
        if (token?.kind !== 'name') throw new Error("a name is expected after '.'");
        expression = { kind: 'code', text: `${codeText(expression)}.${token.text}` };
      } else return expression;
    }
  }

  #atom(): Expression {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new Error('it ends too early');
    switch (token.kind) {
      case 'number':
      case 'string':
        return { kind: 'constant', value: token.value };
      case 'reference':
        return { kind: 'reference', id: token.id };
      case 'name':
        return Object.hasOwn(constants, token.text)
          ? { kind: 'constant', value: constants[token.text]! }
          : { kind: 'code', text: token.text };
      case 'sign':
        return this.#bracket(token.text);
    }
  }

  #bracket(sign: string): Expression {
    switch (sign) {
      case '(': {
        const { items, comma } = this.#items(')');
        // Brackets round one thing are no tuple.
        return items.length === 1 && !comma ? items[0]! : { kind: 'list', items };
      }
      case '[':
        return { kind: 'list', items: this.#items(']').items };
      case '{':
        return this.#dict();
      default:
        throw new Error(`'${sign}' is not understood`);
    }
  }

  #items(end: string): { items: readonly Expression[]; comma: boolean } {
    const items: Expression[] = [];
    let comma = false;
    while (!this.#take(end)) {
      if (items.length > 0) {
        this.#need(',');
        comma = true;
        if (this.#take(end)) break;
      }
      items.push(this.#choice());
    }
    return { items, comma };
  }

  #dict(): Expression {
    const entries: [Expression, Expression][] = [];
    while (!this.#take('}')) {
      if (entries.length > 0) {
        this.#need(',');
        if (this.#take('}')) break;
      }
      const key = this.#choice();
      this.#need(':');
      entries.push([key, this.#choice()]);
    }
    return { kind: 'dict', entries };
  }

  /** Takes a sign or a word of the language. */
  #take(text: string): boolean {
    const token = this.#tokens[this.#at];
    const taken = (token?.kind === 'sign' || token?.kind === 'name') && token.text === text;
    if (taken) this.#at++;
    return taken;
  }

  #need(text: string): void {
    if (this.#take(text)) return;
    const token = this.#tokens[this.#at];
    throw new Error(`'${text}' is expected${token === undefined ? '' : ` before ${shown(token)}`}`);
  }
}

function codeText(expression: Expression): string {
  if (expression.kind === 'code') return expression.text;
  return expression.kind === 'reference' ? `@${expression.id}` : '…';
}

function shown(token: Token): string {
  switch (token.kind) {
    case 'number':
    case 'string':
      return `'${token.value}'`;
    case 'reference':
      return `'@${token.id}'`;
    case 'name':
    case 'sign':
      return `'${token.text}'`;
  }
}
