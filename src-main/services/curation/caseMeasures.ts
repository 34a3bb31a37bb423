import {
  caseMeasureSchema,
  type CaseMeasure,
  type Measuring,
  type Sequence,
} from '../../contract/index.ts'
import { sha256Of, type Database, type Workspace } from '../../storage/index.ts'
import { caseImages, imageFile, listCases } from '../cases/index.ts'
import { MEASURE_VERSION, type MeasureTask } from './measureCaseFiles.ts'
import { openMeasuring } from './openMeasuring.ts'

interface Wanted {
  readonly caseId: string
  readonly name: string
  readonly key: string
  readonly task: MeasureTask
}

/** What is to be measured of each case, and the key under which the result holds. */
function wantedMeasures(workspace: Workspace, datasetId: string): Wanted[] {
  const { database, objects } = workspace
  return listCases(database, datasetId).map(({ id: caseId, name, labelConvention }) => {
    const images: Partial<Record<Sequence, { file: string; sha256: string }>> = {}
    for (const [sequence, image] of Object.entries(caseImages(database, caseId))) {
      images[sequence as Sequence] = {
        file: imageFile(workspace, image),
        sha256: image.objectSha256 ?? image.sha256,
      }
    }
    const newest = database.get<{ object_sha256: string }>(
      'SELECT object_sha256 FROM label_versions WHERE case_id = :caseId ORDER BY number DESC LIMIT 1',
      { caseId },
    )
    const parts = [
      MEASURE_VERSION,
      ...Object.entries(images).map(([sequence, { sha256 }]) => `${sequence}:${sha256}`),
      newest?.object_sha256 ?? '',
    ]
    const label = newest
      ? { file: objects.pathOf(newest.object_sha256), convention: labelConvention }
      : null
    const key = sha256Of(new TextEncoder().encode(parts.join('|')))
    return { caseId, name, key, task: { images, label } }
  })
}

const remembered = (database: Database, { caseId, key }: Wanted): CaseMeasure | null => {
  const row = database.get<{ report_json: string }>(
    'SELECT report_json FROM case_quality WHERE case_id = :caseId',
    { caseId },
  )
  if (!row) return null
  const stored = JSON.parse(row.report_json) as { key?: unknown; measure?: unknown }
  const parsed = caseMeasureSchema.safeParse(stored.measure)
  return stored.key === key && parsed.success ? parsed.data : null
}

/** What was measured of the cases of a data set and still holds for their images and newest labels, by case. */
export function storedMeasures(workspace: Workspace, datasetId: string): Map<string, CaseMeasure> {
  const measures = new Map<string, CaseMeasure>()
  for (const wanted of wantedMeasures(workspace, datasetId)) {
    const measure = remembered(workspace.database, wanted)
    if (measure) measures.set(wanted.caseId, measure)
  }
  return measures
}

/**
 * Measures every case that has no measurement for its present files, in a thread of its own. What is done stays where
 * the reader leaves.
 */
export async function* measureCases(
  workspace: Workspace,
  datasetId: string,
  signal?: AbortSignal,
): AsyncGenerator<Measuring, void, void> {
  const { database } = workspace
  const open = wantedMeasures(workspace, datasetId).filter(
    (wanted) => remembered(database, wanted) === null,
  )
  if (open.length === 0) return
  await using thread = openMeasuring()
  for (const [index, wanted] of open.entries()) {
    yield { done: index, total: open.length, caseName: wanted.name }
    const measure = await thread.measure(wanted.task, signal)
    // A file on a disk that is not plugged in is measured when it is back.
    const seen = Object.keys(measure.images).length + measure.unreadable.length
    if (seen < Object.keys(wanted.task.images).length) continue
    database.run(
      `INSERT INTO case_quality (case_id, report_json) VALUES (:caseId, :report)
       ON CONFLICT (case_id) DO UPDATE SET report_json = :report`,
      { caseId: wanted.caseId, report: JSON.stringify({ key: wanted.key, measure }) },
    )
  }
  yield { done: open.length, total: open.length, caseName: '' }
}
