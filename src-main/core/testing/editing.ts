import { readFile } from 'node:fs/promises'
import { deltaToBase64, diffLabels } from '../../imaging/labelmap/index.ts'
import type { Application } from '../openApplication.ts'

/** The labels of a case as a window would fetch them. */
export async function currentLabels(application: Application, caseId: string): Promise<Uint8Array> {
  const { volume } = await application.client.labels.open({ caseId })
  const path = await application.services.volumes.findData(volume.sha256)
  return new Uint8Array(await readFile(path ?? ''))
}

/** Paints one voxel, as a brush stroke does. */
export async function paint(
  application: Application,
  caseId: string,
  voxel: number,
  value: number,
  cursor?: number,
) {
  const session = await application.client.labels.open({ caseId })
  const labels = await currentLabels(application, caseId)
  const next = labels.slice()
  next[voxel] = value
  return application.client.labels.append({
    caseId,
    cursor: cursor ?? session.cursor,
    title: `Voxel ${voxel}`,
    delta: deltaToBase64(diffLabels(labels, next)),
  })
}
