import { SEQUENCES, type PreparationRecord, type VolumeGrid } from '../../contract/index.ts'
import { invertAffine, multiplyAffines, sameGrid } from '../../imaging/geometry/index.ts'
import { readLabelmap, volumesMl, writeLabelmap } from '../../imaging/labelmap/index.ts'
import { resampleLabels } from '../../imaging/preparation/index.ts'
import type { Workspace } from '../../storage/index.ts'

/** The label that a case came with, brought onto the prepared grid. */
export interface CarriedLabel {
  /** As it came. */
  readonly originalSha256: string
  readonly objectSha256: string
  readonly volumesMl: ReturnType<typeof volumesMl>
}

/**
 * Brings the label that a case came with onto the prepared grid, through the transform of the sequence on whose grid it was
 * drawn. Null where it came without one.
 */
export async function carriedLabel(
  workspace: Workspace,
  record: PreparationRecord,
): Promise<CarriedLabel | null> {
  const { database, objects } = workspace
  const { caseId, grid } = record
  const row =
    database.get<{ object_sha256: string }>(
      'SELECT object_sha256 FROM source_labels WHERE case_id = :caseId',
      { caseId },
    ) ??
    database.get<{ object_sha256: string }>(
      "SELECT object_sha256 FROM label_versions WHERE case_id = :caseId AND origin = 'import' ORDER BY number LIMIT 1",
      { caseId },
    )
  if (!row) return null
  const originalSha256 = row.object_sha256
  const bytes = await objects.read(originalSha256)
  const map = await readLabelmap(bytes, `${originalSha256}.nii.gz`)
  const labels = resampleLabels(map, grid, transformFor(record, map.grid))
  const written = await writeLabelmap({ labels, grid, convention: map.convention })
  return {
    originalSha256,
    objectSha256: await objects.put(written),
    volumesMl: volumesMl(labels, grid),
  }
}

/** From the prepared world to the world of the sequence whose grid the label lies on; the reference's where none fits. */
function transformFor(record: PreparationRecord, labelGrid: VolumeGrid): number[] {
  const order = [record.reference, ...SEQUENCES]
  for (const sequence of order) {
    const made = record.sequences[sequence]
    if (made && sameGrid(made.source.grid, labelGrid)) return made.preparedToSource
  }
  const own = record.sequences[record.reference]?.preparedToSource
  return own ?? multiplyAffines(record.grid.indexToWorld, invertAffine(record.grid.indexToWorld))
}
