import { describe, expect, it } from 'vitest';
import { itemOf, itemsOf, readPart10, sopClasses, textOf, type Attributes } from '@overread/core/dicom';
import { resultCases } from '../support/result-cases.ts';

/**
 * What viewers take for granted of a TID 1500 report, beyond the standard: a group that breaks one of these keeps the
 * whole document from loading (seen in OHIF 3.13.2).
 */
const reports = resultCases().flatMap(({ name, objects }) =>
  objects
    .filter(({ sopClassUID }) => sopClassUID === sopClasses.comprehensive3DSr)
    .map(({ kind, bytes }) => ({ name: `${name} (${kind})`, dataset: readPart10(bytes).dataset })),
);

const nameOf = (item: Attributes) => textOf(itemOf(item, 'ConceptNameCodeSequence') ?? {}, 'CodeValue');
const content = (item: Attributes) => itemsOf(item, 'ContentSequence');
const named = (items: readonly Attributes[], value: string) => items.filter((item) => nameOf(item) === value);
const groupsOf = (dataset: Attributes) =>
  named(content(dataset), '126010').flatMap((measurements) => named(content(measurements), '125007'));

describe.each(reports)('the report of $name', ({ dataset }) => {
  it('is a measurement report of template 1500', () => {
    expect(nameOf(dataset)).toBe('126000');
    expect(textOf(itemOf(dataset, 'ContentTemplateSequence') ?? {}, 'TemplateIdentifier')).toBe('1500');
    expect(named(content(dataset), '126010')).toHaveLength(1);
  });

  it('names every item of the root, the measurements and the groups', () => {
    const measurements = named(content(dataset), '126010').flatMap(content);
    for (const item of [...content(dataset), ...measurements, ...groupsOf(dataset).flatMap(content)]) {
      expect(nameOf(item)).not.toBeNull();
    }
  });

  it('gives every group a tracking identifier, and a tracking UID of its own as the first UID', () => {
    const groups = groupsOf(dataset);
    for (const group of groups) {
      expect(textOf(named(content(group), '112039')[0] ?? {}, 'TextValue')).not.toBeNull();
      const uids = content(group).filter((item) => textOf(item, 'ValueType') === 'UIDREF');
      expect(nameOf(uids[0] ?? {})).toBe('112040');
    }
    const tracking = groups.map((group) => textOf(named(content(group), '112040')[0] ?? {}, 'UID'));
    expect(new Set(tracking).size).toBe(groups.length);
  });

  it('gives every group coordinates on one image', () => {
    for (const group of groupsOf(dataset)) {
      const [graphic] = content(group).filter((item) => textOf(item, 'ValueType') === 'SCOORD');
      const images = content(graphic ?? {});
      expect(images.map((image) => textOf(image, 'ValueType'))).toEqual(['IMAGE']);
      const [reference] = itemsOf(images[0] ?? {}, 'ReferencedSOPSequence');
      expect(textOf(reference ?? {}, 'ReferencedSOPInstanceUID')).not.toBeNull();
    }
  });

  it('keeps its groups of one template', () => {
    const templates = groupsOf(dataset).map((group) =>
      textOf(itemOf(group, 'ContentTemplateSequence') ?? {}, 'TemplateIdentifier'),
    );
    expect(new Set(templates).size).toBeLessThanOrEqual(1);
  });

  it('lists every instance it refers to as evidence', () => {
    const listed = new Set(
      itemsOf(dataset, 'CurrentRequestedProcedureEvidenceSequence')
        .flatMap((study) => itemsOf(study, 'ReferencedSeriesSequence'))
        .flatMap((series) => itemsOf(series, 'ReferencedSOPSequence'))
        .map((instance) => textOf(instance, 'ReferencedSOPInstanceUID')),
    );
    const used = (item: Attributes): (string | null)[] => [
      ...itemsOf(item, 'ReferencedSOPSequence').map((reference) => textOf(reference, 'ReferencedSOPInstanceUID')),
      ...content(item).flatMap(used),
    ];
    const references = content(dataset).flatMap(used);
    expect(references.length).toBeGreaterThan(0);
    expect(references.filter((uid) => !listed.has(uid))).toEqual([]);
  });

  it('names the algorithm alike in equipment, observer and template 4019', () => {
    const [equipment] = itemsOf(dataset, 'ContributingEquipmentSequence');
    const root = content(dataset);
    const measurements = named(root, '126010').flatMap(content);
    const text = (items: readonly Attributes[], value: string) => textOf(named(items, value)[0] ?? {}, 'TextValue');
    expect(text(root, '121014')).toBe(textOf(equipment ?? {}, 'Manufacturer'));
    expect(text(root, '121015')).toBe(textOf(equipment ?? {}, 'ManufacturerModelName'));
    expect(textOf(named(root, '121012')[0] ?? {}, 'UID')).toBe(textOf(equipment ?? {}, 'DeviceUID'));
    expect(text(measurements, '111001')).toBe(textOf(equipment ?? {}, 'ManufacturerModelName'));
    expect(text(measurements, '111003')).toBe(textOf(equipment ?? {}, 'SoftwareVersions'));
  });
});
