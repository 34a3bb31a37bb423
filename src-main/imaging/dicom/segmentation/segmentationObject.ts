/** A code of a terminology, as an item of a code sequence has it. */
export interface CodedConcept {
  readonly scheme: string
  readonly value: string
  readonly meaning: string
}

/** What one segment stands for. */
export interface DicomSegment {
  /** In the file: the number that frames refer to, or the stored value of a label map. */
  readonly number: number
  /** Segment Label, as the person who drew it called it. */
  readonly label: string
  readonly type: CodedConcept | null
  /** MANUAL, SEMIAUTOMATIC or AUTOMATIC; empty where the file does not say. */
  readonly algorithmType: string
  readonly algorithmName: string | null
}

/** Where a frame lies in the patient, LPS+. */
export interface PlanePlace {
  /** Centre of the first pixel, mm. */
  readonly positionMm: readonly [number, number, number]
  /** Unit directions of increasing column, then of increasing row. */
  readonly orientation: readonly number[]
  /** Between rows, then between columns. */
  readonly pixelSpacingMm: readonly [number, number]
}

/** One frame of a segmentation. */
export interface SegmentationFrame {
  /** Null in a label map, whose pixels name their segment themselves. */
  readonly segment: number | null
  /** Null where it lies in no patient (slides of microscopy). */
  readonly place: PlanePlace | null
}

/** A DICOM segmentation (SEG) as the file has it, before it is placed on any grid. */
export interface SegmentationObject {
  /** What sentences call it. */
  readonly name: string
  readonly kind: 'BINARY' | 'FRACTIONAL' | 'LABELMAP'
  readonly rows: number
  readonly columns: number
  readonly segments: readonly DicomSegment[]
  readonly frames: readonly SegmentationFrame[]
  /** Spacing Between Slices; null where it is not stated. */
  readonly sliceSpacingMm: number | null
  /** Slice Thickness; null where it is not stated. */
  readonly sliceThicknessMm: number | null
  /** The stored value that means "wholly inside"; 1 but for FRACTIONAL. */
  readonly maximumValue: number
  /** A stored value of a LABELMAP that is no segment (Pixel Padding Value). */
  readonly paddingValue: number | null
  readonly frameOfReferenceUid: string | null
  /** Series Instance UIDs of the images it was drawn on. */
  readonly referencedSeriesUids: readonly string[]
  /**
   * Stored values of a frame, rows × columns: 0 or 1, a fraction, or a segment's number.
   *
   * @throws GliadeskError BAD_FILE
   */
  readPixels(frame: number): Promise<ArrayLike<number>>
}
