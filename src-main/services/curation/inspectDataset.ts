import { stat } from 'node:fs/promises'
import {
  SEQUENCES,
  SEQUENCE_TITLES,
  type Finding,
  type FindingKind,
  type QualityReport,
} from '../../contract/index.ts'
import type { Workspace } from '../../storage/index.ts'
import { caseImages, listCases } from '../cases/index.ts'
import { notFound } from '../notFound.ts'

interface OtherCase {
  id: string
  name: string
  dataset: string
  sequence: string
}

/**
 * What whoever trains on a data set should know of it: missing sequences and files, missing and empty labels, images
 * that occur twice (by the hash of their content, in every data set of the workspace), and patients that another data
 * set has in another part of its split. Voxels are not read.
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
  const usual = SEQUENCES.filter(
    (sequence) =>
      2 * cases.filter(({ sequences }) => sequences.includes(sequence)).length > cases.length,
  )
  const findings: Finding[] = []
  for (const one of cases) {
    const tell = (kind: FindingKind, message: string): void => {
      findings.push({ kind, caseId: one.id, caseName: one.name, message })
    }
    const lacks = usual.filter((sequence) => !one.sequences.includes(sequence))
    if (lacks.length > 0) {
      const names = lacks.map((sequence) => SEQUENCE_TITLES[sequence]).join(', ')
      tell('missing-sequence', `Lacks ${names}, which most cases of the data set have.`)
    }
    if (one.versionCount === 0) tell('no-label', 'Has no segmentation.')
    else if (one.wholeTumourMl === 0) tell('empty-label', 'Its segmentation holds no tumour.')
    for (const [sequence, image] of Object.entries(caseImages(database, one.id))) {
      const title = SEQUENCE_TITLES[sequence as keyof typeof SEQUENCE_TITLES]
      const isThere = await stat(image.path).then(
        () => true,
        () => false,
      )
      if (!isThere) {
        tell(
          'missing-file',
          `${title} is no longer at ${image.path}. If the folder moved, say where it is now.`,
        )
      }
      const twins = database.all<OtherCase>(
        `SELECT cases.id, cases.name, datasets.name AS dataset, images.sequence
         FROM images JOIN cases ON cases.id = images.case_id JOIN datasets ON datasets.id = cases.dataset_id
         WHERE images.sha256 = :sha256 AND NOT (images.case_id = :caseId AND images.sequence = :sequence)
           AND coalesce(images.object_sha256, '') = :made ORDER BY datasets.name, cases.name`,
        { sha256: image.sha256, caseId: one.id, sequence, made: image.objectSha256 ?? '' },
      )
      for (const twin of twins) {
        tell(
          'duplicate-image',
          `${title} is the same image as ${twin.sequence} of ${twin.name} in "${twin.dataset}".`,
        )
      }
    }
    const elsewhere = database.all<{ dataset: string; split: string }>(
      `SELECT datasets.name AS dataset, there.split FROM cases
       JOIN patients AS here ON here.dataset_id = cases.dataset_id AND here.patient = cases.patient
       JOIN patients AS there ON there.patient = here.patient AND there.dataset_id <> here.dataset_id
         AND there.split <> here.split
       JOIN datasets ON datasets.id = there.dataset_id WHERE cases.id = :caseId`,
      { caseId: one.id },
    )
    for (const { dataset, split } of elsewhere) {
      tell(
        'shared-patient',
        `The same patient stands in the ${split} part of "${dataset}" but in ${one.split} here: do not train on both.`,
      )
    }
  }
  return { datasetId, cases: cases.length, findings }
}
