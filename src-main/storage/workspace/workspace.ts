import { join } from 'node:path'
import { openAuditTrail, type AuditTrail } from '../audit/index.ts'
import { openBlobStore, type BlobStore } from '../blobs/index.ts'
import { openDatabase, type Database } from '../database/index.ts'
import { openDerivedCache, type DerivedCache } from '../derived/index.ts'
import { asStorageError, nodeFileSystem, type FileSystem } from '../fileSystem/index.ts'
import { lockWorkspace } from './workspaceLock.ts'

/** An open workspace folder: the only place that the program writes to. */
export interface Workspace {
  readonly path: string
  readonly files: FileSystem
  readonly database: Database
  readonly objects: BlobStore
  readonly derived: DerivedCache
  readonly audit: AuditTrail
  /** True where the folder held no workspace before. */
  readonly created: boolean
  /** True where the last owner was killed or lost power. */
  readonly endedUncleanly: boolean
  journalPath(caseId: string): string
  jobFolder(jobId: string): string
  readonly logFolder: string
  close(): Promise<void>
}

export interface WorkspaceOptions {
  readonly path: string
  readonly files?: FileSystem
  /** Most bytes of decoded volumes kept on disk; 4 GiB unless told. */
  readonly derivedBudgetBytes?: number
}

const DEFAULT_DERIVED_BUDGET_BYTES = 4 * 1024 ** 3

/**
 * Opens a workspace, creating it where the folder holds none, and holds its lock until closed.
 *
 * @throws GliadeskError WORKSPACE_BUSY, READ_ONLY, DISK_FULL, or BAD_FILE for a damaged or newer database
 */
export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { path, files = nodeFileSystem } = options
  const databasePath = join(path, 'workspace.db')
  const logFolder = join(path, 'logs')
  let created: boolean
  try {
    await files.makeFolder(path)
    created = (await files.sizeOf(databasePath)) === null
  } catch (error) {
    throw asStorageError(error, 'opening the workspace', path)
  }
  const lock = await lockWorkspace(join(path, 'workspace.lock'))
  let database: Database | null = null
  try {
    for (const folder of ['objects', 'journals', 'jobs', 'logs']) {
      await files.makeFolder(join(path, folder))
    }
    await files.syncFolder(path)
    database = openDatabase(databasePath)
    const opened = database
    const derived = await openDerivedCache(
      join(path, 'derived'),
      options.derivedBudgetBytes ?? DEFAULT_DERIVED_BUDGET_BYTES,
      Date.now,
    )
    return {
      path,
      files,
      database: opened,
      objects: openBlobStore(files, join(path, 'objects')),
      derived,
      audit: openAuditTrail(opened, () => new Date().toISOString()),
      created,
      endedUncleanly: lock.tookOver,
      journalPath: (caseId) => join(path, 'journals', `${caseId}.journal`),
      jobFolder: (jobId) => join(path, 'jobs', jobId),
      logFolder,
      close: async () => {
        opened.close()
        await lock.release()
      },
    }
  } catch (error) {
    database?.close()
    await lock.release()
    throw asStorageError(error, 'opening the workspace', path)
  }
}
