import { describe, expect, it } from 'vitest'
import { createAxisAlignedGrid } from '../../geometry/index.ts'
import { rejectionOf } from '../../testing/rejection.ts'
import { enhancedMr, mrSlice } from '../testing/mrSlices.ts'
import { framesOf } from '../testing/readFrames.ts'
import { without, type Elements, type WriteOptions } from '../testing/writeDicom.ts'
import { assembleVolume } from './assembleVolume.ts'
import { stackGeometry } from './stackGeometry.ts'

const VALUES = [0, 1, -1, 2047, -2048, 100]

const volumeOf = async (more: Elements, values = VALUES, options?: WriteOptions) => {
  const files = [2, 0, 1].map((n) =>
    mrSlice({
      ...{ rows: 2, columns: 3, positionMm: [0, 0, 5 * n], instanceNumber: n + 1 },
      values: values.map((value) => (value >= 0 ? Math.max(0, value - n) : value)),
      more,
    }),
  )
  const stack = stackGeometry(await framesOf(files, options))
  if ('problem' in stack) throw new Error(stack.problem)
  return assembleVolume(stack)
}

const bits = (stored: number, high = stored - 1, signed = 1): Elements => ({
  0x0028_0101: ['US', [stored]],
  0x0028_0102: ['US', [high]],
  0x0028_0103: ['US', [signed]],
})
const rescale = (slope: string, intercept: string): Elements => ({
  0x0028_1052: ['DS', intercept],
  0x0028_1053: ['DS', slope],
})

describe('assembling a volume', () => {
  it('puts slice k where place k is, x first', async () => {
    const { voxels, voxelType, grid } = await volumeOf({})
    expect(voxelType).toBe('int16')
    expect(grid.dims).toEqual([3, 2, 3])
    expect([...voxels]).toEqual([
      0, 1, -1, 2047, -2048, 100, 0, 0, -1, 2046, -2048, 99, 0, 0, -1, 2045, -2048, 98,
    ])
  })

  it('extends the sign of 12 bits and ignores what lies above them', async () => {
    // 0xF000 is overlay data above the 12 bits that count.
    const stored = VALUES.map((value) => (value & 0xfff) | 0xf000)
    const { voxels } = await volumeOf(bits(12), stored)
    expect([...voxels.subarray(0, 6)]).toEqual(VALUES)
    const unsigned = await volumeOf(bits(12, 11, 0), stored)
    expect([...unsigned.voxels.subarray(0, 6)]).toEqual(VALUES.map((value) => value & 0xfff))
  })

  it('takes bits from below the high bit', async () => {
    const { voxels } = await volumeOf(
      bits(12, 15),
      VALUES.map((value) => (value & 0xfff) << 4),
    )
    expect([...voxels.subarray(0, 6)]).toEqual(VALUES)
  })

  it('applies whole-number rescales exactly in integers', async () => {
    const { voxels, voxelType } = await volumeOf({ ...bits(12), ...rescale('2', '-1024') })
    expect(voxelType).toBe('int16')
    expect([...voxels.subarray(0, 6)]).toEqual(VALUES.map((value) => 2 * value - 1024))
  })

  it('applies other rescales in floats', async () => {
    const { voxels, voxelType } = await volumeOf({ ...bits(12), ...rescale('0.3', '7.5') })
    expect(voxelType).toBe('float32')
    VALUES.forEach((value, at) => expect(voxels[at]).toBe(Math.fround(value * 0.3 + 7.5)))
  })

  it('keeps unsigned 16 bits beyond int16', async () => {
    const { voxels, voxelType } = await volumeOf(bits(16, 15, 0), [0, 1, 40_000, 65_535, 2, 3])
    expect(voxelType).toBe('uint16')
    expect([...voxels.subarray(0, 6)]).toEqual([0, 1, 40_000, 65_535, 2, 3])
  })

  it('turns MONOCHROME1 so that more is brighter', async () => {
    const turned: Elements = { 0x0028_0004: ['CS', 'MONOCHROME1'] }
    const { voxels } = await volumeOf({ ...bits(12, 11, 0), ...turned }, [0, 1, 4095, 100, 2, 3])
    expect([...voxels.subarray(0, 6)]).toEqual([4095, 4094, 0, 3995, 4093, 4092])
    const signed = await volumeOf({ ...bits(12), ...turned })
    expect([...signed.voxels.subarray(0, 6)]).toEqual(VALUES.map((value) => -1 - value))
  })

  it('applies the rescale of each frame of a multi-frame file, frames in any order', async () => {
    const frames = await framesOf([
      enhancedMr({
        positionsMm: [
          [0, 0, 10],
          [0, 0, 0],
          [0, 0, 5],
        ],
        slopes: [2, 1, 0.5],
      }),
    ])
    const stack = stackGeometry(frames)
    if ('problem' in stack) throw new Error(stack.problem)
    const { voxels, grid } = await assembleVolume(stack)
    expect([0, 6, 12].map((at) => voxels[at])).toEqual([2, 1.5, 2])
    expect(grid.spacingMm).toEqual([1.25, 1.5, 5])
  })

  it('stops when it is told to', async () => {
    const stack = stackGeometry(
      await framesOf([0, 1, 2].map((n) => mrSlice({ positionMm: [0, 0, n], instanceNumber: n }))),
    )
    if ('problem' in stack) throw new Error(stack.problem)
    const stopping = new AbortController()
    const seen: number[] = []
    const onSlice = (done: number): void => {
      seen.push(done)
      stopping.abort(new Error('stopped'))
    }
    await expect(assembleVolume(stack, { onSlice, signal: stopping.signal })).rejects.toThrow(
      'stopped',
    )
    expect(seen).toEqual([1])
  })

  it('refuses a volume beyond measure before anything is allocated', async () => {
    const [frame] = await framesOf([mrSlice({ positionMm: [0, 0, 0] })])
    const grid = createAxisAlignedGrid([8192, 8192, 65], [1, 1, 1])
    const error = await rejectionOf(() => assembleVolume({ slices: [frame], grid, warnings: [] }))
    expect(error.message).toContain('a volume of 8192 × 8192 × 65 voxels')
  })

  it('tells a compressed slice of another size than its header', async () => {
    const siz = new Uint8Array(60)
    const view = new DataView(siz.buffer)
    view.setUint32(0, 0xff4f_ff51)
    view.setUint16(4, 41)
    view.setUint32(8, 60_000)
    view.setUint32(12, 60_000)
    view.setUint16(40, 1)
    const header = without(mrSlice({ positionMm: [0, 0, 0] }), 0x7fe0_0010)
    const [frame] = await framesOf([header], {
      transferSyntax: '1.2.840.10008.1.2.4.90',
      frames: [siz],
    })
    const slices = [0, 1, 2].map((n) => ({ ...frame, positionMm: [0, 0, n] as const }))
    const stack = stackGeometry(slices)
    if ('problem' in stack) throw new Error(stack.problem)
    const error = await rejectionOf(() => assembleVolume(stack))
    expect(error.message).toContain('60000 × 60000 × 1, but the header states 6 × 4 × 1')
  })
})
