import { expectTypeOf, it } from 'vitest';
import { dcmCodes, units } from '@overread/core/dicom';
import { code, container, image, num, scoord, text } from '../../../../../core/results/sr/content-item.ts';
import type { RowOf } from '../../../../../core/results/sr/relationships.ts';

// What is said here holds when the types are checked: a tree that breaks PS3.3 table A.35.13-2 does not compile.
const graphic = <R extends string>(relationship: R) => scoord(relationship, null, 'POINT', [[0, 0]], {});

it('takes the rows of a container, and no others', () => {
  expectTypeOf(num(dcmCodes.finding, 1, units.one)).toExtend<RowOf<'CONTAINER'>>();
  expectTypeOf(graphic('CONTAINS')).toExtend<RowOf<'CONTAINER'>>();
  expectTypeOf(text('HAS CONCEPT MOD', dcmCodes.finding, '')).toExtend<RowOf<'CONTAINER'>>();
  expectTypeOf(graphic('HAS CONCEPT MOD')).not.toExtend<RowOf<'CONTAINER'>>();
  expectTypeOf(image('SELECTED FROM', null, {})).not.toExtend<RowOf<'CONTAINER'>>();
});

it('lets a number be inferred from coordinates, which it does not contain', () => {
  expectTypeOf(graphic('INFERRED FROM')).toExtend<RowOf<'NUM'>>();
  expectTypeOf(graphic('CONTAINS')).not.toExtend<RowOf<'NUM'>>();
  expectTypeOf(container(dcmCodes.finding, null, [])).not.toExtend<RowOf<'NUM'>>();
});

it('lets coordinates be selected from an image only', () => {
  expectTypeOf(image('SELECTED FROM', null, {})).toExtend<RowOf<'SCOORD'>>();
  expectTypeOf(image('CONTAINS', null, {})).not.toExtend<RowOf<'SCOORD'>>();
  expectTypeOf(code('SELECTED FROM', dcmCodes.finding, dcmCodes.finding)).not.toExtend<RowOf<'SCOORD'>>();
});
