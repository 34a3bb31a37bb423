import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { rejectionOf } from '../../testing/rejection.ts'
import { hasSharedData, NEEDS_SHARED_DATA, readSharedData } from '../../testing/sharedData.ts'
import { assembleVolume } from './assembleVolume.ts'
import { groupStacks } from './groupStacks.ts'
import { instanceOf } from '../testing/readFrames.ts'
import { createPixelReader } from './readPixels.ts'
import { stackGeometry } from './stackGeometry.ts'

const read = (path: string) => instanceOf(readSharedData(`dicom/${path}`), path)

const sumOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0)

describe.skipIf(!hasSharedData)(`files of scanners and archives${NEEDS_SHARED_DATA}`, () => {
  // Sums of stored values by pydicom 3 (native, RLE, JPEG 2000) and by GDCM in itk-wasm 7.6 (the rest).
  it.each([
    ['transfer-syntaxes/explicit_big.dcm', 65_536, 12_795_755],
    ['transfer-syntaxes/implicit_little.dcm', 65_536, 4_294_431],
    ['transfer-syntaxes/jpeg_2000.dcm', 262_144, 40_056_223],
    ['transfer-syntaxes/jpeg_lossless_sel1.dcm', 204_800, 14_533_101],
    ['transfer-syntaxes/jpeg_ls.dcm', 1_048_576, 78_759_553],
    ['transfer-syntaxes/rle.dcm', 262_144, 40_028_413],
    ['odd/MR_small.dcm', 4096, 2_125_338],
    ['odd/MR_small_RLE.dcm', 4096, 2_125_338],
    ['odd/MR_small_implicit.dcm', 4096, 2_125_338],
    ['odd/MR_small_jpeg_ls_lossless.dcm', 4096, 2_125_338],
    ['odd/no_meta.dcm', 16_384, 14_826_310],
    ['seg-highdicom/ct_image.dcm', 16_384, 14_826_310],
  ])('%s has the values of the reference', async (path, count, sum) => {
    const { frames } = await read(path)
    const values = await createPixelReader().read(frames[0])
    expect(values.length).toBe(count)
    expect(sumOf(values)).toBe(sum)
  })

  it('the brain series has the values and the places of pydicom', async () => {
    const names = Array.from({ length: 20 }, (_, n) => `brain_${String(n + 1).padStart(3, '0')}`)
    const instances = await Promise.all(
      names.reverse().map((name) => read(`series-brain-fse-pd/${name}.dcm`)),
    )
    const [group, ...others] = groupStacks(instances.flatMap(({ frames }) => frames))
    expect(others).toEqual([])
    const stack = stackGeometry(group.frames)
    if ('problem' in stack) throw new Error(stack.problem)
    expect(stack.warnings).toHaveLength(1)
    expect(stack.warnings[0]).toContain('0.09 mm off an even spacing of 7 mm')
    const volume = await assembleVolume(stack)
    expect(volume.voxelType).toBe('int16')
    // numpy.stack of pixel_array in the order of ImagePositionPatient[2].
    expect(createHash('sha256').update(volume.voxels).digest('hex')).toBe(
      '1c28d16e1ac9c1219c99cf049e5e1c8760897519d460220d607350d160448310',
    )
    const { indexToWorld } = volume.grid
    const [x, y, z] = [3, 7, 11].map((at) => indexToWorld[at])
    expect([x, y, z]).toEqual([110.5, 78.3063, -72.7575])
    // The last slice lies where its header says: LPS −110.5, −96.2063, 59.0425.
    const last = [0, 1, 2].map((row) => indexToWorld[4 * row + 3] + 19 * indexToWorld[4 * row + 2])
    ;[110.5, 96.2063, 59.0425].forEach((value, axis) => expect(last[axis]).toBeCloseTo(value, 9))
    expect(indexToWorld[5]).toBeCloseTo(-0.859375 * 0.99096, 12)
    expect(indexToWorld[9]).toBeCloseTo(0.859375 * 0.134158, 12)
  })

  it('a multi-frame file lies where its single-frame twin lies', async () => {
    const multi = await read('seg-dcmqi/24x38x3/multiframe/mf.dcm')
    const single = await Promise.all(
      [3, 1, 2].map((n) => read(`seg-dcmqi/24x38x3/image/IMG000${n}.dcm`)),
    )
    const [a, b] = [multi.frames, single.flatMap(({ frames }) => frames)].map(stackGeometry)
    if ('problem' in a || 'problem' in b) throw new Error('no volume')
    a.grid.indexToWorld.forEach((value, at) =>
      expect(value).toBeCloseTo(b.grid.indexToWorld[at], 9),
    )
    const [left, right] = [await assembleVolume(a), await assembleVolume(b)]
    expect(left.voxels).toEqual(right.voxels)
    expect(sumOf(left.voxels)).not.toBe(0)
  })

  it('truncated pixel data are told with the bytes that are missing', async () => {
    const error = await rejectionOf(() => read('odd/MR_truncated.dcm'))
    expect(error.message).toContain('8192 bytes are needed for 64 × 64 × 1 pixels, 8130 are there')
  })
})
