import { dirname } from 'node:path'
import type { RandomStream } from '../../../imaging/random/randomStream.ts'
import type { FileSystem, WritableFile } from '../fileSystemPort.ts'

/** The error a fault injector raises, shaped like the operating system's. */
export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: injected`), { code })
}

interface Inode {
  /** What a running program reads. */
  bytes: Uint8Array
  /** What is certain to be there after a power cut. */
  durable: Uint8Array
}

export interface MemoryFileSystem extends FileSystem {
  /** Changing operations so far. */
  readonly operations: () => number
  /**
   * From the changing operation with this number on, fail. `'crash'`: that operation happens in part and
   * everything after it fails until `restart`. A code such as ENOSPC: that one operation fails (a write
   * leaves half of its bytes).
   */
  failAt(operation: number, how: 'crash' | 'ENOSPC' | 'EROFS' | 'EACCES'): void
  /**
   * A power cut and a new start: of what was never synced, any prefix survives; of names whose folder was
   * never synced, each survives or not, as the stream decides.
   */
  restart(random: RandomStream): void
}

const concat = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const joined = new Uint8Array(a.length + b.length)
  joined.set(a)
  joined.set(b, a.length)
  return joined
}

/** A file system in memory that knows which bytes and which names are durable. */
export function memoryFileSystem(): MemoryFileSystem {
  let names = new Map<string, Inode>()
  let durableNames = new Map<string, Inode>()
  let count = 0
  let fault: { at: number; how: string } | null = null
  let down = false

  /** Counts a changing operation. Returns false where it must happen only in part. */
  const begin = (): 'whole' | 'part' => {
    if (down) throw systemError('CRASH')
    count++
    if (fault?.at !== count) return 'whole'
    if (fault.how === 'crash') down = true
    return 'part'
  }
  const finish = (done: 'whole' | 'part'): void => {
    if (done === 'part') throw systemError(down ? 'CRASH' : (fault?.how ?? 'EIO'))
  }
  const change = (apply: () => void): void => {
    const done = begin()
    // A crash may fall before or after the effect of a name operation; a refusal never has one.
    if (done === 'whole') apply()
    finish(done)
  }
  const handle = (inode: Inode): WritableFile => ({
    write: async (bytes) => {
      const done = begin()
      const part = done === 'whole' ? bytes : bytes.subarray(0, bytes.length >> 1)
      inode.bytes = concat(inode.bytes, part)
      finish(done)
    },
    truncate: async (length) => change(() => (inode.bytes = inode.bytes.slice(0, length))),
    sync: async () => change(() => (inode.durable = inode.bytes)),
    close: async () => undefined,
  })

  return {
    operations: () => count,
    failAt: (at, how) => (fault = { at, how }),
    restart: (random) => {
      const survivors = new Map(durableNames)
      for (const [path, inode] of names) {
        if (durableNames.get(path) !== inode && random.chance(0.5)) survivors.set(path, inode)
      }
      for (const [path] of durableNames) {
        if (!names.has(path) && random.chance(0.5)) survivors.delete(path)
      }
      for (const inode of new Set(survivors.values())) {
        const extra = inode.bytes.length - inode.durable.length
        const kept = extra > 0 ? inode.durable.length + random.integer(extra + 1) : 0
        inode.bytes = extra > 0 ? inode.bytes.slice(0, kept) : inode.durable
        inode.durable = inode.bytes
      }
      names = survivors
      durableNames = new Map(survivors)
      fault = null
      down = false
      count = 0
    },
    readFile: async (path) => {
      if (down) throw systemError('CRASH')
      const inode = names.get(path)
      if (!inode) throw systemError('ENOENT')
      return inode.bytes.slice()
    },
    sizeOf: async (path) => {
      if (down) throw systemError('CRASH')
      return names.get(path)?.bytes.length ?? null
    },
    listFolder: async (path) =>
      [...names.keys()]
        .filter((name) => dirname(name) === path)
        .map((name) => name.slice(path.length + 1)),
    createFile: async (path) => {
      const inode: Inode = { bytes: new Uint8Array(), durable: new Uint8Array() }
      change(() => {
        if (names.has(path)) throw systemError('EEXIST')
        names.set(path, inode)
      })
      return handle(inode)
    },
    appendFile: async (path) => {
      const existing = names.get(path)
      if (existing && !down) return handle(existing)
      const inode: Inode = { bytes: new Uint8Array(), durable: new Uint8Array() }
      change(() => names.set(path, inode))
      return handle(inode)
    },
    makeFolder: async () => {
      if (down) throw systemError('CRASH')
    },
    rename: async (from, to) =>
      change(() => {
        const inode = names.get(from)
        if (!inode) throw systemError('ENOENT')
        names.delete(from)
        names.set(to, inode)
      }),
    remove: async (path) => change(() => names.delete(path)),
    syncFolder: async (path) =>
      change(() => {
        for (const [name, inode] of names) if (dirname(name) === path) durableNames.set(name, inode)
        for (const name of durableNames.keys()) {
          if (dirname(name) === path && !names.has(name)) durableNames.delete(name)
        }
      }),
  }
}
