import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256Of } from '../blobs/index.ts'
import { asStorageError } from '../fileSystem/index.ts'

/** Something computed from source files, and what describes it. */
export interface Derived<Meta> {
  readonly sha256: string
  readonly byteLength: number
  readonly meta: Meta
}

/**
 * Raw volumes that can always be computed again, content-addressed and bounded in bytes: the least
 * recently used are removed first. Nothing here is durable and nothing needs to be.
 */
export interface DerivedCache {
  /**
   * The stored result for a key, or what `make` computes now. Concurrent calls for one key compute once.
   *
   * @param key names the source by hash, and the computation and its version
   */
  remember<Meta>(
    key: string,
    make: () => Promise<{ bytes: Uint8Array; meta: Meta }>,
  ): Promise<Derived<Meta>>
  put(bytes: Uint8Array): Promise<string>
  /** Where the bytes lie, or null where they are not (any more) in the cache. Counts as a use. */
  find(sha256: string): Promise<string | null>
  sizeBytes(): number
}

interface Entry {
  sizeBytes: number
  usedAt: number
}

/**
 * @param budgetBytes removed beyond this, except the newest entry
 * @param now milliseconds
 */
export async function openDerivedCache(
  folder: string,
  budgetBytes: number,
  now: () => number,
): Promise<DerivedCache> {
  const indexFolder = join(folder, 'index')
  const entries = new Map<string, Entry>()
  const running = new Map<string, Promise<Derived<unknown>>>()
  let clock = now()

  try {
    await mkdir(indexFolder, { recursive: true })
    for (const name of await readdir(folder)) {
      if (/^[0-9a-f]{64}$/.test(name)) {
        const found = await stat(join(folder, name))
        entries.set(name, { sizeBytes: found.size, usedAt: found.mtimeMs })
      } else if (name.endsWith('.tmp')) {
        await rm(join(folder, name), { force: true })
      }
    }
  } catch (error) {
    throw asStorageError(error, 'opening the volume cache', folder)
  }

  const sizeBytes = (): number => {
    let total = 0
    for (const entry of entries.values()) total += entry.sizeBytes
    return total
  }
  const use = (sha256: string, size: number): void => {
    clock = Math.max(clock + 1, now())
    entries.set(sha256, { sizeBytes: size, usedAt: clock })
  }
  const evict = async (keep: string): Promise<void> => {
    let total = sizeBytes()
    const oldestFirst = [...entries].sort(([, a], [, b]) => a.usedAt - b.usedAt)
    for (const [sha256, entry] of oldestFirst) {
      if (total <= budgetBytes) return
      if (sha256 === keep) continue
      entries.delete(sha256)
      total -= entry.sizeBytes
      await rm(join(folder, sha256), { force: true })
    }
  }
  const writeWhole = async (path: string, content: Uint8Array | string): Promise<void> => {
    const temporary = `${path}.${randomUUID()}.tmp`
    try {
      await writeFile(temporary, content)
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw asStorageError(error, 'decoding a volume into the workspace', folder)
    }
  }
  const find = async (sha256: string): Promise<string | null> => {
    const entry = entries.get(sha256)
    if (!entry) return null
    const path = join(folder, sha256)
    const found = await stat(path).catch(() => null)
    if (found?.size !== entry.sizeBytes) {
      entries.delete(sha256)
      return null
    }
    use(sha256, entry.sizeBytes)
    const seconds = now() / 1000
    await utimes(path, seconds, seconds).catch(() => undefined)
    return path
  }
  const put = async (bytes: Uint8Array): Promise<string> => {
    const sha256 = sha256Of(bytes)
    if (!(await find(sha256))) {
      await writeWhole(join(folder, sha256), bytes)
      use(sha256, bytes.length)
      await evict(sha256)
    }
    return sha256
  }
  const compute = async <Meta>(
    key: string,
    make: () => Promise<{ bytes: Uint8Array; meta: Meta }>,
  ): Promise<Derived<Meta>> => {
    const indexPath = join(indexFolder, `${sha256Of(new TextEncoder().encode(key))}.json`)
    const known = await readFile(indexPath, 'utf8')
      .then((text) => JSON.parse(text) as Derived<Meta>)
      .catch(() => null)
    if (known && (await find(known.sha256))) return known
    const { bytes, meta } = await make()
    const result = { sha256: await put(bytes), byteLength: bytes.length, meta }
    await writeWhole(indexPath, JSON.stringify(result))
    return result
  }
  return {
    sizeBytes,
    find,
    put,
    remember: <Meta>(
      key: string,
      make: () => Promise<{ bytes: Uint8Array; meta: Meta }>,
    ): Promise<Derived<Meta>> => {
      const pending = running.get(key) as Promise<Derived<Meta>> | undefined
      if (pending) return pending
      const work = compute(key, make).finally(() => running.delete(key))
      running.set(key, work)
      return work
    },
  }
}
