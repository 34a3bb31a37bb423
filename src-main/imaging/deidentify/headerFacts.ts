import type { TreeElement } from '../dicom/index.ts'
import { leafText } from './elementText.ts'

/** Text of a top-level element; empty where absent. Stays inside the program. */
export function textOf(elements: readonly TreeElement[], tag: number): string {
  const found = elements.find((element) => element.tag === tag)
  return found?.kind === 'leaf' ? leafText(found) : ''
}

/** What identifies the objects of one patient and their order; never written or logged. */
export interface PatientFacts {
  readonly patientId: string
  readonly patientName: string
  readonly birthDate: string
  readonly studyUid: string
  readonly seriesUid: string
  readonly sopInstanceUid: string
  readonly modality: string
}

export function patientFacts(elements: readonly TreeElement[]): PatientFacts {
  const modality = textOf(elements, 0x0008_0060)
  return {
    patientId: textOf(elements, 0x0010_0020),
    patientName: textOf(elements, 0x0010_0010),
    birthDate: textOf(elements, 0x0010_0030),
    studyUid: textOf(elements, 0x0020_000d),
    seriesUid: textOf(elements, 0x0020_000e),
    sopInstanceUid: textOf(elements, 0x0008_0018),
    // A coded word of the standard, and nothing longer, may become a part of a file's name.
    modality: /^[A-Z]{2,16}$/.test(modality) ? modality : 'OT',
  }
}
