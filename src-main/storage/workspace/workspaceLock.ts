import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname, uptime } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { GliadeskError } from '../../contract/index.ts'
import { asStorageError } from '../fileSystem/index.ts'

const ownerSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  startedAt: z.iso.datetime(),
  /** Distinguishes this process from a later one that was given the same pid; null where unknown. */
  processStart: z.string().nullable(),
  /** Tells two locks of one process apart. */
  token: z.string().optional(),
})
type LockOwner = z.infer<typeof ownerSchema>

const ATTEMPTS = 50
const RETRY_MS = 20

export interface WorkspaceLock {
  /** True where the last owner ended without giving the workspace back. */
  readonly tookOver: boolean
  /** Gives the workspace back. Does nothing when called again. */
  release(): Promise<void>
}

/** Linux tells when a process started, in ticks since a boot that has an id; elsewhere null. */
function processStartOf(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command name (field 2) may hold spaces and brackets: count from its last bracket.
    return `${boot}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether the process that wrote the lock is surely gone. A lock of another host is never stale. */
function isStale(owner: LockOwner): boolean {
  if (owner.host !== hostname()) return false
  if (!isAlive(owner.pid)) return true
  const start = processStartOf(owner.pid)
  if (owner.processStart && start) return owner.processStart !== start
  const bootedAt = Date.now() - uptime() * 1000
  return Date.parse(owner.startedAt) < bootedAt
}

const readOwner = async (path: string): Promise<{ text: string; owner: LockOwner | null }> => {
  const text = await readFile(path, 'utf8')
  try {
    return { text, owner: ownerSchema.parse(JSON.parse(text)) }
  } catch {
    // Torn by a power cut while it was written: nobody can hold it.
    return { text, owner: null }
  }
}

/**
 * Takes the workspace for this process: one owner at a time. A lock whose process is gone is taken over.
 *
 * @throws GliadeskError WORKSPACE_BUSY where another process holds it, READ_ONLY or DISK_FULL
 */
export async function lockWorkspace(path: string): Promise<WorkspaceLock> {
  const mine: LockOwner = {
    pid: process.pid,
    host: hostname(),
    startedAt: new Date().toISOString(),
    processStart: processStartOf(process.pid),
    token: randomUUID(),
  }
  const text = JSON.stringify(mine)
  const holding = (tookOver: boolean): WorkspaceLock => {
    let held = true
    return {
      tookOver,
      release: async () => {
        if (!held) return
        held = false
        const current = await readFile(path, 'utf8').catch(() => null)
        if (current === text) await rm(path, { force: true })
      },
    }
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await createWhole(path, text)) return holding(false)
    if (await replaceStale(path, text)) return holding(true)
    await pause(RETRY_MS)
  }
  throw new GliadeskError(
    'WORKSPACE_BUSY',
    `The workspace lock ${path} keeps changing hands.`,
    'Close the other Gliadesk windows on this workspace, then try again.',
  )
}

/** Creates the lock with its content in one step (a hard link fails where the name exists). */
async function createWhole(path: string, text: string): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}`
  try {
    await writeFile(temporary, text, { flag: 'wx' })
    try {
      await link(temporary, path)
      return true
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'EEXIST') return false
      // File systems without hard links (exFAT, some network shares).
      return await writeFile(path, text, { flag: 'wx' }).then(
        () => true,
        (failure: NodeJS.ErrnoException) => {
          if (failure.code === 'EEXIST') return false
          throw failure
        },
      )
    } finally {
      await rm(temporary, { force: true })
    }
  } catch (error) {
    throw asStorageError(error, 'opening the workspace', path)
  }
}

/**
 * Puts this process's lock in the place of one whose process is gone. Whoever replaces a lock first claims it by a file
 * named after its content, so of many that find it stale one replaces it, and never a lock that is newer than it looked.
 *
 * @returns false where the lock was gone already or somebody else is replacing it
 */
async function replaceStale(path: string, mine: string): Promise<boolean> {
  try {
    const found = await readOwner(path)
    if (found.owner && !isStale(found.owner)) throw busy(path, found.owner)
    const claim = `${path}.${createHash('sha256').update(found.text).digest('hex').slice(0, 16)}`
    if (!(await createWhole(claim, mine))) {
      // A claim is held for an instant; one whose process is gone would stand for ever.
      const { owner } = await readOwner(claim)
      if (!owner || isStale(owner)) await rm(claim, { force: true })
      return false
    }
    try {
      if ((await readFile(path, 'utf8')) !== found.text) return false
      const temporary = `${path}.${randomUUID()}`
      await writeFile(temporary, mine, { flag: 'wx' })
      await rename(temporary, path)
      return true
    } finally {
      await rm(claim, { force: true })
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error instanceof GliadeskError
      ? error
      : asStorageError(error, 'opening the workspace', path)
  }
}

function busy(path: string, owner: LockOwner): GliadeskError {
  return new GliadeskError(
    'WORKSPACE_BUSY',
    `This workspace is already open in another Gliadesk (process ${owner.pid} on ${owner.host}, since ${owner.startedAt}).`,
    owner.host === hostname()
      ? 'Use that window, or close it first.'
      : `Close it on ${owner.host}. If that computer is off for good, delete ${path}.`,
  )
}
