import { describe, expect, it } from 'vitest'
import { createAxisAlignedGrid } from '../geometry/index.ts'
import { readNifti, writeNifti } from '../nifti/index.ts'
import { rejectionOf } from '../testing/rejection.ts'
import { hasSharedData, NEEDS_SHARED_DATA, readSharedData } from '../testing/sharedData.ts'
import type { Voxels } from '../volume/index.ts'
import { voxelTypeOf } from '../volume/index.ts'
import { readLabelmap } from './readLabelmap.ts'
import { volumesMl } from './volumesMl.ts'
import { writeLabelmap } from './writeLabelmap.ts'

const file = (voxels: Voxels) =>
  writeNifti({
    grid: createAxisAlignedGrid([voxels.length, 1, 1], [1, 1, 1]),
    voxels,
    voxelType: voxelTypeOf(voxels),
    gzip: true,
  })
const refusal = async (voxels: Voxels) => {
  const bytes = await file(voxels)
  return rejectionOf(() => readLabelmap(bytes, 'p1_seg.nii.gz'))
}

describe('readLabelmap', () => {
  it('knows ET = 4 and makes it 3', async () => {
    const { labels, convention } = await readLabelmap(await file(Uint8Array.of(0, 1, 2, 4)), 'a')
    expect(convention).toBe('et4')
    expect([...labels]).toEqual([0, 1, 2, 3])
  })

  it('knows ET = 3', async () => {
    const { labels, convention } = await readLabelmap(await file(Int16Array.of(3, 2, 1, 0)), 'a')
    expect(convention).toBe('et3')
    expect([...labels]).toEqual([3, 2, 1, 0])
  })

  it('takes ET = 4 without enhancing tumour, unless told otherwise', async () => {
    const bytes = await file(Uint8Array.of(0, 1, 2))
    expect((await readLabelmap(bytes, 'a')).convention).toBe('et4')
    expect((await readLabelmap(bytes, 'a', 'et3')).convention).toBe('et3')
  })

  it('reads labels stored as floating point numbers', async () => {
    const { labels } = await readLabelmap(await file(Float32Array.of(0.0001, 0.9995, 4, -0)), 'a')
    expect([...labels]).toEqual([0, 1, 3, 0])
  })

  it('refuses a value of 7, with what was found', async () => {
    const error = await refusal(Uint8Array.of(0, 0, 1, 7, 7, 7))
    expect(error.code).toBe('BAD_FILE')
    expect(error.message).toBe(
      'p1_seg.nii.gz: as a labelmap it may hold only 0, 1, 2 and 3 or 4, but has the value 7. Found: 0 (2 voxels), 1 (1 voxel), 7 (3 voxels).',
    )
  })

  it('refuses 3 and 4 together', async () => {
    const error = await refusal(Uint8Array.of(0, 3, 4, 4))
    expect(error.message).toContain('holds both 3 and 4')
    expect(error.message).toContain('3 (1 voxel), 4 (2 voxels)')
  })

  it.each([Float32Array.of(0, 1.5), Float32Array.of(-1, 0), Int16Array.of(-2, 1)])(
    'refuses values that are no label',
    async (voxels) => {
      expect((await refusal(voxels)).message).toContain('may hold only 0, 1, 2')
    },
  )

  it('stays short and quick for an image taken for a labelmap', async () => {
    const error = await refusal(Float32Array.from({ length: 50_000 }, (_, index) => index / 7))
    expect(error.message.length).toBeLessThan(500)
    expect(error.message).toContain('more')
  })
})

describe('writeLabelmap', () => {
  it.each([
    ['et4', 4],
    ['et3', 3],
  ] as const)('writes enhancing tumour by the convention %s', async (convention, value) => {
    const grid = createAxisAlignedGrid([4, 1, 1], [1, 1, 1])
    const labels = Buffer.from([0, 1, 2, 3])
    const bytes = await writeLabelmap({ labels, grid, convention })
    expect([...(await readNifti(bytes, 'a')).volume.voxels]).toEqual([0, 1, 2, value])
    expect([...labels]).toEqual([0, 1, 2, 3])
  })

  it.skipIf(!hasSharedData)(
    `brings the glioma case's segmentation back voxel for voxel${NEEDS_SHARED_DATA}`,
    async () => {
      const path = 'Brats18_TCIA03_265_1/Brats18_TCIA03_265_1_seg.nii.gz'
      const original = await readNifti(readSharedData(path), path)
      const labelmap = await readLabelmap(readSharedData(path), path)
      const written = await writeLabelmap({ ...labelmap, template: labelmap.header })
      const again = await readNifti(written, 'again')
      expect(labelmap.convention).toBe('et4')
      expect(again.volume.grid).toEqual(original.volume.grid)
      expect(
        Buffer.compare(
          Buffer.from(again.volume.voxels as Uint8Array),
          Buffer.from(original.volume.voxels as Uint8Array),
        ),
      ).toBe(0)
      expect(again.header).toEqual(original.header)
      // Counts times 1 mm³, from numpy.
      const ml = volumesMl(labelmap.labels, labelmap.grid)
      expect(ml).toEqual({
        necrosis: expect.closeTo(21.996, 9),
        edema: expect.closeTo(21.263, 9),
        enhancing: expect.closeTo(17.097, 9),
        WT: expect.closeTo(60.356, 9),
        TC: expect.closeTo(39.093, 9),
        ET: expect.closeTo(17.097, 9),
      })
    },
  )
})

describe('volumesMl', () => {
  it('weighs voxels by the determinant of the matrix', () => {
    const grid = createAxisAlignedGrid([4, 1, 1], [2, 5, 10])
    expect(volumesMl(Uint8Array.of(1, 2, 3, 3), grid)).toEqual({
      necrosis: expect.closeTo(0.1, 12),
      edema: expect.closeTo(0.1, 12),
      enhancing: expect.closeTo(0.2, 12),
      WT: expect.closeTo(0.4, 12),
      TC: expect.closeTo(0.3, 12),
      ET: expect.closeTo(0.2, 12),
    })
  })

  it('is zero for an empty labelmap', () => {
    const grid = createAxisAlignedGrid([2, 1, 1], [1, 1, 1])
    expect(Object.values(volumesMl(new Uint8Array(2), grid))).toEqual([0, 0, 0, 0, 0, 0])
  })
})
