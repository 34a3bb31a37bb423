import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { rejectionOf } from '../../testing/rejection.ts'
import { enhancedMr, mrSlice } from '../testing/mrSlices.ts'
import { instanceOf } from '../testing/readFrames.ts'
import { writeDicom, type Elements } from '../testing/writeDicom.ts'
import { bytesAsSource } from './byteSource.ts'
import { inflateDataSet } from './inflateDataSet.ts'
import { createPixelReader } from './readPixels.ts'
import { readInstance } from './readInstance.ts'

const slice = mrSlice({ positionMm: [1, 2, 3], instanceNumber: 7, values: values24() })

function values24(): number[] {
  return Array.from({ length: 24 }, (_, index) => index - 5)
}

const pixelsOf = async (bytes: Uint8Array): Promise<number[]> => {
  const { frames } = await instanceOf(bytes)
  return [...(await createPixelReader().read(frames[0]))]
}

const deflated = (elements: Elements): Uint8Array => {
  const header = writeDicom({}, { transferSyntax: '1.2.840.10008.1.2.1.99' })
  const body = deflateRawSync(writeDicom(elements, { bare: true }))
  return new Uint8Array(Buffer.concat([header, body]))
}

describe('reading an instance', () => {
  it.each([
    ['explicit little endian', writeDicom(slice)],
    ['implicit little endian', writeDicom(slice, { transferSyntax: '1.2.840.10008.1.2' })],
    ['explicit big endian', writeDicom(slice, { transferSyntax: '1.2.840.10008.1.2.2' })],
    ['deflated', deflated(slice)],
    ['no preamble and no meta group', writeDicom(slice, { bare: true })],
    [
      'no meta group, implicit',
      writeDicom(slice, { bare: true, transferSyntax: '1.2.840.10008.1.2' }),
    ],
  ])('gives the same header and pixels: %s', async (_, bytes) => {
    const instance = await instanceOf(bytes)
    expect(instance).toMatchObject({
      sopInstanceUid: '1.2.3.7',
      studyDate: '2024-05-02',
      seriesNumber: 4,
      instanceNumber: 7,
      pixels: { rows: 4, columns: 6, bitsStored: 16, signed: true },
    })
    expect(instance.frames[0]).toMatchObject({ positionMm: [1, 2, 3], pixelSpacingMm: [0.9, 0.8] })
    expect(await pixelsOf(bytes)).toEqual(values24())
  })

  it('believes the bytes where the meta group states the wrong plain syntax', async () => {
    const implicit = writeDicom(slice, { bare: true, transferSyntax: '1.2.840.10008.1.2' })
    const lying = Buffer.concat([writeDicom({}), implicit])
    expect(await pixelsOf(new Uint8Array(lying))).toEqual(values24())
  })

  it('keeps no name and no birth date', async () => {
    const text = JSON.stringify(await instanceOf(writeDicom(slice)), (key, value: unknown) =>
      key === 'frames' || key === 'content' ? undefined : value,
    )
    expect(text).toContain('PID-4711')
    expect(text).not.toMatch(/Secret|19600131/)
  })

  it('steps over private sequences of unknown VR and undefined length', async () => {
    const inner = writeDicom(
      { 0x0009_1001: ['LO', 'x'] },
      { bare: true, transferSyntax: '1.2.840.10008.1.2' },
    )
    const item = Buffer.concat([le(0xe000_fffe, inner.length), inner, le(0xe0dd_fffe, 0)])
    const unknown = Buffer.from([0x09, 0, 0x10, 0x10, 0x55, 0x4e, 0, 0, 0xff, 0xff, 0xff, 0xff])
    const bare = writeDicom(slice, { bare: true })
    const bytes = Buffer.concat([writeDicom({}), unknown, item, bare])
    expect(await pixelsOf(new Uint8Array(bytes))).toEqual(values24())
  })

  it('reads no further than the pixel data of a large file, and long headers in pieces', async () => {
    const large = writeDicom(
      mrSlice({ positionMm: [0, 0, 0], rows: 512, columns: 512, more: longPrivate(100_000) }),
    )
    let furthest = 0
    let reads = 0
    const read = await readInstance({
      name: 'large.dcm',
      sizeBytes: large.length,
      read: async (offset, length) => {
        reads++
        furthest = Math.max(furthest, offset + length)
        return large.subarray(offset, offset + length)
      },
    })
    expect(read.kind).toBe('image')
    expect(reads).toBe(3)
    expect(furthest).toBeLessThan(300_000)
  })

  it.each([true, false])('reads functional groups (undefined lengths: %s)', async (open) => {
    const file = enhancedMr({
      positionsMm: [
        [0, 0, 10],
        [0, 0, 5],
      ],
      slopes: [2, 3],
    })
    const { frames } = await instanceOf(writeDicom(file, { undefinedLengths: open }))
    expect(frames.map(({ positionMm }) => positionMm[2])).toEqual([10, 5])
    expect(frames.map(({ slope }) => slope)).toEqual([2, 3])
    expect(frames[1].pixelSpacingMm).toEqual([1.5, 1.25])
    expect(frames[1].hints).toMatchObject({ repetitionTimeMs: 6000, echoTimeMs: 95.5 })
  })

  it('says of other objects what they are', async () => {
    const report = { ...slice, 0x0008_0016: ['UI', '1.2.840.10008.5.1.4.1.1.88.33'] } as Elements
    const read = await readInstance(bytesAsSource('sr.dcm', writeDicom(report)))
    expect(read).toMatchObject({ kind: 'other', what: 'a structured report' })
    expect(await readInstance(bytesAsSource('x', new Uint8Array(4000)))).toEqual({
      kind: 'not-dicom',
    })
  })

  it.each<[string, Elements, RegExp]>([
    [
      'cut pixels',
      { 0x7fe0_0010: ['OW', [1, 2, 3]] },
      /48 bytes are needed for 6 × 4 × 1 pixels, 6/,
    ],
    ['no rows', { 0x0028_0010: ['US', []] }, /number of rows is missing/],
    ['colour', { 0x0028_0002: ['US', [3]], 0x0028_0004: ['CS', 'RGB'] }, /a colour image \(RGB\)/],
    ['no position', { 0x0020_0032: ['DS', '1\\2'] }, /Image Position \(Patient\) is missing or no/],
    ['spacing of zero', { 0x0028_0030: ['DS', '0\\1'] }, /Pixel Spacing is missing or no number/],
    ['bad frame count', { 0x0028_0008: ['IS', '1A'] }, /number of frames is missing or no number/],
    [
      'frames without places',
      { 0x0028_0008: ['IS', '2'], 0x7fe0_0010: ['OW', values24().concat(values24())] },
      /2 frames without saying where/,
    ],
    ['no series', { 0x0020_000e: ['UI', ''] }, /Series Instance UID is missing/],
  ])('refuses %s in a sentence', async (_, more, message) => {
    const error = await rejectionOf(() => instanceOf(writeDicom({ ...slice, ...more }), 'a.dcm'))
    expect(error.code).toBe('BAD_FILE')
    expect(error.message).toMatch(message)
    expect(error.message).toMatch(/^a\.dcm: /)
    expect(error.remedy).not.toBe('')
  })

  it('refuses a transfer syntax that it cannot read, by name', async () => {
    const bytes = writeDicom(slice, { transferSyntax: '1.2.840.10008.1.2.4.102' })
    const error = await rejectionOf(() => instanceOf(bytes))
    expect(error.message).toContain('1.2.840.10008.1.2.4.102')
  })

  it('stops inflating at the cap', () => {
    const bomb = deflateRawSync(new Uint8Array(8 * 1024 ** 2))
    expect(bomb.length).toBeLessThan(10_000)
    const inflate = (): unknown => inflateDataSet(new Uint8Array(bomb), 1024 ** 2)
    expect(inflate).toThrow(expect.objectContaining({ reason: 'TOO_LARGE' }))
    expect(inflateDataSet(new Uint8Array(bomb), 8 * 1024 ** 2)).toHaveLength(8 * 1024 ** 2)
    const cut = new Uint8Array(bomb.subarray(0, bomb.length / 2))
    expect(() => inflateDataSet(cut, 1e9)).toThrow(expect.objectContaining({ reason: 'TRUNCATED' }))
  })
})

const le = (tag: number, length: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(tag, 0)
  bytes.writeUInt32LE(length, 4)
  return bytes
}

const longPrivate = (length: number): Elements => ({
  0x0009_1010: ['OB', new Uint8Array(length)],
})
