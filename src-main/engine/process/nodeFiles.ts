import { mkdir, open, readFile, rename, rm, statfs } from 'node:fs/promises'
import { GliadeskError } from '../../contract/index.ts'
import type { FileSystemPort } from '../checkpoint/index.ts'

/** Below this much free space a run is not started: a checkpoint of the large recipe takes a third of it. */
const MIN_FREE_BYTES = 512 * 2 ** 20

function explain(cause: unknown, path: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new GliadeskError(
      'DISK_FULL',
      `The disk that holds ${path} is full.`,
      'Free some space, then resume: the run goes on from its last checkpoint.',
      { cause },
    )
  }
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return new GliadeskError(
      'READ_ONLY',
      `${path} cannot be written or read with the rights this program has.`,
      'Give it the rights to the folder, or move the workspace to one of your own.',
      { cause },
    )
  }
  if (code === 'ENOENT') {
    return new GliadeskError(
      'NOT_FOUND',
      `${path} is not there any more.`,
      'Put the file back where it was at import, or import the folder again.',
      { cause },
    )
  }
  return cause
}

async function explained<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    throw explain(cause, path)
  }
}

/** The engine's files on a real disk; failures come out in words. */
export const nodeFiles: FileSystemPort = {
  readFile: (path) => explained(path, async () => new Uint8Array(await readFile(path))),
  writeAndSync: (path, bytes) =>
    explained(path, async () => {
      const file = await open(path, 'w')
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
    }),
  rename: (from, to) => explained(to, () => rename(from, to)),
  syncFolder: async (path) => {
    // Windows has no way to flush a folder.
    if (process.platform === 'win32') return
    const folder = await open(path)
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  },
  remove: (path) => explained(path, () => rm(path, { force: true })),
  makeFolder: (path) =>
    explained(path, async () => {
      await mkdir(path, { recursive: true })
    }),
}

/** @throws GliadeskError DISK_FULL where a run would soon meet the end of the disk */
export async function requireFreeSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize >= MIN_FREE_BYTES) return
  throw new GliadeskError(
    'DISK_FULL',
    `The disk that holds ${folder} has only ${Math.floor((bavail * bsize) / 2 ** 20)} MiB left, and a run needs ${MIN_FREE_BYTES / 2 ** 20} MiB for its checkpoints.`,
    'Free some space and start the job again.',
  )
}
