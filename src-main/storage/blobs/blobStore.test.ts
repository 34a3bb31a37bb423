import { describe, expect, it } from 'vitest'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { memoryFileSystem } from '../fileSystem/testing/memoryFileSystem.ts'
import { openBlobStore, sha256Of } from './blobStore.ts'

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251)

describe('blob store', () => {
  it('names an object by the sha256 of its bytes (FIPS 180-2: "abc")', async () => {
    const store = openBlobStore(memoryFileSystem(), '/w/objects')
    const sha256 = await store.put(new TextEncoder().encode('abc'))
    expect(sha256).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(store.pathOf(sha256)).toBe(`/w/objects/ba/${sha256.slice(2)}`)
    expect(new TextDecoder().decode(await store.read(sha256))).toBe('abc')
  })

  it('stores the same bytes once', async () => {
    const files = memoryFileSystem()
    const store = openBlobStore(files, '/w/objects')
    const first = await store.put(bytes)
    expect(await store.put(bytes.slice())).toBe(first)
    expect(await files.listFolder(`/w/objects/${first.slice(0, 2)}`)).toHaveLength(1)
  })

  it('refuses an object whose bytes changed', async () => {
    const files = memoryFileSystem()
    const store = openBlobStore(files, '/w/objects')
    const path = store.pathOf(await store.put(bytes))
    await files.remove(path)
    await (await files.createFile(path)).write(bytes.map((byte) => byte ^ 1))
    await expect(store.read(sha256Of(bytes))).rejects.toMatchObject({ code: 'BAD_FILE' })
  })

  it('says that an object is missing', async () => {
    const store = openBlobStore(memoryFileSystem(), '/w/objects')
    await expect(store.read(sha256Of(bytes))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EROFS', 'READ_ONLY'],
    ['EACCES', 'READ_ONLY'],
  ] as const)(
    'turns %s at any operation into %s and leaves no half object',
    async (fault, code) => {
      for (let operation = 1; operation <= 3; operation++) {
        const files = memoryFileSystem()
        const store = openBlobStore(files, '/w/objects')
        files.failAt(operation, fault)
        await expect(store.put(bytes)).rejects.toMatchObject({ code })
        expect(await store.has(sha256Of(bytes))).toBe(false)
        const left = await files.listFolder(`/w/objects/${sha256Of(bytes).slice(0, 2)}`)
        expect(left).toEqual([])
        await store.put(bytes)
        expect(await store.read(sha256Of(bytes))).toEqual(bytes)
      }
    },
  )

  it('after a power cut at any operation holds the whole object or none, and all that was acknowledged', async () => {
    for (let operation = 1; ; operation++) {
      const files = memoryFileSystem()
      const store = openBlobStore(files, '/w/objects')
      files.failAt(operation, 'crash')
      const acknowledged = await store.put(bytes).then(
        () => true,
        () => false,
      )
      for (let seed = 0; seed < 8; seed++) {
        files.restart(randomStream(seed, 'power cut'))
        const there = await store.has(sha256Of(bytes))
        if (acknowledged) expect(there).toBe(true)
        if (there) expect(await store.read(sha256Of(bytes))).toEqual(bytes)
      }
      if (acknowledged) {
        expect(operation).toBeGreaterThan(4)
        break
      }
    }
  })
})
