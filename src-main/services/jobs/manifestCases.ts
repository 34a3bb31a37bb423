import { canRead, type Fold, type ManifestCase, type Split } from '../../contract/index.ts'
import type { Workspace } from '../../storage/index.ts'
import { caseImages, findCase, imageFile, listCases } from '../cases/index.ts'
import { patientFolds } from '../folds/index.ts'
import { listVersions } from '../labels/index.ts'

/** A network or a plan, as far as it decides which cases it can read. */
export type CaseReader = Parameters<typeof canRead>[0]

export interface CaseFilter {
  readonly datasetIds: readonly string[]
  /** A part of the split, or of a cross-validation: the patients inside of a fold, or those of all others. */
  readonly split: Split | (Fold & { readonly isInside: boolean })
  /** Every one of these has to be able to read a case. */
  readonly readers: readonly CaseReader[]
  readonly needsLabel: boolean
  readonly except?: ReadonlySet<string>
}

/** A case with every id resolved to a path; the label is its newest version. */
export function manifestCase(workspace: Workspace, caseId: string): ManifestCase {
  const { database, objects } = workspace
  const found = findCase(database, caseId)
  const version = listVersions(database, caseId).at(-1)
  const images = Object.entries(caseImages(database, caseId)).map(([sequence, image]) => [
    sequence,
    imageFile(workspace, image),
  ])
  return {
    caseId,
    name: found?.name ?? caseId,
    images: Object.fromEntries(images) as ManifestCase['images'],
    label:
      version && found
        ? { path: objects.pathOf(version.objectSha256), convention: found.labelConvention }
        : null,
  }
}

/** The cases of a pool that a network with these inputs can use, in the order of their import. */
export function manifestCases(workspace: Workspace, filter: CaseFilter): ManifestCase[] {
  return filter.datasetIds
    .flatMap((datasetId) => casesOfSplit(workspace, datasetId, filter.split))
    .filter(
      (found) =>
        !filter.except?.has(found.id) &&
        filter.readers.every((reader) => canRead(reader, found.sequences)) &&
        (!filter.needsLabel || found.versionCount > 0),
    )
    .map((found) => manifestCase(workspace, found.id))
}

function casesOfSplit(
  { database }: Workspace,
  datasetId: string,
  split: CaseFilter['split'],
): ReturnType<typeof listCases> {
  const all = listCases(database, datasetId)
  if (typeof split === 'string') return all.filter((found) => found.split === split)
  const byId = new Map(all.map((found) => [found.id, found]))
  const folds = patientFolds(
    database,
    datasetId,
    split.of,
    (caseId) => byId.get(caseId)?.wholeTumourMl ?? null,
  )
  const patients = new Map(
    database
      .all<{ id: string; patient: string }>(
        'SELECT id, patient FROM cases WHERE dataset_id = :datasetId',
        { datasetId },
      )
      .map(({ id, patient }) => [id, patient]),
  )
  return all.filter(({ id }) => {
    const fold = folds.get(patients.get(id) ?? '')
    return fold !== undefined && (fold === split.index) === split.isInside
  })
}
