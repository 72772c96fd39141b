/** A coded concept: (value, scheme, meaning), as the standard writes it (PS3.16 section 8). */
export interface Code {
  /** CodeValue (0008,0100). */
  readonly value: string;
  /** CodingSchemeDesignator (0008,0102): SCT, DCM, UCUM, … */
  readonly scheme: string;
  /** CodeMeaning (0008,0104), at most 64 characters. */
  readonly meaning: string;
}
