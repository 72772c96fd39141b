import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { describeFaults } from '@overread/core/errors';
import type { ManifestSource } from '@overread/core/model';
import { readJson } from '../../package/files.ts';
import { sourceFault, unsupported } from '../fault.ts';
import { isThere } from '../is-there.ts';
import type { NamedValue } from '../labels.ts';
import { plansFile } from './plans.ts';

type FinishStep = NonNullable<ManifestSource['finish']>[number];

const file = 'postprocessing.json';
const pickled = 'postprocessing.pkl';

/** One label, a region (a list of labels), or a list of either. */
const labelsOrRegions = z.union([z.int(), z.array(z.union([z.int(), z.array(z.int())]))]);

const form = z.object({
  postprocessing_fns: z.array(z.string()),
  postprocessing_kwargs: z.array(
    z.strictObject({ labels_or_regions: labelsOrRegions, background_label: z.optional(z.literal(0)) }),
  ),
});

/**
 * What nnU-Net found to improve its label maps: which labels are only their largest connected component (26 neighbours), those of one
 * step all together. nnU-Net writes it as JSON to be read by people, and pickled for itself.
 * @param values labels of the package; a step's labels that are none of them are in no label map
 * @throws OverreadError `model.source-invalid`, `model.import-unsupported` naming file and step
 */
export async function postprocessingOf(folder: string, values: readonly NamedValue[]): Promise<FinishStep[]> {
  if (!(await isThere(join(folder, file)))) {
    if (await isThere(join(folder, pickled)))
      throw unsupported(pickled, `what is pickled is not read; put the ${file} beside it that nnU-Net wrote with it`);
    return [];
  }
  const parsed = form.safeParse(await readJson(join(folder, file)));
  if (!parsed.success) throw sourceFault(file, describeFaults(parsed.error).join('; '));
  const { postprocessing_fns: names, postprocessing_kwargs: fields } = parsed.data;
  if (names.length !== fields.length)
    throw sourceFault(`${file} postprocessing_kwargs`, `${names.length} are expected, one for each function`);
  return fields.flatMap(({ labels_or_regions }, at) => {
    const name = names[at] ?? '';
    if (name !== 'remove_all_but_largest_component_from_segmentation')
      throw unsupported(`${file} postprocessing_fns[${at}]`, `'${name}' cannot be expressed`);
    const named = new Set([labels_or_regions].flat(2));
    const labels = values.map(({ value }) => value).filter((value) => named.has(value));
    return labels.length === 0 ? [] : [{ kind: 'keepLargest' as const, labels, count: 1, together: true }];
  });
}

/** Folders in which nnU-Net keeps what it found in cross-validation. */
const ofValidation = /^crossval_results_folds_[\d_]+$/;

/** Says where nnU-Net found such steps that are not beside its plans: nnU-Net applies them only where it is told to. */
export async function notesOnPostprocessing(folder: string): Promise<readonly string[]> {
  if (await isThere(join(folder, file))) return [];
  const folders = (await readdir(folder)).filter((name) => ofValidation.test(name)).sort();
  const notes = folders.map(async (name) =>
    (await isThere(join(folder, name, file)))
      ? [`The steps in ${name}/${file} are not part of this package; put the file beside ${plansFile} to have them.`]
      : [],
  );
  return (await Promise.all(notes)).flat();
}
