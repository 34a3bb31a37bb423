import type { ImportEvent, ImportProblem, Sequence, SourceImage } from '../../../contract/index.ts'
import { asStorageError, type Workspace } from '../../../storage/index.ts'
import { ensureDataset } from '../datasetRecords.ts'
import type { DatasetDescription } from '../readDatasetDescription.ts'
import { storeCase } from '../storeCase.ts'
import { arrangementWarnings } from './arrangementWarnings.ts'
import { arrangeSeries } from './arrangeSeries.ts'
import { nameCases, type CaseNaming } from './caseNames.ts'
import { convertSeries, type ConvertedSeries } from './convertSeries.ts'
import { findStudies, type FoundStudies, type FoundStudy } from './findStudies.ts'
import { openPseudonyms } from './pseudonym.ts'
import { scanFiles } from './scanFiles.ts'
import {
  listDicomSeries,
  readersChoices,
  storeDicomSeries,
  type SeriesRecord,
} from './seriesRecords.ts'
import type { SourceFile } from './sourceFile.ts'

export interface DicomImport {
  readonly rootPath: string
  readonly name: string | null
  readonly description: DatasetDescription
  readonly files: readonly SourceFile[]
  readonly naming: CaseNaming
}

export interface ImportHooks {
  readonly emit: (event: ImportEvent) => void
  readonly onCase: (caseId: string, name: string) => void
  readonly signal?: AbortSignal
}

/** What became of the studies. */
export interface DicomImported {
  readonly datasetId: string | null
  readonly imported: number
  readonly skipped: number
}

/**
 * Imports every study among files: one case a study, with a volume for each of its series that may be one of the four
 * sequences. What cannot be used is told and everything else goes on.
 *
 * @throws the signal's reason when cancelled; cases stored so far stay
 */
export async function importDicom(
  workspace: Workspace,
  request: DicomImport,
  hooks: ImportHooks,
): Promise<DicomImported> {
  const { emit, signal } = hooks
  const report = (problem: ImportProblem): void => emit({ type: 'problem', problem })
  const scanned = await scanFiles(request.files, {
    signal,
    onProblem: report,
    onProgress: everyFew((done, total) =>
      emit({ type: 'progress', unit: 'files', done, total, caseName: '' }),
    ),
  })
  if (scanned.length === 0) return { datasetId: null, imported: 0, skipped: 0 }
  const found = findStudies(scanned, report)
  const names = nameCases(
    workspace.database,
    request.rootPath,
    found.studies,
    openPseudonyms(workspace.database),
    request.naming,
  )
  const usable = found.studies
    .map((study, index) => ({ study, name: names[index] }))
    .filter(({ study }) => study.series.length > 0)
  const skipped = found.studies.length - usable.length
  if (usable.length === 0) return { datasetId: null, imported: 0, skipped }
  const datasetId = ensureDataset(workspace.database, {
    rootPath: request.rootPath,
    name: request.name,
    description: request.description,
    layout: 'dicom',
    caseNames: usable.map(({ name }) => name),
  })
  const total = usable.reduce((sum, { study }) => sum + slicesOf(study), 0)
  let before = 0
  let imported = 0
  for (const { study, name } of usable) {
    signal?.throwIfAborted()
    const start = before
    const onSlice = everyFew((done: number) =>
      emit({ type: 'progress', unit: 'slices', done: start + done, total, caseName: name }),
    )
    try {
      const converted = await convertStudy(workspace, study, found, { onSlice, report, signal })
      if (converted.length > 0) {
        hooks.onCase(await storeStudy(workspace, datasetId, name, study, converted), name)
        imported++
      }
    } catch (error) {
      signal?.throwIfAborted()
      const known = asStorageError(error, `importing ${name}`, workspace.path)
      report({ path: name, field: 'case', message: known.message, remedy: known.remedy })
      if (known.code === 'DISK_FULL' || known.code === 'READ_ONLY') break
    }
    before += slicesOf(study)
  }
  return { datasetId, imported, skipped: found.studies.length - imported }
}

const slicesOf = ({ series }: FoundStudy): number =>
  series.reduce((sum, { stack }) => sum + stack.slices.length, 0)

/** Progress is for people: one event in sixteen, and the last. */
function everyFew(
  tell: (done: number, total: number) => void,
): (done: number, total?: number) => void {
  return (done, total = -1) => {
    if (done % 16 === 0 || done === total || done === 1) tell(done, total)
  }
}

async function convertStudy(
  workspace: Workspace,
  study: FoundStudy,
  { fileOf }: FoundStudies,
  {
    onSlice,
    report,
    signal,
  }: {
    onSlice: (done: number) => void
    report: (problem: ImportProblem) => void
    signal?: AbortSignal
  },
): Promise<ConvertedSeries[]> {
  const converted: ConvertedSeries[] = []
  let before = 0
  for (const candidate of study.series) {
    const start = before
    try {
      converted.push(
        await convertSeries(workspace, candidate, {
          fileOf,
          signal,
          onSlice: (done) => onSlice(start + done),
        }),
      )
    } catch (error) {
      signal?.throwIfAborted()
      const known = asStorageError(error, `importing ${candidate.title}`, workspace.path)
      if (known.code === 'DISK_FULL' || known.code === 'READ_ONLY') throw known
      const message = `The series "${candidate.title}" takes no part. ${known.message}`
      report({ path: candidate.title, field: 'series', message, remedy: known.remedy })
    }
    before += candidate.stack.slices.length
  }
  return converted
}

async function storeStudy(
  workspace: Workspace,
  datasetId: string,
  name: string,
  study: FoundStudy,
  converted: readonly ConvertedSeries[],
): Promise<string> {
  const { database } = workspace
  const known = database.get<{ id: string }>(
    'SELECT id FROM cases WHERE dataset_id = :datasetId AND name = :name',
    { datasetId, name },
  )
  const choices = known ? readersChoices(database, known.id) : new Map<string, Sequence | null>()
  const records = arrange(converted, choices)
  const used = records.filter(({ state }) => state === 'used')
  const images: Partial<Record<Sequence, SourceImage>> = {}
  for (const { sequence, converted: made } of used) {
    if (sequence === null) continue
    images[sequence] = { ...made.origin, grid: made.grid, objectSha256: made.objectSha256 }
  }
  const listed = records.map((record) => ({
    ...record,
    title: record.converted.candidate.title,
    grid: record.converted.grid,
  }))
  const caseId = await storeCase(
    workspace,
    datasetId,
    name,
    {
      grid: used[0].converted.grid,
      images,
      convention: 'et4',
      label: null,
      warnings: [...study.warnings, ...arrangementWarnings(listed)],
    },
    'Import',
  )
  storeDicomSeries(database, caseId, records)
  return listDicomSeries(database, caseId)[0].caseId
}

function arrange(
  converted: readonly ConvertedSeries[],
  choices: ReadonlyMap<string, Sequence | null>,
): SeriesRecord[] {
  const guessed = converted.map((made) => {
    const { key, guess } = made.candidate
    const isChosen = choices.has(key)
    return {
      converted: made,
      grid: made.grid,
      sequence: isChosen ? (choices.get(key) ?? null) : guess.sequence,
      confidence: isChosen ? 1 : guess.confidence,
      reason: isChosen ? 'chosen by a reader' : guess.reason,
      chosenByReader: isChosen,
    }
  })
  // A case needs an image to be opened, and only an open case lets a reader say what its series are.
  if (!guessed.some(({ sequence }) => sequence !== null)) {
    const largest = guessed.reduce((best, entry) =>
      entry.grid.dims[2] > best.grid.dims[2] ? entry : best,
    )
    largest.sequence = 't1'
    largest.reason = `nothing says what it is (${largest.reason})`
  }
  const states = arrangeSeries(guessed)
  return guessed.map((entry, index) => ({ ...entry, state: states[index] }))
}
