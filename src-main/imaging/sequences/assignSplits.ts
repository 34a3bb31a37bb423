import { randomStream } from '../random/randomStream.ts'

/** What share of the patients each pool gets; scaled to a sum of 1. */
export interface SplitFractions {
  readonly train: number
  readonly validation: number
  readonly test: number
}

export type SplitPool = keyof SplitFractions

export const DEFAULT_SPLIT_FRACTIONS: SplitFractions = { train: 0.7, validation: 0.15, test: 0.15 }

/** Ways in which case names carry a visit: the first group is the patient. */
const VISIT_PATTERNS = [
  /^(sub-[^_]+)(?:_ses-.+)?$/i,
  // BraTS from 2023: BraTS-GLI-01234-000 is patient 01234, visit 000.
  /^(brats-[a-z]+-\d+)-\d{3}$/i,
  // BraTS 2017–2019: Brats18_TCIA03_265_1 is patient TCIA03_265, visit 1.
  /^(brats1[789]_.+_[^_]+)_\d+$/i,
  // Studies imported from DICOM: "Patient 7f3a90, 2024-05-02" is a patient and the date of a study.
  /^((?:Patient|ID) .+?), (?:\d{4}-\d{2}-\d{2}|undated)(?: [0-9a-f]+)?$/,
  // TCGA releases: TCGA-02-0006_1996.08.23 is a patient and a date.
  /^(.+)_\d{4}\.\d{2}\.\d{2}$/,
]

/** The patient a case belongs to, by its name; the name itself where it shows no visit. */
export function patientOf(caseName: string): string {
  for (const pattern of VISIT_PATTERNS) {
    const match = pattern.exec(caseName)
    if (match) return match[1]
  }
  return caseName
}

/**
 * Draws train, validation and test pools by patient, so that no patient is in two of them. The same names and seed
 * give the same pools, whatever the order of the names. With three patients or more, every pool with a
 * share above 0 gets at least one.
 *
 * @throws RangeError where a fraction is negative or all are 0
 */
export function assignSplits(
  caseNames: readonly string[],
  seed: number,
  fractions: SplitFractions = DEFAULT_SPLIT_FRACTIONS,
): Map<string, SplitPool> {
  const total = fractions.train + fractions.validation + fractions.test
  const shares = [fractions.train, fractions.validation, fractions.test]
  if (!(total > 0) || shares.some((share) => share < 0)) {
    throw new RangeError(`Split fractions must not be negative nor all 0, got ${shares.join(', ')}`)
  }
  const patients = [...new Set(caseNames.map(patientOf))].sort()
  const shuffled = randomStream(seed, 'split').shuffled(patients)
  const poolSize = (share: number): number => {
    const size = Math.round((share / total) * patients.length)
    return size === 0 && share > 0 && patients.length >= 3 ? 1 : size
  }
  let testCount = poolSize(fractions.test)
  let validationCount = poolSize(fractions.validation)
  // Training goes first where rounding would leave it empty.
  while (fractions.train > 0 && testCount + validationCount >= patients.length) {
    if (testCount >= validationCount && testCount > 0) testCount--
    else if (validationCount > 0) validationCount--
    else break
  }
  const poolOfPatient = new Map(
    shuffled.map((patient, index): [string, SplitPool] => [
      patient,
      index < testCount ? 'test' : index < testCount + validationCount ? 'validation' : 'train',
    ]),
  )
  return new Map(caseNames.map((name) => [name, poolOfPatient.get(patientOf(name)) ?? 'train']))
}
