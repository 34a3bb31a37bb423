import { createHash } from 'node:crypto'
import { basename, dirname, join, relative } from 'node:path'
import { dicomSourceSchema, type DicomSource } from '../../contract/index.ts'
import type { Database } from '../../storage/index.ts'
import { collectSources } from '../datasets/dicom/index.ts'
import type { FileFinder } from './fileFinder.ts'

/** A DICOM series whose every file was found, or not. */
export interface MovedSeries {
  readonly id: string
  /** What images name it by: the hash of its files' hashes. */
  readonly sha256: string
  /** The folder of its slices, or its archive; null where not every file was found. */
  readonly path: string | null
  readonly isThere: boolean
  readonly source: DicomSource
}

/** Looks for the files of every DICOM series of a data set, on disk and in archives, each by its hash. */
export async function findMovedSeries(
  database: Database,
  datasetId: string,
  roots: { readonly from: string; readonly to: string },
  finder: FileFinder,
): Promise<MovedSeries[]> {
  const rows = database.all<{ id: string; source_json: string }>(
    `SELECT dicom_series.id, source_json FROM dicom_series JOIN cases ON cases.id = dicom_series.case_id
     WHERE cases.dataset_id = :datasetId`,
    { datasetId },
  )
  const found: MovedSeries[] = []
  for (const { id, source_json } of rows) {
    const source = dicomSourceSchema.parse(JSON.parse(source_json))
    const whole = createHash('sha256')
    for (const { sha256 } of source.files) whole.update(sha256)
    const places = await placesOf(source, roots, finder)
    const first = places.at(0)?.path ?? null
    const isWhole = places.every(({ path }) => path !== null)
    const files = source.files.map(({ sha256 }, n) => ({ path: places[n].path ?? '', sha256 }))
    const archive = first === null ? null : archiveOf(first)
    found.push({
      id,
      sha256: whole.digest('hex'),
      path: isWhole && first !== null ? join(roots.to, archive ?? dirname(first)) : null,
      isThere: places.some(({ isThere }) => isThere),
      source: isWhole ? { ...source, files } : source,
    })
  }
  return found
}

interface Place {
  /** Relative to the new root, with "/". */
  readonly path: string | null
  readonly isThere: boolean
}

const archiveOf = (path: string): string | null => /^(.*?\.zip)\//i.exec(path)?.[1] ?? null
const slashes = (path: string): string => path.replaceAll('\\', '/')

async function placesOf(
  source: DicomSource,
  { from, to }: { readonly from: string; readonly to: string },
  finder: FileFinder,
): Promise<Place[]> {
  const archives = new Map<string, Map<string, Place>>()
  const places: Place[] = []
  for (const { path, sha256 } of source.files) {
    const archive = archiveOf(path)
    if (archive === null) {
      const file = await finder.find(join(from, path), sha256)
      const moved = file.path === null ? null : slashes(relative(to, file.path))
      places.push({ path: moved, isThere: file.isThere })
      continue
    }
    const known = archives.get(archive) ?? (await entriesOf(join(from, archive), to, finder))
    archives.set(archive, known)
    places.push(known.get(sha256) ?? { path: null, isThere: known.size > 0 })
  }
  return places
}

/** Entries of the archive by the hash of their content; none where it is gone or cannot be opened. */
async function entriesOf(
  archive: string,
  root: string,
  finder: FileFinder,
): Promise<Map<string, Place>> {
  const entries = new Map<string, Place>()
  const candidates = finder.candidates(archive).filter((path) => basename(path) !== '')
  const sources = await collectSources(root, candidates, () => undefined)
  try {
    for (const file of sources.files) {
      if (archiveOf(file.relativePath) === null) continue
      const place = { path: file.relativePath, isThere: true }
      entries.set(await file.sha256(), place)
    }
  } finally {
    sources.close()
  }
  return entries
}
