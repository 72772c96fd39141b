import { describe, expect, it } from 'vitest';
import type { Component } from '../../../../../tools/overread-model/src/import/monai/component.ts';
import { Config } from '../../../../../tools/overread-model/src/import/monai/config.ts';

const config = new Config(
  {
    root: '.',
    dims: { size: [96, 96, 48], half: '$[s // 2 for s in @dims#size]' },
    first: '@dims#size#0',
    other: '@dims::size::2',
    path: "$@root + '/eval'",
    net: {
      _target_: 'monai.transforms.SpacingD',
      pixdim: '@##first',
      mode: '@#own',
      own: 'bilinear',
      from: '%other.json#x',
    },
    loop: '@pool',
    pool: '$[@loop]',
  },
  'inference.json',
);

describe('a configuration in MONAI’s grammar', () => {
  it('resolves references, with both separators, and expressions', () => {
    expect(config.get('first')).toBe(96);
    expect(config.get('other')).toBe(48);
    expect(config.get('path')).toBe('./eval');
  });

  it('resolves a component’s fields where they are asked for, relative ones too', () => {
    const net = config.get('net') as Component;
    expect(net.name).toBe('Spacingd');
    expect(net.take('pixdim')).toBe(96);
    expect(net.take('mode')).toBe('bilinear');
    expect(() => net.take('from')).toThrow(/inference\.json net#from: '%other\.json#x' copies text of another file/);
    expect(() => net.finish()).toThrow(/inference\.json net \(Spacingd\.own\): this field is not understood/);
  });

  it('names what it cannot evaluate, what is missing, and what goes round in a circle', () => {
    expect(() => config.get('dims#half')).toThrow(/inference\.json dims#half: '\$\[s \/\/ 2 for .*cannot be evaluated/);
    expect(() => config.get('dims#depth')).toThrow(/inference\.json: there is no 'dims#depth'/);
    expect(() => config.get('constructor')).toThrow(/there is no 'constructor'/);
    expect(() => config.get('loop')).toThrow(/go round in a circle/);
  });
});
