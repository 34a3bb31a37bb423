import type { DataSetContent } from './dataSetContent.ts'

/** A concept of a coding scheme: designator, value, meaning. */
export interface Code {
  readonly scheme: string
  readonly value: string
  readonly meaning: string
}

/** The one item of a code sequence (PS3.3 table 8.8-1). */
export const codeItem = ({ scheme, value, meaning }: Code): readonly DataSetContent[] => [
  { CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning },
]

const code =
  (scheme: string) =>
  (value: string, meaning: string): Code => ({ scheme, value, meaning })

/** Codes of DICOM itself (PS3.16 annex D), of SNOMED CT, and of units. */
export const dcm = code('DCM')
export const sct = code('SCT')
export const ucum = code('UCUM')

export const BRAIN = sct('12738006', 'Brain')
