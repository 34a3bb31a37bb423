import type { Database } from '../../../storage/index.ts'
import { keyedCode, openPseudonymKey } from '../../pseudonyms/index.ts'

/** Names patients by a code that only this workspace can make again. */
export interface Pseudonyms {
  /** Six hexadecimal digits for a patient ID, the same for all of the patient's studies. */
  patient(patientId: string): string
  /** Four hexadecimal digits for a study, to tell two of one day apart. */
  study(studyUid: string): string
}

/** Codes under the workspace's key. De-identified copies carry the same patient code, with more digits. */
export function openPseudonyms(database: Database): Pseudonyms {
  const hash = openPseudonymKey(database)
  return {
    patient: (patientId) => keyedCode(hash, 'patient', patientId, 6),
    study: (studyUid) => keyedCode(hash, 'study', studyUid, 4),
  }
}
