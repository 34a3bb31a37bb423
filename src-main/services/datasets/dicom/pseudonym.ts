import { createHmac, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Database } from '../../../storage/index.ts'

/** Names patients by a code that only this workspace can make again. */
export interface Pseudonyms {
  /** Six hexadecimal digits for a patient ID, the same for all of the patient's studies. */
  patient(patientId: string): string
  /** Four hexadecimal digits for a study, to tell two of one day apart. */
  study(studyUid: string): string
}

const KEY_NAME = 'pseudonymKey'

/**
 * Codes are HMAC-SHA256 under a random key that is made once a workspace and never leaves it: without the key, a list
 * of known patient IDs does not lead back to the codes.
 */
export function openPseudonyms(database: Database): Pseudonyms {
  const key = database.transaction(() => {
    const row = database.get<{ value_json: string }>(
      'SELECT value_json FROM settings WHERE name = :name',
      { name: KEY_NAME },
    )
    if (row) return z.string().parse(JSON.parse(row.value_json))
    const made = randomBytes(32).toString('hex')
    database.run('INSERT INTO settings (name, value_json) VALUES (:name, :value)', {
      name: KEY_NAME,
      value: JSON.stringify(made),
    })
    return made
  })
  const code = (kind: string, text: string, digits: number): string =>
    createHmac('sha256', Buffer.from(key, 'hex'))
      .update(`${kind}\0${text}`)
      .digest('hex')
      .slice(0, digits)
  return {
    patient: (patientId) => code('patient', patientId, 6),
    study: (studyUid) => code('study', studyUid, 4),
  }
}
