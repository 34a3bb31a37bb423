import type { SequenceHints } from '../../sequences/index.ts'
import type { ByteSource } from './byteSource.ts'
import type { PixelCoding } from './transferSyntax.ts'

/** How the numbers of an instance's pixels are stored. */
export interface PixelFormat {
  readonly coding: PixelCoding
  readonly littleEndian: boolean
  readonly rows: number
  readonly columns: number
  readonly bitsAllocated: number
  readonly bitsStored: number
  readonly highBit: number
  readonly signed: boolean
  /** MONOCHROME1: the lowest value is white. */
  readonly inverted: boolean
  readonly frameCount: number
  /** Position of the pixel data's value in the content, and its length; undefined for encapsulated pixels. */
  readonly offset: number
  readonly length: number | null
}

/** One image of an instance: a whole single-frame file, or one frame of a multi-frame one. */
export interface DicomFrame {
  readonly instance: DicomInstance
  /** 0 for the first. */
  readonly index: number
  /** Centre of the first pixel, LPS+ mm (Image Position). */
  readonly positionMm: readonly [number, number, number]
  /** Unit directions of increasing column, then of increasing row, LPS+ (Image Orientation). */
  readonly orientation: readonly number[]
  /** Between rows, then between columns (Pixel Spacing). */
  readonly pixelSpacingMm: readonly [number, number]
  readonly slope: number
  readonly intercept: number
  readonly window: { readonly center: number; readonly width: number } | null
  readonly hints: SequenceHints
  /** What tells apart the several images that one place may have. */
  readonly acquisitionNumber: number | null
  readonly temporalPosition: number | null
  readonly stackId: string | null
}

/** Pixels, and the content that they lie in. */
export interface PixelSource {
  readonly content: ByteSource
  readonly pixels: PixelFormat
}

/** A file that holds images in space: everything of its header that import needs, and nothing of the person. */
export interface DicomInstance {
  /** The content that `pixels.offset` counts in, and the file it lies in. */
  readonly content: ByteSource
  readonly sopInstanceUid: string
  readonly sopClassUid: string
  readonly studyUid: string
  readonly seriesUid: string
  readonly frameOfReferenceUid: string | null
  /** As the file has it; the caller replaces it by a pseudonym at once. */
  readonly patientId: string | null
  /** YYYY-MM-DD. */
  readonly studyDate: string | null
  readonly modality: string
  readonly seriesNumber: number | null
  readonly instanceNumber: number | null
  readonly sliceSpacingMm: number | null
  readonly burnedInAnnotation: boolean
  readonly pixels: PixelFormat
  readonly frames: readonly DicomFrame[]
}
