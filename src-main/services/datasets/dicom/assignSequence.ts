import { GliadeskError, type DicomSeries, type Sequence } from '../../../contract/index.ts'
import { sameGrid } from '../../../imaging/geometry/index.ts'
import type { Workspace } from '../../../storage/index.ts'
import { notFound } from '../../notFound.ts'
import { appliedPreparation } from '../../preparation/index.ts'
import { arrangementWarnings } from './arrangementWarnings.ts'
import { arrangeSeries } from './arrangeSeries.ts'
import { listDicomSeries } from './seriesRecords.ts'

/**
 * Says which sequence a series is, or that it is none of the four, and chooses the case's images anew.
 *
 * @returns every series of the case as it now stands
 * @throws GliadeskError NOT_FOUND; BAD_INPUT where no image would be left; WRONG_STATE where the case would move to
 *   another grid although labels or proposals lie on this one
 */
export async function assignSequence(
  workspace: Workspace,
  caseId: string,
  seriesId: string,
  sequence: Sequence | null,
): Promise<DicomSeries[]> {
  const { database, files } = workspace
  const before = listDicomSeries(database, caseId)
  if (!before.some(({ id }) => id === seriesId)) throw notFound('series', seriesId)
  refuseWherePrepared(workspace, caseId)
  const drawn = (await files.sizeOf(workspace.journalPath(caseId))) ?? 0
  const wanted = before.map((series): DicomSeries => {
    if (series.id === seriesId) return chosen(series, sequence)
    const isRival = series.chosenByReader && sequence !== null && series.sequence === sequence
    return isRival ? chosen(series, null) : series
  })
  const states = arrangeSeries(wanted)
  const after = wanted.map((series, index): DicomSeries => ({ ...series, state: states[index] }))
  const used = after.filter(({ state }) => state === 'used')
  if (used.length === 0) {
    throw new GliadeskError(
      'BAD_INPUT',
      'The case would be left without an image, so nothing was changed.',
      'Say first which other series is FLAIR, T1, T1ce or T2.',
    )
  }
  return database.transaction(() => {
    if (isMoved(before, used)) refuseWhereDrawn(workspace, caseId, drawn)
    for (const { id, state, sequence: now, confidence, reason, chosenByReader } of after) {
      database.run(
        `UPDATE dicom_series SET sequence = :now, state = :state, confidence = :confidence, reason = :reason,
           chosen_by_reader = :chosen WHERE id = :id`,
        { id, now, state, confidence, reason, chosen: chosenByReader ? 1 : 0 },
      )
    }
    replaceImages(workspace, caseId, before, after)
    return after
  })
}

const chosen = (series: DicomSeries, sequence: Sequence | null): DicomSeries => ({
  ...series,
  sequence,
  confidence: 1,
  reason: 'chosen by a reader',
  chosenByReader: true,
})

function isMoved(before: readonly DicomSeries[], used: readonly DicomSeries[]): boolean {
  const old = before.find(({ state }) => state === 'used')
  return old !== undefined && !sameGrid(old.grid, used[0].grid)
}

/** The prepared images are on one grid of their own; a series by itself would be off it. */
function refuseWherePrepared({ database }: Workspace, caseId: string): void {
  if (!appliedPreparation(database, caseId)) return
  throw new GliadeskError(
    'WRONG_STATE',
    'The case was prepared from the series as they were chosen before, so the choice was left as it is.',
    'Import the study into a data set of its own, choose the series there, then prepare it.',
  )
}

function refuseWhereDrawn({ database }: Workspace, caseId: string, journalBytes: number): void {
  const row = database.get<{ count: number }>(
    `SELECT (SELECT count(*) FROM label_versions WHERE case_id = :caseId) +
       (SELECT count(*) FROM proposals WHERE case_id = :caseId) AS count`,
    { caseId },
  )
  if ((row?.count ?? 0) === 0 && journalBytes === 0) return
  throw new GliadeskError(
    'WRONG_STATE',
    'The case would move to another grid, but labels or proposals were drawn on this one already.',
    'Prepare the case, so that all of its sequences lie on one grid, or import the study into a data set of its own.',
  )
}

function replaceImages(
  { database }: Workspace,
  caseId: string,
  before: readonly DicomSeries[],
  after: readonly DicomSeries[],
): void {
  const used = after.filter(({ state }) => state === 'used')
  const origin = database.get<{ path: string }>(
    'SELECT path FROM images WHERE case_id = :caseId LIMIT 1',
    { caseId },
  )
  database.run('DELETE FROM images WHERE case_id = :caseId', { caseId })
  for (const { sequence, objectSha256, grid } of used) {
    const made = database.get<{ sources_json: string }>(
      'SELECT sources_json FROM provenance WHERE object_sha256 = :objectSha256',
      { objectSha256 },
    )
    const [source] = made
      ? (JSON.parse(made.sources_json) as { path: string; sha256: string }[])
      : []
    database.run(
      `INSERT INTO images (case_id, sequence, path, sha256, grid_json, object_sha256)
       VALUES (:caseId, :sequence, :path, :sha256, :grid, :objectSha256)`,
      {
        caseId,
        sequence,
        path: source?.path ?? origin?.path ?? '',
        sha256: source?.sha256 ?? objectSha256,
        grid: JSON.stringify(grid),
        objectSha256,
      },
    )
  }
  const row = database.get<{ warnings_json: string }>(
    'SELECT warnings_json FROM cases WHERE id = :caseId',
    { caseId },
  )
  const outdated = new Set(arrangementWarnings(before))
  const kept = (JSON.parse(row?.warnings_json ?? '[]') as string[]).filter(
    (sentence) => !outdated.has(sentence),
  )
  database.run(
    'UPDATE cases SET grid_json = :grid, warnings_json = :warnings, updated_at = :at WHERE id = :caseId',
    {
      caseId,
      grid: JSON.stringify(used[0].grid),
      warnings: JSON.stringify([...kept, ...arrangementWarnings(after)]),
      at: new Date().toISOString(),
    },
  )
}
