import type { Expression } from './expression.ts';
import { parseExpression } from './parse.ts';
import { isDict, truth, type Value } from './value.ts';

/**
 * Evaluates a Python expression as far as it is data: literals, lists, tuples, dictionaries, arithmetic, comparison,
 * `and or not`, `a if c else b`, subscripts, and references (`@id`). Calls, attributes and names are not data.
 * @throws Error with what could not be evaluated
 */
export function evaluate<Opaque extends object>(
  text: string,
  resolve: (reference: string) => Value<Opaque>,
): Value<Opaque> {
  return valueOf(parseExpression(text), resolve);
}

type Resolve<Opaque> = (reference: string) => Value<Opaque>;

function valueOf<Opaque extends object>(expression: Expression, resolve: Resolve<Opaque>): Value<Opaque> {
  const value = (inner: Expression) => valueOf(inner, resolve);
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'reference':
      return resolve(expression.id);
    case 'list':
      return expression.items.map(value);
    case 'dict':
      return Object.fromEntries(expression.entries.map(([key, item]) => [keyOf(value(key)), value(item)]));
    case 'unary': {
      const operand = value(expression.operand);
      if (expression.sign === 'not') return !truth(operand);
      return expression.sign === '-' ? -numberOf(operand) : numberOf(operand);
    }
    case 'binary':
      return binary(expression, value);
    case 'item':
      return itemOf(value(expression.of), value(expression.index));
    case 'choice':
      return value(truth(value(expression.test)) ? expression.then : expression.otherwise);
    case 'code':
      throw new Error(`'${expression.text}' is code, not data`);
  }
}

function binary<Opaque extends object>(
  { sign, left, right }: Extract<Expression, { kind: 'binary' }>,
  value: (expression: Expression) => Value<Opaque>,
): Value<Opaque> {
  const first = value(left);
  if (sign === 'and') return truth(first) ? value(right) : first;
  if (sign === 'or') return truth(first) ? first : value(right);
  const second = value(right);
  if (sign === '==' || sign === '!=') return (JSON.stringify(first) === JSON.stringify(second)) === (sign === '==');
  if (sign === '+' && typeof first === 'string' && typeof second === 'string') return first + second;
  if (isList(first)) {
    if (sign === '+' && isList(second)) return [...first, ...second];
    if (sign === '*' && typeof second === 'number') return repeated(first, second);
  }
  return arithmetic(sign, numberOf(first), numberOf(second));
}

/** No list of a configuration is longer. */
const longestList = 10_000;

function repeated<Opaque>(list: readonly Value<Opaque>[], times: number): Value<Opaque>[] {
  if (times * list.length > longestList) throw new Error(`a list of more than ${longestList} items`);
  const lists = Array.from({ length: Math.max(0, times) }, () => list);
  return lists.reduce<Value<Opaque>[]>((whole, each) => [...whole, ...each], []);
}

function isList<Opaque>(value: Value<Opaque>): value is readonly Value<Opaque>[] {
  return Array.isArray(value);
}

function keyOf<Opaque>(value: Value<Opaque>): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new Error('a key is neither text nor number');
}

function arithmetic(sign: string, a: number, b: number): number | boolean {
  switch (sign) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '//':
      return Math.floor(a / b);
    case '%':
      // Python's remainder has the sign of the divisor.
      return a - b * Math.floor(a / b);
    case '**':
      return a ** b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      throw new Error(`'${sign}' is not understood`);
  }
}

function itemOf<Opaque extends object>(of: Value<Opaque>, index: Value<Opaque>): Value<Opaque> {
  if (Array.isArray(of) && typeof index === 'number') {
    const item = (of as readonly Value<Opaque>[]).at(index);
    if (item !== undefined) return item;
  }
  if (isDict(of) && (typeof index === 'string' || typeof index === 'number') && Object.hasOwn(of, String(index))) {
    return of[String(index)]!;
  }
  throw new Error('a subscript names nothing');
}

function numberOf<Opaque>(value: Value<Opaque>): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw new Error('it computes with something that is no number');
}
