import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDerivedCache } from './derivedCache.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-derived-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

let time = 0
const open = (budget: number) => openDerivedCache(folder, budget, () => (time += 1000))
const volume = (value: number): Uint8Array => new Uint8Array(100).fill(value)

describe('derived cache', () => {
  it('computes once for a key, also when asked twice at the same time and after reopening', async () => {
    let computed = 0
    const make = async () => {
      computed++
      return { bytes: volume(7), meta: { unit: 'a.u.' } }
    }
    const cache = await open(1000)
    const [a, b] = await Promise.all([cache.remember('k', make), cache.remember('k', make)])
    const c = await (await open(1000)).remember('k', make)
    expect(computed).toBe(1)
    expect([b, c]).toEqual([a, a])
    expect(c.meta).toEqual({ unit: 'a.u.' })
    expect(new Uint8Array(await readFile((await cache.find(a.sha256)) ?? ''))).toEqual(volume(7))
  })

  it('removes the least recently used beyond the budget', async () => {
    const cache = await open(250)
    const first = await cache.put(volume(1))
    const second = await cache.put(volume(2))
    await cache.find(first)
    await cache.put(volume(3))
    expect(await cache.find(second)).toBeNull()
    expect(await cache.find(first)).not.toBeNull()
    expect(cache.sizeBytes()).toBe(200)
  })

  it('keeps the newest even where it alone exceeds the budget', async () => {
    const cache = await open(10)
    expect(await cache.find(await cache.put(volume(1)))).not.toBeNull()
  })

  it('computes again what was removed or cut short behind its back', async () => {
    const cache = await open(1000)
    let computed = 0
    const make = async () => ({ bytes: volume(++computed && 5), meta: null })
    const { sha256 } = await cache.remember('k', make)
    await writeFile((await cache.find(sha256)) ?? '', 'short')
    await cache.remember('k', make)
    expect(computed).toBe(2)
    expect(new Uint8Array(await readFile((await cache.find(sha256)) ?? ''))).toEqual(volume(5))
  })

  it('forgets a failed computation', async () => {
    const cache = await open(1000)
    await expect(cache.remember('k', () => Promise.reject(new Error('bad file')))).rejects.toThrow(
      'bad file',
    )
    const good = await cache.remember('k', async () => ({ bytes: volume(1), meta: 1 }))
    expect(good.byteLength).toBe(100)
  })
})
