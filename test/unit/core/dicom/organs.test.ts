import { describe, expect, it } from 'vitest';
import { structureNamed } from '@overread/core/dicom';

describe('the structure that a name stands for', () => {
  it.each([
    ['spleen', '78961009', undefined],
    ['Spleen ', '78961009', undefined],
    ['kidney_right', '64033007', 'Right'],
    ['Left Kidney', '64033007', 'Left'],
    ['lungs', '39607008', undefined],
    ['lung_upper_lobe_left', '45653009', 'Left'],
    ['lung_middle_lobe_right', '72481006', undefined],
    ['heart-atrium-left', '82471001', undefined],
    ['vertebrae_T12', '23215003', undefined],
    ['rib_left_1', '48535007', 'Left'],
  ])('%s', (name, value, side) => {
    const found = structureNamed(name);
    expect([found?.type.value, found?.modifier?.meaning, found?.category.meaning]).toEqual([
      value,
      side,
      'Anatomical Structure',
    ]);
  });

  it('is of its own category', () => {
    expect(structureNamed('tumor')?.category.meaning).toBe('Morphologically Abnormal Structure');
    expect(structureNamed('fat')?.category.meaning).toBe('Tissue');
  });

  it.each(['wrench', 'liver tumor', 'left', 'left right kidney', 'constructor', ''])('is not guessed: "%s"', (name) => {
    expect(structureNamed(name)).toBeNull();
  });
});
