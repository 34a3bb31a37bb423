import type { Measurement } from '../../contract/index.ts'
import { readLabelmap, volumesMl } from '../../imaging/labelmap/index.ts'
import { measureLesions } from '../../imaging/measurement/index.ts'
import type { Workspace } from '../../storage/index.ts'
import { findLabelCase, findVersion } from '../labels/index.ts'

/** Measures a version on the grid it was drawn on. @throws GliadeskError NOT_FOUND */
export async function measureVersion(
  workspace: Workspace,
  caseId: string,
  versionId: string,
): Promise<Measurement> {
  const { convention } = findLabelCase(workspace, caseId)
  const version = findVersion(workspace.database, caseId, versionId)
  const stored = await workspace.objects.read(version.objectSha256)
  const { labels, grid } = await readLabelmap(stored, `version ${version.number}`, convention)
  const { lesions, ...measured } = measureLesions(labels, grid)
  return {
    ...measured,
    lesions: [...lesions],
    versionNumber: version.number,
    volumesMl: volumesMl(labels, grid),
  }
}
