import { describe, expect, it } from 'vitest'
import type { ManifestCase } from '../../contract/index.ts'
import { createAxisAlignedGrid, createGrid } from '../../imaging/geometry/index.ts'
import { writeLabelmap } from '../../imaging/labelmap/index.ts'
import { writeNifti } from '../../imaging/nifti/index.ts'
import { loadCase } from './loadCase.ts'

const GRID = createAxisAlignedGrid([6, 5, 4], [1, 1, 1])
/** The same box stored right to left. */
const FLIPPED = createGrid([6, 5, 4], [-1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])

/** Non-zero in the box [1, 5) × [1, 4) × [1, 3), value rising along x. */
const image = (flipped: boolean): Int16Array =>
  Int16Array.from({ length: 120 }, (_, voxel) => {
    const stored = voxel % 6
    const i = flipped ? 5 - stored : stored
    const j = Math.floor(voxel / 6) % 5
    const k = Math.floor(voxel / 30)
    return i >= 1 && i < 5 && j >= 1 && j < 4 && k >= 1 && k < 3 ? 100 * i : 0
  })

async function caseFiles(): Promise<{
  source: ManifestCase
  read: (path: string) => Promise<Uint8Array>
}> {
  const nifti = (flipped: boolean) =>
    writeNifti({
      grid: flipped ? FLIPPED : GRID,
      voxels: image(flipped),
      voxelType: 'int16',
      gzip: true,
    })
  const labels = new Uint8Array(120)
  labels[2 + 6 * (2 + 5 * 2)] = 3
  const files: Record<string, Uint8Array> = {
    'flair.nii.gz': await nifti(false),
    't1.nii.gz': await nifti(true),
    't2.nii.gz': await writeNifti({
      grid: createAxisAlignedGrid([6, 5, 5], [1, 1, 1]),
      voxels: new Int16Array(150),
      voxelType: 'int16',
      gzip: true,
    }),
    'seg.nii.gz': await writeLabelmap({ labels, grid: GRID, convention: 'et4' }),
  }
  return {
    source: {
      caseId: 'case-one',
      name: 'Case one',
      images: { flair: 'flair.nii.gz', t1: 't1.nii.gz', t2: 't2.nii.gz' },
      label: { path: 'seg.nii.gz', convention: 'et4' },
    },
    read: async (path) => files[path],
  }
}

describe('loading a case', () => {
  it('brings sequences of different storage order together, cropped and normalised', async () => {
    const { source, read } = await caseFiles()
    const requirements = { sequences: ['t1', 'flair'] as const, spacingMm: undefined }
    const prepared = await loadCase(source, requirements, read)
    expect(prepared.dims).toEqual([4, 3, 2])
    expect(prepared.placement.crop.origin).toEqual([1, 1, 1])
    expect(prepared.channels[0]).toEqual(prepared.channels[1])
    // 100, 200, 300, 400 have mean 250 and deviation 111.8.
    expect(prepared.channels[1][0]).toBeCloseTo(-150 / 111.8034, 4)
    expect(prepared.channels[1][3]).toBeCloseTo(150 / 111.8034, 4)
  })

  it('finds the tumour where it is drawn', async () => {
    const { source, read } = await caseFiles()
    const prepared = await loadCase(source, { sequences: ['flair'], spacingMm: undefined }, read)
    const voxel = 1 + 4 * (1 + 3 * 1)
    expect(prepared.labels?.[voxel]).toBe(3)
    expect(prepared.foreground.map((list) => [...list])).toEqual([[], [], [voxel]])
  })

  it('resamples to the voxel size the network works at', async () => {
    const { source, read } = await caseFiles()
    const prepared = await loadCase(source, { sequences: ['flair'], spacingMm: 0.5 }, read)
    expect(prepared.dims).toEqual([8, 6, 4])
    expect(prepared.labels?.reduce((n, label) => n + (label === 3 ? 1 : 0), 0)).toBeGreaterThan(0)
  })

  it('names the sequence that a case lacks', async () => {
    const { source, read } = await caseFiles()
    await expect(
      loadCase(source, { sequences: ['t1ce'], spacingMm: undefined }, read),
    ).rejects.toThrow('Case Case one has no T1ce')
  })

  it('refuses sequences on different grids in plain words', async () => {
    const { source, read } = await caseFiles()
    await expect(
      loadCase(source, { sequences: ['flair', 't2'], spacingMm: undefined }, read),
    ).rejects.toThrow(/the T2 lies on a grid of 6×5×5 voxels, the other images on 6×5×4/)
  })

  it('accepts a case without a label', async () => {
    const { source, read } = await caseFiles()
    const prepared = await loadCase(
      { ...source, label: null },
      { sequences: ['flair'], spacingMm: undefined },
      read,
    )
    expect(prepared.labels).toBeNull()
    expect(prepared.foreground).toEqual([])
  })
})
