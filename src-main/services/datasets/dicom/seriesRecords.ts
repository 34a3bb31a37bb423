import {
  dicomSeriesSchema,
  dicomSourceSchema,
  type DicomSeries,
  type DicomSource,
  type Sequence,
} from '../../../contract/index.ts'
import type { Database } from '../../../storage/index.ts'
import { newId } from '../../identifiers/index.ts'
import type { ConvertedSeries } from './convertSeries.ts'

interface SeriesRow {
  id: string
  case_id: string
  title: string
  sequence: string | null
  confidence: number
  reason: string
  chosen_by_reader: number
  state: string
  plane: string
  object_sha256: string
  grid_json: string
}

const COLUMNS =
  'id, case_id, title, sequence, confidence, reason, chosen_by_reader, state, plane, object_sha256, grid_json'

const seriesOf = (row: SeriesRow): DicomSeries =>
  dicomSeriesSchema.parse({
    id: row.id,
    caseId: row.case_id,
    title: row.title,
    sequence: row.sequence,
    confidence: row.confidence,
    reason: row.reason,
    chosenByReader: row.chosen_by_reader === 1,
    state: row.state,
    plane: row.plane,
    grid: JSON.parse(row.grid_json),
    objectSha256: row.object_sha256,
  })

/** The volumes of a case that came as DICOM, in the order of their import; none for any other case. */
export function listDicomSeries(database: Database, caseId: string): DicomSeries[] {
  return database
    .all<SeriesRow>(`SELECT ${COLUMNS} FROM dicom_series WHERE case_id = :caseId ORDER BY rowid`, {
      caseId,
    })
    .map(seriesOf)
}

/**
 * Where the image of a sequence came from: UIDs, slices and geometry for objects that refer to it. Also for a
 * sequence that waits for preparation. Null where the case has no such series from DICOM.
 */
export function dicomSourceOf(
  database: Database,
  caseId: string,
  sequence: Sequence,
): DicomSource | null {
  const row = database.get<{ source_json: string }>(
    `SELECT source_json FROM dicom_series
     WHERE case_id = :caseId AND sequence = :sequence AND state <> 'spare'`,
    { caseId, sequence },
  )
  return row ? dicomSourceSchema.parse(JSON.parse(row.source_json)) : null
}

/** Where every series of a case came from, those included that take no part. */
export function dicomSourcesOf(database: Database, caseId: string): DicomSource[] {
  return database
    .all<{ source_json: string }>('SELECT source_json FROM dicom_series WHERE case_id = :caseId', {
      caseId,
    })
    .map(({ source_json }) => dicomSourceSchema.parse(JSON.parse(source_json)))
}

/** What readers chose for the series of a case, by key, so that a new import keeps it. */
export function readersChoices(
  database: Database,
  caseId: string,
): ReadonlyMap<string, Sequence | null> {
  const rows = database.all<{ series_key: string; sequence: Sequence | null }>(
    'SELECT series_key, sequence FROM dicom_series WHERE case_id = :caseId AND chosen_by_reader = 1',
    { caseId },
  )
  return new Map(rows.map(({ series_key, sequence }) => [series_key, sequence]))
}

/** A series as it is to be stored. */
export interface SeriesRecord {
  readonly converted: ConvertedSeries
  readonly sequence: Sequence | null
  readonly confidence: number
  readonly reason: string
  readonly chosenByReader: boolean
  readonly state: DicomSeries['state']
}

/** Replaces the series of a case. Ids stay with their series. */
export function storeDicomSeries(
  database: Database,
  caseId: string,
  records: readonly SeriesRecord[],
): void {
  database.transaction(() => {
    const known = new Map(
      database
        .all<{ id: string; series_key: string }>(
          'SELECT id, series_key FROM dicom_series WHERE case_id = :caseId',
          { caseId },
        )
        .map(({ id, series_key }) => [series_key, id]),
    )
    database.run('DELETE FROM dicom_series WHERE case_id = :caseId', { caseId })
    for (const { converted, ...record } of records) {
      const { key, title } = converted.candidate
      database.run(
        `INSERT INTO dicom_series (${COLUMNS}, series_key, source_json)
         VALUES (:id, :caseId, :title, :sequence, :confidence, :reason, :chosen, :state, :plane, :object, :grid, :key, :source)`,
        {
          id: known.get(key) ?? newId('series'),
          caseId,
          title,
          sequence: record.sequence,
          confidence: record.confidence,
          reason: record.reason,
          chosen: record.chosenByReader ? 1 : 0,
          state: record.state,
          plane: converted.plane,
          object: converted.objectSha256,
          grid: JSON.stringify(converted.grid),
          key,
          source: JSON.stringify(converted.source),
        },
      )
    }
  })
}
