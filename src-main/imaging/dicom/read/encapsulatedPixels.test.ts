import { describe, expect, it } from 'vitest'
import { mrSlice, enhancedMr } from '../testing/mrSlices.ts'
import { framesOf } from '../testing/readFrames.ts'
import { without, type Elements } from '../testing/writeDicom.ts'
import { decodeRle } from './decodeRle.ts'
import { createPixelReader } from './readPixels.ts'

const RLE = '1.2.840.10008.1.2.5'

/** One RLE frame: each byte plane as one literal run, written from PS3.5 annex G. */
function rleFrame(values: readonly number[]): Uint8Array {
  const plane = (shift: number): number[] => [
    values.length - 1,
    ...values.map((value) => (value >> shift) & 0xff),
  ]
  const [high, low] = [plane(8), plane(0)]
  const frame = new Uint8Array(64 + high.length + low.length)
  const view = new DataView(frame.buffer)
  view.setUint32(0, 2, true)
  view.setUint32(4, 64, true)
  view.setUint32(8, 64 + high.length, true)
  frame.set([...high, ...low], 64)
  return frame
}

const withoutPixels = (elements: Elements): Elements => without(elements, 0x7fe0_0010)
const sixValues = (n: number): number[] => [n, 2 * n, 300 + n, -n, 5, 6]

describe('encapsulated pixels', () => {
  it.each([1, 2, 3])(
    'of every frame are found (%i fragments a frame)',
    async (fragmentsPerFrame) => {
      const positionsMm = [0, 1, 2].map((z) => [0, 0, z] as const)
      const frames = await framesOf([withoutPixels(enhancedMr({ positionsMm }))], {
        transferSyntax: RLE,
        frames: [1, 2, 3].map((n) => rleFrame(sixValues(n))),
        fragmentsPerFrame,
      })
      const reader = createPixelReader()
      for (const [index, frame] of frames.entries()) {
        expect([...(await reader.read(frame))]).toEqual(sixValues(index + 1))
      }
    },
  )

  it('of a single frame may lie in many fragments', async () => {
    const slice = withoutPixels(mrSlice({ rows: 2, columns: 3, positionMm: [0, 0, 0] }))
    const options = { transferSyntax: RLE, frames: [rleFrame(sixValues(9))], fragmentsPerFrame: 7 }
    const [frame] = await framesOf([slice], options)
    expect([...(await createPixelReader().read(frame))]).toEqual(sixValues(9))
  })
})

describe('run lengths', () => {
  const frame = (...packed: number[]): Uint8Array => {
    const bytes = new Uint8Array(64 + packed.length)
    new DataView(bytes.buffer).setUint32(0, 1, true)
    new DataView(bytes.buffer).setUint32(4, 64, true)
    bytes.set(packed, 64)
    return bytes
  }

  it('repeat, copy and skip as in PackBits', () => {
    // 254: repeat 3 times; 1: copy 2; 128: nothing.
    expect(decodeRle(frame(254, 7, 128, 1, 8, 9), 5, 1)).toEqual(new Uint8Array([7, 7, 7, 8, 9]))
  })

  it('give null for what is too short or points outside', () => {
    expect(decodeRle(frame(254, 7), 5, 1)).toBeNull()
    expect(decodeRle(frame(5, 1), 6, 1)).toBeNull()
    expect(decodeRle(frame(254, 7), 3, 2)).toBeNull()
    expect(decodeRle(new Uint8Array(10), 1, 1)).toBeNull()
  })
})
