import type { DicomIdentity, PatientFacts } from '../../imaging/deidentify/index.ts'
import { keyedCode, type KeyedHash } from '../pseudonyms/index.ts'

/** Identities under the workspace's key: the same in every run and for every kind of object, so that references fit. */
export interface KeyedIdentities {
  patient(facts: PatientFacts): DicomIdentity
  /** Digits for the name of a file or folder. */
  code(kind: 'study' | 'series' | 'instance' | 'subject', text: string, digits: number): string
}

/** Twelve digits: among ten million patients, two share a code with a chance of one in six. */
const PATIENT_DIGITS = 12
/** Dates move back by one day to ten years. */
const MOST_SHIFT_DAYS = 3652

export function keyedIdentities(hash: KeyedHash): KeyedIdentities {
  return {
    patient: (facts) => {
      const [kind, text] = whoIs(facts)
      return {
        pseudonym: `P-${keyedCode(hash, kind, text, PATIENT_DIGITS)}`,
        shiftDays: -shiftOf(hash(`${kind}-dates`, text)),
        mapUid: (uid) => uidOf(hash('uid', uid)),
      }
    },
    code: (kind, text, digits) => keyedCode(hash, kind, text, digits),
  }
}

/** The Patient ID; without one, name and birth date; without these, the study. */
function whoIs({ patientId, patientName, birthDate, studyUid }: PatientFacts): [string, string] {
  if (patientId !== '') return ['patient', patientId]
  if (patientName !== '') return ['patient-name', `${patientName}\0${birthDate}`]
  return ['patient-study', studyUid]
}

function shiftOf(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return 1 + (view.getUint32(0) % MOST_SHIFT_DAYS)
}

/** A UID below 2.25 from the first 16 bytes, as a UUID of version 8 (PS3.5 B.2, RFC 9562). */
function uidOf(bytes: Uint8Array): string {
  const uuid = Uint8Array.from(bytes.subarray(0, 16))
  uuid[6] = (uuid[6] & 0x0f) | 0x80
  uuid[8] = (uuid[8] & 0x3f) | 0x80
  return `2.25.${uuid.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)}`
}
