import type { DeidentificationOptions, DeidentifiedFile } from '../../contract/index.ts'
import { openForRewrite, writeRewritten, type ByteSource } from '../../imaging/dicom/index.ts'
import {
  createChangeTally,
  deidentifyDicom,
  patientFacts,
  pixelWarnings,
} from '../../imaging/deidentify/index.ts'
import type { KeyedIdentities } from './keyedIdentity.ts'
import type { OutputFolder } from './outputFolder.ts'

/** How a file is copied; without an output folder it is a trial and nothing is written. */
export interface CopyTask {
  readonly options: DeidentificationOptions
  readonly identities: KeyedIdentities
  readonly output: OutputFolder | null
}

/** What is known of a copy; its number is given by the caller. */
export type Copied = Omit<DeidentifiedFile, 'number'>

const DIRECTORY_RECORDS = 0x0004_1220

/**
 * Copies a DICOM file without its patient.
 *
 * @returns null where it is no DICOM; a reason where it is one that is not copied
 * @throws GliadeskError BAD_FILE, DISK_FULL, READ_ONLY
 */
export async function copyDicom(
  source: ByteSource,
  { options, identities, output }: CopyTask,
): Promise<Copied | { readonly leftOut: string } | null> {
  const opened = await openForRewrite(source)
  if (!opened) return null
  if (opened.elements.some(({ tag }) => tag === DIRECTORY_RECORDS)) {
    return { leftOut: 'A DICOMDIR: it names patients and files that the copies no longer have.' }
  }
  const facts = patientFacts(opened.elements)
  const identity = identities.patient(facts)
  const tally = createChangeTally()
  const rewritten = deidentifyDicom(opened, options, identity, tally)
  const warnings = pixelWarnings(opened)
  if (facts.patientId === '') {
    warnings.push('It has no Patient ID: files of one patient may have got different pseudonyms.')
  }
  const name = [
    identity.pseudonym,
    `study-${identities.code('study', facts.studyUid, 8)}`,
    `${facts.modality}-${identities.code('series', facts.seriesUid, 8)}`,
    identities.code('instance', facts.sopInstanceUid, 16),
  ].join('/')
  return {
    kind: 'dicom',
    output: output && (await output.write(name, '.dcm', writeRewritten(rewritten))),
    changes: tally.changes(),
    warnings,
  }
}
