import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GliadeskError } from '../../../contract/index.ts'
import { rejectionOf } from '../../../imaging/testing/rejection.ts'
import { sha256Of } from '../../../storage/index.ts'
import { openArchive } from './openArchive.ts'

let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-zip-'))
  path = join(folder, 'exam.zip')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const large = Uint8Array.from({ length: 200_000 }, (_, n) => (n * n) % 251)

describe('a zip archive', () => {
  it('gives any part of any file, with the hash of the whole', async () => {
    await writeFile(path, zipSync({ 'a/small': new Uint8Array([1, 2, 3]), 'a/b/large': large }))
    const archive = await openArchive(path, 'exam.zip')
    const [small, big] = archive.files
    expect(small.relativePath).toBe('exam.zip/a/small')
    expect([...(await small.read(1, 100))]).toEqual([2, 3])
    expect(await big.read(150_000, 10)).toEqual(large.subarray(150_000, 150_010))
    expect(await big.sha256()).toBe(sha256Of(large))
    expect(await small.sha256()).toBe(sha256Of(new Uint8Array([1, 2, 3])))
    archive.close()
  })

  it.each(['../x', '/etc/x', 'C:/x', 'a/../../x'])('is refused with the entry %s', async (name) => {
    await writeFile(path, zipSync({ [name]: new Uint8Array(10) }))
    const error = await rejectionOf(() => openArchive(path, 'exam.zip'))
    expect(error.message).toContain('leads out of the archive')
  })

  it('ends in files or in a sentence whatever happened to its bytes', async () => {
    const good = zipSync({ 'a/b': large.subarray(0, 3000), c: new Uint8Array(500) })
    const edits = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(edits, fc.nat(good.length), async (changes, cut) => {
        const bytes = good.slice(0, changes.length % 2 === 0 ? good.length : cut)
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
        await writeFile(path, bytes)
        try {
          const archive = await openArchive(path, 'exam.zip')
          for (const file of archive.files) {
            const content = await file.read(0, file.sizeBytes)
            expect(content.length).toBeLessThanOrEqual(file.sizeBytes)
          }
          archive.close()
        } catch (error) {
          if (!(error instanceof GliadeskError)) throw error
          expect(error.message).toContain('exam.zip')
        }
      }),
      { numRuns: 150 },
    )
  })
})
