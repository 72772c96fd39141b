import { sourceFault, unsupported } from '../fault.ts';
import type { Component } from './component.ts';
import { keepsValues } from './data-types.ts';
import { foregroundCrop } from './foreground-crop.ts';
import { intensities } from './intensities.ts';
import { channelsOf, type Preparation } from './preparation.ts';
import { nothing, type Handlers } from './transforms.ts';

type Spacing = NonNullable<Preparation['spacing']>;

/** The transforms that come before a network, as a manifest says them. */
export const preparing: Handlers<Preparation> = {
  ...intensities,

  LoadImaged(transform) {
    transform.only(
      'reader',
      'ITKReader',
      'NibabelReader',
      'PydicomReader',
      'itkreader',
      'nibabelreader',
      'pydicomreader',
    );
    keepsValues(transform);
    // Axes and directions in the order of the file, as readers have them by themselves.
    transform.only('reverse_indexing', false);
    transform.only('affine_lps_to_ras', true);
    transform.ignore('image_only', 'ensure_channel_first', 'simple_keys', 'meta_keys', 'meta_key_postfix');
    transform.ignore('overwriting', 'prune_meta_pattern', 'prune_meta_sep', 'expanduser');
  },
  EnsureChannelFirstd: nothing('strict_check', 'channel_dim', 'meta_keys', 'meta_key_postfix'),
  // The same, before MONAI 1.0.
  AddChanneld: nothing(),
  AsChannelFirstd: nothing('channel_dim'),
  EnsureTyped: holding('data_type', 'device', 'wrap_sequence', 'track_meta'),
  CastToTyped: holding(),
  ToTensord: holding('device', 'wrap_sequence', 'track_meta'),
  ToDeviced: nothing('device', 'non_blocking'),

  Orientationd(transform, state) {
    if (state.orientation !== null) throw unsupported(transform.where(), 'the axes are turned a second time');
    const closest = transform.boolean('as_closest_canonical', false);
    const letters = closest ? 'RAS' : transform.text('axcodes');
    if (!/^[LRAPSI]{3}$/.test(letters))
      throw sourceFault(transform.where('axcodes'), 'three letters such as RAS are expected');
    requireUsualLetters(transform);
    const isotropic = state.spacing?.every((each) => each === state.spacing?.[0]) ?? true;
    if (!isotropic) throw unsupported(transform.where(), 'it turns axes that have their spacings already');
    if (state.crop !== null) throw unsupported(transform.where(), 'it turns what is cropped already');
    state.orientation = letters;
  },

  Spacingd(transform, state) {
    if (state.spacing !== null) throw unsupported(transform.where(), 'the spacing is changed a second time');
    transform.perKey('mode', 'padding_mode', 'align_corners', 'scale_extent');
    const pixdim = transform.numbers('pixdim', 3).map((each) => (each === null || each <= 0 ? null : each));
    state.spacing = pixdim as Spacing;
    state.interpolation = interpolationOf(transform);
    transform.only('diagonal', false);
    transform.only('padding_mode', 'border', 'zeros');
    transform.only('align_corners', false, true);
    transform.only('scale_extent', false);
    transform.only('recompute_affine', false, true);
    transform.ignore('dtype', 'ensure_same_shape', 'meta_keys', 'meta_key_postfix');
    if (state.crop !== null && state.crop.margin.some((each) => each > 0)) {
      throw unsupported(transform.where(), 'it follows a crop whose margin counts voxels of another spacing');
    }
    if (state.intensity.length > 0) {
      state.notes.push('Spacingd comes after intensity steps there; here values are resampled first.');
    }
  },

  RepeatChanneld(transform, state) {
    if (transform.number('repeats') !== 3 || state.names.length > 1 || state.samples !== 'grey')
      throw unsupported(transform.where('repeats'), 'only one greyscale image as three channels can be expressed');
    // A list of numbers would be for one channel before, and for three after.
    state.samples = 'greyAsRgb';
  },

  CropForegroundd(transform, state, key) {
    if (state.crop !== null) throw unsupported(transform.where(), 'it crops a second time');
    if (state.first !== null && transform.text('source_key') === state.first.key) {
      // The first image tells the box, with what was done to its values; it stood there when that one was read.
      if (state.first.crop === null) throw unsupported(transform.where(), `'${state.first.key}' itself is not cropped`);
      state.crop = state.first.crop;
      transform.ignoreRest();
      return;
    }
    const intensity = state.intensity.filter(({ channels }) => channels?.includes(state.names[0] ?? '') ?? true);
    state.crop = foregroundCrop(transform, { ...state, key, channels: channelsOf(state), intensity });
    if (state.spacing !== null)
      state.notes.push(
        'CropForegroundd looks at resampled values there, here at the series itself: the box may differ by a voxel.',
      );
    // What is read only where there is a margin.
    transform.ignore('allow_smaller');
  },

  /** The one that makes the image is read apart. */
  ConcatItemsd(transform) {
    throw unsupported(transform.where(), 'images are put together a second time');
  },
  SelectItemsd: nothing(),
  DeleteItemsd(transform, _, key) {
    throw unsupported(transform.where('keys'), `'${key}' is what the network is fed`);
  },
};

/** Says how values are held, and may not change them. */
function holding(...fields: readonly string[]): (transform: Component) => void {
  return (transform) => {
    keepsValues(transform);
    transform.ignore(...fields);
  };
}

/** The letters for the ends of the axes may be others; then a code means something else. */
function requireUsualLetters(transform: Component): void {
  const labels = transform.take('labels');
  if (labels !== null && JSON.stringify(labels) !== '[["L","R"],["P","A"],["I","S"]]')
    throw unsupported(transform.where('labels'), 'other letters for the ends of the axes cannot be expressed');
}

function interpolationOf(transform: Component): Preparation['interpolation'] {
  const mode = transform.take('mode', 'bilinear');
  if (mode === 'bilinear' || mode === 1) return 'linear';
  if (mode === 'nearest' || mode === 0) return 'nearest';
  if (mode === 3) return 'cubic';
  throw unsupported(transform.where('mode'), `${JSON.stringify(mode)} is not linear, nearest or cubic`);
}
