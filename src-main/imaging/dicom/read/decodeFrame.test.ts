import { describe, expect, it } from 'vitest'
import { rejectionOf } from '../../testing/rejection.ts'
import { mrSlice } from '../testing/mrSlices.ts'
import { framesOf } from '../testing/readFrames.ts'
import { without, type Elements } from '../testing/writeDicom.ts'
import golden from './codestreamGolden.json' with { type: 'json' }
import { createPixelReader } from './readPixels.ts'

/** 16 × 12 pixels of a pattern with every kind of neighbour; the encoders were Pillow 12 and OpenJPH 0.31. */
const pattern = Array.from({ length: 192 }, (_, n) => (n * 37) % 301)
const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'))

const slice = (more: Elements): Elements => ({
  ...without(mrSlice({ positionMm: [0, 0, 0], rows: 12, columns: 16, values: [] }), 0x7fe0_0010),
  ...more,
})
const format = (bits: number, signed: number): Elements => ({
  0x0028_0100: ['US', [bits]],
  0x0028_0101: ['US', [bits]],
  0x0028_0102: ['US', [bits - 1]],
  0x0028_0103: ['US', [signed]],
})

const decode = async (transferSyntax: string, frame: Uint8Array, more: Elements) => {
  const [read] = await framesOf([slice(more)], { transferSyntax, frames: [frame] })
  return createPixelReader().read(read)
}

describe('compressed frames', () => {
  it('JPEG 2000, lossless: every value', async () => {
    const uid = '1.2.840.10008.1.2.4.90'
    expect([...(await decode(uid, bytesOf(golden.jpeg2000), format(16, 0)))]).toEqual(pattern)
  })

  it('HTJ2K, lossless and signed: every value', async () => {
    const uid = '1.2.840.10008.1.2.4.201'
    const values = await decode(uid, bytesOf(golden.htj2k), format(16, 1))
    expect([...values]).toEqual(pattern.map((value) => value - 20))
  })

  it('JPEG baseline: the values of another decoder, but for rounding', async () => {
    const uid = '1.2.840.10008.1.2.4.50'
    const values = await decode(uid, bytesOf(golden.jpegBaseline), format(8, 0))
    expect(values).toHaveLength(192)
    golden.jpegBaselineByPillow.forEach((value, at) =>
      expect(Math.abs(values[at] - value)).toBeLessThanOrEqual(1),
    )
  })

  it('eight bits of precision in sixteen allocated', async () => {
    const uid = '1.2.840.10008.1.2.4.50'
    const values = await decode(uid, bytesOf(golden.jpegBaseline), {
      ...format(16, 0),
      0x0028_0101: ['US', [8]],
      0x0028_0102: ['US', [7]],
    })
    expect(Math.abs(values[191] - golden.jpegBaselineByPillow[191])).toBeLessThanOrEqual(1)
  })

  it.each([
    ['1.2.840.10008.1.2.4.90', golden.jpeg2000],
    ['1.2.840.10008.1.2.4.201', golden.htj2k],
    ['1.2.840.10008.1.2.4.50', golden.jpegBaseline],
    ['1.2.840.10008.1.2.4.80', golden.jpegBaseline],
    ['1.2.840.10008.1.2.4.70', golden.jpegBaseline],
  ])('a damaged codestream ends in a sentence: %s', async (uid, base64) => {
    const frame = bytesOf(base64)
    const headOnly = frame.subarray(0, 24)
    const error = await rejectionOf(() => decode(uid, headOnly, format(16, 0)))
    expect(error.code).toBe('BAD_FILE')
    expect(error.message).toMatch(/^slice\.dcm: its compressed pixels/)
  })

  it('decodes on after a frame that broke the decoder', async () => {
    const uid = '1.2.840.10008.1.2.4.90'
    const broken = bytesOf(golden.jpeg2000)
    broken.fill(0, 60)
    await decode(uid, broken, format(16, 0)).catch(() => undefined)
    expect([...(await decode(uid, bytesOf(golden.jpeg2000), format(16, 0)))]).toEqual(pattern)
  })
})
