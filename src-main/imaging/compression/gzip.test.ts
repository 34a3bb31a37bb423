import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { gunzip, gunzipStart, gzip, GzipError, isGzip } from './gzip.ts'

const content = Uint8Array.from({ length: 300_000 }, (_, index) => (index * index) >> 5)
const packed = new Uint8Array(gzipSync(content))

afterEach(() => vi.restoreAllMocks())

describe.each(['zlib', 'streams'])('gzip with %s', (means) => {
  const useMeans = () => {
    if (means === 'streams')
      vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
  }
  const reasonOf = async (bytes: Uint8Array, maxBytes: number) => {
    const error: unknown = await gunzip(bytes, maxBytes).catch((failure: unknown) => failure)
    return error instanceof GzipError ? error.reason : error
  }

  it('brings content back', async () => {
    useMeans()
    const bytes = await gzip(content, 6)
    expect(isGzip(bytes)).toBe(true)
    expect(Buffer.compare(await gunzip(bytes, content.length), content)).toBe(0)
  })

  it('tells a cut file from a damaged one and from one that is too large', async () => {
    useMeans()
    const damaged = packed.slice()
    damaged[packed.length - 6] ^= 1
    expect(await reasonOf(packed.subarray(0, packed.length - 100), 1e6)).toBe('TRUNCATED')
    expect(await reasonOf(damaged, 1e6)).toBe('CORRUPT')
    expect(await reasonOf(packed, content.length - 1)).toBe('TOO_LARGE')
  })
})

describe('gunzipStart', () => {
  it('gives the first bytes from a part of the file', () => {
    expect(gunzipStart(packed.subarray(0, 2000), 50)).toEqual(content.subarray(0, 50))
  })

  it('gives what there is of a short file', () => {
    const short = new Uint8Array(gzipSync(Uint8Array.of(1, 2, 3)))
    expect([...gunzipStart(short, 50)]).toEqual([1, 2, 3])
  })

  it('stops early in a decompression bomb', () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(64 * 2 ** 20)))
    const before = performance.now()
    expect(gunzipStart(bomb, 552)).toEqual(new Uint8Array(552))
    expect(performance.now() - before).toBeLessThan(500)
  })

  it('refuses what only looks like gzip', () => {
    expect(() =>
      gunzipStart(Uint8Array.of(0x1f, 0x8b, 8, 0, 9, 9, 9, 9, 9, 9, 255, 255), 10),
    ).toThrow(GzipError)
  })
})
