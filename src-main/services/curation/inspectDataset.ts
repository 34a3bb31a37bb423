import { stat } from 'node:fs/promises'
import {
  SEQUENCES,
  SEQUENCE_TITLES,
  volumesMlSchema,
  type CaseOverview,
  type Finding,
  type FindingKind,
  type QualityReport,
  type Sequence,
  type Severity,
} from '../../contract/index.ts'
import { orientationCode } from '../../imaging/geometry/index.ts'
import type { Database, Workspace } from '../../storage/index.ts'
import { caseImages, listCases } from '../cases/index.ts'
import { notFound } from '../notFound.ts'
import { storedMeasures } from './caseMeasures.ts'
import { FINDING_TEXTS } from './findingTexts.ts'
import { judgeMeasures } from './judgeMeasures.ts'

interface OtherImage {
  name: string
  dataset: string
  sequence: string
  split: string
}

/** An orientation or a convention of labels is usual where at least this share of the cases has it. */
const USUAL_SHARE = 0.75

/**
 * What whoever trains on a data set should know of it: missing sequences and files, missing and empty labels, images
 * that occur twice (by the hash of their content, in every data set of the workspace), patients that another data set
 * has in another part of its split, and what was measured of the voxels (see `measureCases`), which is not done here.
 *
 * @throws GliadeskError NOT_FOUND
 */
export async function inspectDataset(
  workspace: Workspace,
  datasetId: string,
): Promise<QualityReport> {
  const { database } = workspace
  if (!database.get('SELECT id FROM datasets WHERE id = :datasetId', { datasetId })) {
    throw notFound('data set', datasetId)
  }
  const cases = listCases(database, datasetId)
  const isUsual = (count: number): boolean => 2 * count > cases.length
  const usual = SEQUENCES.filter((sequence) =>
    isUsual(cases.filter(({ sequences }) => sequences.includes(sequence)).length),
  )
  const orientation = mostOf(cases.map(({ grid }) => orientationCode(grid.indexToWorld)))
  const labelled = cases.filter(({ versionCount }) => versionCount > 0)
  const convention = mostOf(labelled.map(({ labelConvention }) => labelConvention))
  const measures = storedMeasures(workspace, datasetId)
  const overview = cases.map((found): CaseOverview => ({
    caseId: found.id,
    caseName: found.name,
    split: found.split,
    sequences: found.sequences,
    volumesMl: newestVolumes(database, found.id),
    measure: measures.get(found.id) ?? null,
  }))
  const judged = judgeMeasures(overview)
  const findings: Finding[] = []
  for (const one of cases) {
    const tell = (
      kind: FindingKind,
      message: string,
      more: { readonly severity?: Severity; readonly sequence?: Sequence } = {},
    ): void => {
      const of = { caseId: one.id, caseName: one.name }
      findings.push({ kind, ...of, message, ...FINDING_TEXTS[kind], ...more })
    }
    const lacks = usual.filter((sequence) => !one.sequences.includes(sequence))
    if (lacks.length > 0) {
      const names = lacks.map((sequence) => SEQUENCE_TITLES[sequence]).join(', ')
      tell('missing-sequence', `Lacks ${names}, which most cases of the data set have.`)
    }
    if (one.versionCount === 0) tell('no-label', 'Has no segmentation.')
    else if (one.wholeTumourMl === 0) tell('empty-label', 'Its segmentation holds no tumour.')
    const code = orientationCode(one.grid.indexToWorld)
    if (orientation !== null && code !== orientation) {
      const message = `Its axes run ${code}, those of most cases ${orientation}.`
      tell('orientation-differs', message)
    }
    if (one.versionCount > 0 && convention !== null && one.labelConvention !== convention) {
      const value = one.labelConvention === 'et3' ? 3 : 4
      tell('label-values', `Its label writes enhancing tumour as ${value}, unlike most cases.`)
    }
    const images = caseImages(database, one.id)
    for (const sequence of one.sequences) {
      const image = images[sequence]
      if (!image) continue
      const title = SEQUENCE_TITLES[sequence]
      const isThere = await stat(image.path).then(
        () => true,
        () => false,
      )
      if (!isThere) {
        tell('missing-file', `${title} is no longer at ${image.path}.`, { sequence })
      }
      for (const twin of twinsOf(database, one.id, sequence, image)) {
        const isLeak = twin.split !== one.split
        tell(
          'duplicate-image',
          `${title} is the same image as ${twin.sequence} of ${twin.name} in "${twin.dataset}"${isLeak ? `, which stands in the ${twin.split} part` : ''}.`,
          { severity: isLeak ? 'error' : 'warning', sequence },
        )
      }
    }
    for (const { dataset, split } of elsewhere(database, one.id)) {
      tell(
        'shared-patient',
        `The same patient stands in the ${split} part of "${dataset}" but in ${one.split} here.`,
      )
    }
    for (const { caseId, kind, message, sequence } of judged) {
      if (caseId === one.id) tell(kind, message, { sequence })
    }
  }
  const unmeasured = overview.filter(({ measure }) => measure === null).length
  return { datasetId, cases: cases.length, findings, unmeasured, overview }
}

/** The value that at least three in four have; null where there is none. */
function mostOf<T>(values: readonly T[]): T | null {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  for (const [value, count] of counts) if (count >= USUAL_SHARE * values.length) return value
  return null
}

function newestVolumes(database: Database, caseId: string): CaseOverview['volumesMl'] {
  const row = database.get<{ volumes_json: string }>(
    'SELECT volumes_json FROM label_versions WHERE case_id = :caseId ORDER BY number DESC LIMIT 1',
    { caseId },
  )
  return row ? volumesMlSchema.parse(JSON.parse(row.volumes_json)) : null
}

const twinsOf = (
  database: Database,
  caseId: string,
  sequence: string,
  image: { readonly sha256: string; readonly objectSha256?: string },
): OtherImage[] =>
  database.all<OtherImage>(
    `SELECT cases.name, datasets.name AS dataset, images.sequence, patients.split
     FROM images JOIN cases ON cases.id = images.case_id JOIN datasets ON datasets.id = cases.dataset_id
     JOIN patients ON patients.dataset_id = cases.dataset_id AND patients.patient = cases.patient
     WHERE images.sha256 = :sha256 AND NOT (images.case_id = :caseId AND images.sequence = :sequence)
       AND coalesce(images.object_sha256, '') = :made ORDER BY datasets.name, cases.name`,
    { sha256: image.sha256, caseId, sequence, made: image.objectSha256 ?? '' },
  )

const elsewhere = (database: Database, caseId: string): { dataset: string; split: string }[] =>
  database.all<{ dataset: string; split: string }>(
    `SELECT datasets.name AS dataset, there.split FROM cases
     JOIN patients AS here ON here.dataset_id = cases.dataset_id AND here.patient = cases.patient
     JOIN patients AS there ON there.patient = here.patient AND there.dataset_id <> here.dataset_id
       AND there.split <> here.split
     JOIN datasets ON datasets.id = there.dataset_id WHERE cases.id = :caseId`,
    { caseId },
  )
