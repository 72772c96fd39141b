import { templateOf } from '../content.ts';
import { isKeyObjects } from '../kinds.ts';
import { pathTo } from '../path.ts';
import type { Rule } from '../rule.ts';
import { missing, whole } from './require.ts';

const selection: Rule = {
  id: 'ko.selection',
  severity: 'error',
  section: 'PS3.3 C.17.6.2, PS3.16 TID 2010',
  about: isKeyObjects,
  *check({ dataset, items }) {
    yield* missing(whole(dataset), [
      'InstanceNumber',
      'ContentDate',
      'ContentTime',
      'CurrentRequestedProcedureEvidenceSequence',
    ]);
    const [root] = items;
    if (root === undefined) return;
    if (templateOf(root) !== '2010') {
      yield { path: pathTo('', 'ContentTemplateSequence'), message: 'the document does not name template 2010' };
    }
    const selected = root.children.filter(
      ({ type }) => type === 'IMAGE' || type === 'COMPOSITE' || type === 'WAVEFORM',
    );
    if (selected.length === 0) yield { path: pathTo('', 'ContentSequence'), message: 'the selection is empty' };
  },
};

export const keyObjectRules: readonly Rule[] = [selection];
