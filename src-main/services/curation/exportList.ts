import { SEQUENCES, type Sequence, type Split } from '../../contract/index.ts'
import type { SegmentationEnding } from '../../imaging/formats/index.ts'

/** A case as exports see it. */
export interface ExportCase {
  /** Safe in file names and different for every case. */
  readonly fileName: string
  readonly split: Split
  readonly sequences: readonly Sequence[]
  readonly hasLabel: boolean
}

/** One file of an export: a text, an image of a case, or the label of a case. */
export type ExportFile = { readonly path: string } & (
  | { readonly text: string }
  | { readonly image: Sequence; readonly of: ExportCase }
  | { readonly label: SegmentationEnding; readonly of: ExportCase }
)

/** What an export consists of: its files, and the cases that take no part. */
export interface ExportList {
  readonly files: readonly ExportFile[]
  readonly cases: number
  readonly skipped: readonly string[]
}

/** The sequences that more than half of the cases have, in the program's order. */
export function commonSequences(cases: readonly ExportCase[]): Sequence[] {
  return SEQUENCES.filter(
    (sequence) =>
      2 * cases.filter(({ sequences }) => sequences.includes(sequence)).length > cases.length,
  )
}
