import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DiscoveredCase } from '../../imaging/sequences/index.ts'
import { patientOf } from '../../imaging/sequences/index.ts'

/** Tables of patients: BIDS's, and those that BraTS 2019, 2020 and 2021 came with. */
const TABLES = [
  'participants.tsv',
  'name_mapping.csv',
  'name_mapping_training.csv',
  'name_mapping_validation.csv',
]
/** A table of a hundred thousand patients is below this. */
const MAX_TABLE_BYTES = 16 * 2 ** 20
const GRADE = /grade/i
const SITE = /^(site|centre|center|institution|cohort)/i
const UNKNOWN = /^(|n\/?a|nan|unknown|-)$/i

/**
 * What is known of each patient that the parts of a split should be alike in besides size: grade and site, from the
 * table of the data set, else the grade by the folders HGG and LGG of BraTS.
 *
 * @returns a short text by patient; patients of whom nothing is known are absent
 */
export async function readStrata(
  root: string,
  cases: readonly DiscoveredCase[],
): Promise<Map<string, string>> {
  const strata = new Map<string, string>()
  for (const { name, images } of cases) {
    const grade = /[\\/](HGG|LGG)[\\/]/.exec(Object.values(images).at(0) ?? '')?.[1]
    if (grade) strata.set(patientOf(name), grade)
  }
  const patients = new Map<string, string>()
  for (const { name } of cases) {
    patients.set(name.toLowerCase(), patientOf(name))
    patients.set(patientOf(name).toLowerCase(), patientOf(name))
  }
  for (const table of TABLES) {
    for (const [cells, told] of await rowsOf(join(root, table))) {
      for (const cell of cells) {
        const patient = patients.get(cell) ?? patients.get(`sub-${cell}`)
        if (patient !== undefined && told !== '') strata.set(patient, told)
      }
    }
  }
  return strata
}

/** The cells of each row in lower case, and what its grade and site are; no rows where the table cannot be used. */
async function rowsOf(path: string): Promise<[string[], string][]> {
  const size = await stat(path).then(
    (found) => found.size,
    () => null,
  )
  if (size === null || size > MAX_TABLE_BYTES) return []
  const [head, ...lines] = (await readFile(path, 'utf8').catch(() => '')).split(/\r?\n/)
  const separator = path.endsWith('.tsv') ? '\t' : ','
  const cellsOf = (line: string): string[] =>
    line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
  const columns = cellsOf(head)
  const wanted = [GRADE, SITE]
    .map((pattern) => columns.findIndex((name) => pattern.test(name)))
    .filter((index) => index >= 0)
  if (wanted.length === 0) return []
  return lines.map((line) => {
    const cells = cellsOf(line)
    const told = wanted
      .map((index) => cells.at(index) ?? '')
      .filter((value) => !UNKNOWN.test(value))
      .join(', ')
    return [cells.map((cell) => cell.toLowerCase()), told.slice(0, 120)]
  })
}
