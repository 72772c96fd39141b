import { describe, expect, test } from 'vitest';
import mode from '../../../mode/src/index.ts';
import { configure } from '../../../mode/src/configure.ts';
import { isValidMode } from '../../../mode/src/validity.ts';

describe('the mode', () => {
  test('names only the viewer’s own extensions: those it can import by name', () => {
    expect(Object.keys(mode.extensionDependencies).every((name) => name.startsWith('@ohif/'))).toBe(true);
  });

  test('has our panel first at the right, and open', () => {
    const routes = mode.modeFactory({})['routes'] as [
      { layoutTemplate(): { props: { rightPanels: string[]; rightPanelClosed: boolean } } },
    ];
    const { rightPanels, rightPanelClosed } = routes[0].layoutTemplate().props;
    expect(rightPanels[0]).toBe('@overread/extension.panelModule.aiPanel');
    expect(rightPanelClosed).toBe(false);
  });

  test('takes changes from the site’s configuration and stays itself', () => {
    const changed = mode.modeFactory({ modeConfiguration: { displayName: { $set: 'Zweitbefund' } } });
    expect(changed.displayName).toBe('Zweitbefund');
    expect(mode.modeFactory({}).displayName).toBe('AI Reading');
  });
});

describe('studies that make sense in it', () => {
  test.each(['CT', 'CT\\SR', 'SR/CT', ' MR ', 'MG\\SEG'])('%s', (modalities) => {
    expect(isValidMode({ modalities })).toEqual({ valid: true, description: '' });
  });

  test.each([
    ['SR', 'AI Reading needs images; this study holds only SR.'],
    ['SEG\\SR\\KO', 'AI Reading needs images; this study holds only SEG, SR, KO.'],
    ['', 'AI Reading needs images; this study names no modality.'],
  ])('not %j, and it says why', (modalities, description) => {
    expect(isValidMode({ modalities })).toEqual({ valid: false, description });
  });
});

describe('a site’s changes', () => {
  const target = { name: 'a', list: [1, 2], deep: { kept: 1, gone: 2 } };

  test.each([
    [{ name: 'b' }, { ...target, name: 'b' }],
    [{ name: { $set: 'b' } }, { ...target, name: 'b' }],
    [{ list: { $push: [3] } }, { ...target, list: [1, 2, 3] }],
    [{ list: { $unshift: [0] } }, { ...target, list: [0, 1, 2] }],
    [{ list: { 1: { $set: 9 } } }, { ...target, list: [1, 9] }],
    [{ deep: { kept: { $set: 5 } } }, { ...target, deep: { kept: 5, gone: 2 } }],
    [{ deep: { $merge: { more: 3 } } }, { ...target, deep: { kept: 1, gone: 2, more: 3 } }],
    [{ deep: { $unset: ['gone'] } }, { ...target, deep: { kept: 1 } }],
    [undefined, target],
    ['nonsense', target],
  ])('%j', (changes, expected) => {
    expect(configure(target, changes)).toEqual(expected);
    expect(target).toEqual({ name: 'a', list: [1, 2], deep: { kept: 1, gone: 2 } });
  });
});
