/** What the header of an MR image says about how it was made; null where it says nothing. */
export interface SequenceHints {
  readonly modality: string
  readonly seriesDescription: string | null
  readonly protocolName: string | null
  readonly sequenceName: string | null
  /** Values of Image Type, e.g. ORIGINAL, PRIMARY, M. */
  readonly imageType: readonly string[]
  /** SE, IR, GR, EP, RM. */
  readonly scanningSequence: readonly string[]
  /** SK, SP, MP and others. */
  readonly sequenceVariant: readonly string[]
  /** 2D or 3D. */
  readonly acquisitionType: string | null
  readonly repetitionTimeMs: number | null
  readonly echoTimeMs: number | null
  readonly inversionTimeMs: number | null
  readonly flipAngleDegrees: number | null
  readonly echoNumber: number | null
  /** s/mm². */
  readonly diffusionBValue: number | null
  /** The agent's name; "NONE" and the like say that there was none. */
  readonly contrastAgent: string | null
}
