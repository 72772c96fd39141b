/** Modalities of objects without images of their own. */
const withoutImages = new Set(['SR', 'SEG', 'RTSTRUCT', 'RTPLAN', 'PR', 'KO', 'DOC', 'ECG', 'AU', 'HD', 'REG', 'FID']);

/**
 * Whether the mode makes sense for a study, and if not, why. Which models apply is said by the panel: it knows the
 * series, the study list only the modalities.
 * @param modalities Modalities in Study (0008,0061), separated by a backslash (older viewers: a slash).
 */
export function isValidMode({ modalities }: { modalities?: string }): { valid: boolean; description: string } {
  const present = (modalities ?? '')
    .split(/[\\/]/)
    .map((modality) => modality.trim())
    .filter((modality) => modality !== '');
  if (present.some((modality) => !withoutImages.has(modality))) return { valid: true, description: '' };
  const found = present.length === 0 ? 'names no modality' : `holds only ${present.join(', ')}`;
  return { valid: false, description: `AI Reading needs images; this study ${found}.` };
}
