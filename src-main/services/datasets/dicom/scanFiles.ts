import type { ImportProblem } from '../../../contract/index.ts'
import { readDirectory, readInstance, type DicomInstance } from '../../../imaging/dicom/index.ts'
import { asStorageError } from '../../../storage/index.ts'
import type { SourceFile } from './sourceFile.ts'

/** An image instance and the file it lies in. */
export interface ScannedInstance {
  readonly instance: DicomInstance
  readonly file: SourceFile
}

export interface ScanOptions {
  readonly onProblem: (problem: ImportProblem) => void
  readonly onProgress: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** Heads read at a time: enough to keep a disk or a network share busy. */
const AT_A_TIME = 16

/**
 * Reads the heads of files and keeps those that hold images in space. Files that are no DICOM are passed over; a
 * damaged one is told and everything else goes on.
 *
 * @returns in the order of the files
 * @throws the signal's reason when cancelled
 */
export async function scanFiles(
  files: readonly SourceFile[],
  { onProblem, onProgress, signal }: ScanOptions,
): Promise<ScannedInstance[]> {
  const found = new Array<ScannedInstance | null>(files.length).fill(null)
  const others = new Map<string, number>()
  let next = 0
  let done = 0
  const work = async (): Promise<void> => {
    while (next < files.length) {
      signal?.throwIfAborted()
      const index = next++
      found[index] = await scan(files[index], files, others, onProblem)
      onProgress(++done, files.length)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
  for (const [what, count] of others) onProblem(otherNote(what, count))
  return found.filter((entry) => entry !== null)
}

async function scan(
  file: SourceFile,
  all: readonly SourceFile[],
  others: Map<string, number>,
  onProblem: (problem: ImportProblem) => void,
): Promise<ScannedInstance | null> {
  try {
    const read = await readInstance(file)
    if (read.kind === 'image') return { instance: read.instance, file }
    if (read.kind === 'not-dicom') {
      if (/\.(dcm|dicom|ima)$/i.test(file.name)) onProblem(notDicom(file))
    } else if (read.what === 'a DICOMDIR') {
      await checkDirectory(file, all, onProblem)
    } else {
      others.set(read.what, (others.get(read.what) ?? 0) + 1)
    }
  } catch (error) {
    const known = asStorageError(error, 'reading the file', file.path)
    onProblem({ path: file.path, field: 'DICOM', message: known.message, remedy: known.remedy })
  }
  return null
}

function otherNote(what: string, count: number): ImportProblem {
  return {
    path: what,
    field: 'DICOM',
    message: `${count === 1 ? 'One file takes' : `${count} files take`} no part: ${what}.`,
    remedy: 'Nothing needs to be done.',
    expected: true,
  }
}

function notDicom(file: SourceFile): ImportProblem {
  return {
    path: file.path,
    field: 'DICOM',
    message: `${file.name} is named like a DICOM file, but is none.`,
    remedy: 'Copy or export it again if it belongs to the scan.',
  }
}

/** Every file that a DICOMDIR names must be there; discs write names in upper case and file systems differ. */
async function checkDirectory(
  file: SourceFile,
  all: readonly SourceFile[],
  onProblem: (problem: ImportProblem) => void,
): Promise<void> {
  const named = (await readDirectory(file)) ?? []
  const folder = file.relativePath.slice(0, file.relativePath.lastIndexOf('/') + 1)
  const there = new Set(all.map(({ relativePath }) => relativePath.toUpperCase()))
  const missing = named.filter((name) => {
    const path = `${folder}${name}`.toUpperCase()
    return !there.has(path) && !there.has(`${path}.DCM`)
  })
  if (missing.length === 0) return
  const examples = missing.slice(0, 3).join(', ') + (missing.length > 3 ? ', …' : '')
  onProblem({
    path: file.path,
    field: 'DICOMDIR',
    message: `${file.name} names ${named.length} files, of which ${missing.length} are missing: ${examples}.`,
    remedy: 'Copy the whole disc or export again; what is there was read.',
  })
}
