/** Something a reader of the result should know: shown with it, stored with it. Never patient data. */
export interface Notice {
  /** Stable kebab-case name, e.g. `volume.slices-resampled`. */
  readonly code: string;
  /** One or two sentences for a person. */
  readonly message: string;
}
