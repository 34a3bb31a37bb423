import type { Database } from '../../../storage/index.ts'
import type { FoundStudy } from './findStudies.ts'
import type { Pseudonyms } from './pseudonym.ts'

/** What cases are called: by a keyed code, or by the Patient ID of the files where the reader asks for it. */
export type CaseNaming = 'pseudonym' | 'patient-id'

/**
 * Names every study, e.g. "Patient 7f3a90, 2024-05-02". A study that the data set knows keeps its name; two of one
 * patient and day are told apart by a code of the study. Names and birth dates are never used.
 */
export function nameCases(
  database: Database,
  rootPath: string,
  studies: readonly FoundStudy[],
  pseudonyms: Pseudonyms,
  naming: CaseNaming,
): string[] {
  const plain = studies.map(({ patientId, studyUid, studyDate }) => {
    const day = studyDate ?? 'undated'
    // Without an ID nothing says that two studies are of one person.
    const patient = patientId ?? `study ${studyUid}`
    return naming === 'patient-id' && patientId !== null
      ? `ID ${patientId.slice(0, 40)}, ${day}`
      : `Patient ${pseudonyms.patient(patient)}, ${day}`
  })
  return studies.map(({ studyUid }, index) => {
    const known = database.get<{ name: string }>(
      `SELECT cases.name FROM cases JOIN datasets ON datasets.id = cases.dataset_id
       JOIN dicom_series ON dicom_series.case_id = cases.id
       WHERE root_path = :rootPath AND json_extract(source_json, '$.studyInstanceUid') = :studyUid LIMIT 1`,
      { rootPath, studyUid },
    )
    if (known) return known.name
    const isClash = plain.filter((name) => name === plain[index]).length > 1
    return isClash ? `${plain[index]} ${pseudonyms.study(studyUid)}` : plain[index]
  })
}
