import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { maxCornerDistanceMm } from '../../geometry/index.ts'
import { readNrrd } from '../../nrrd/index.ts'
import { rejectionOf } from '../../testing/rejection.ts'
import { hasSharedData, NEEDS_SHARED_DATA, readSharedData } from '../../testing/sharedData.ts'
import { bytesAsSource } from '../read/byteSource.ts'
import { readSegmentationObject } from './readSegmentationObject.ts'
import { segmentationGrid } from './segmentationGrid.ts'
import { segmentMasks } from './segmentMasks.ts'

const read = (path: string) =>
  readSegmentationObject(bytesAsSource(path, readSharedData(`dicom/${path}`)))

async function truthOf(path: string) {
  const { volumes } = await readNrrd(readSharedData(`dicom/seg-dcmqi/${path}`), path)
  return volumes[0]
}

describe.skipIf(!hasSharedData)(`segmentations of other programs${NEEDS_SHARED_DATA}`, () => {
  it.each([
    // Segment, the file that holds its truth, and the value that stands for it there.
    ['23x38x3/seg/label.seg', [[1, '23x38x3/nrrd/label.nrrd', 1]]],
    ['24x38x3/seg/label.seg', [[1, '24x38x3/nrrd/label.nrrd', 1]]],
    ['liver.dcm', [[1, 'liver_seg.nrrd', 1]]],
    [
      'partial_overlaps.dcm',
      [
        [1, 'partial_overlaps-1.nrrd', 1],
        [2, 'partial_overlaps-2.nrrd', 2],
        [3, 'partial_overlaps-3.nrrd', 3],
        [4, 'partial_overlaps-1.nrrd', 4],
        [5, 'partial_overlaps-1.nrrd', 5],
      ],
    ],
    ['sparse-labelmap-noppv.dcm', [[1, 'sparse_labelmap_noppv_seg.nrrd', 1]]],
    ['sparse-labelmap-ppv5.dcm', [[1, 'sparse_labelmap_ppv5_seg.nrrd', 1]]],
  ] as const)('dcmqi %s equals its truth in every voxel and place', async (path, segments) => {
    const object = await read(`seg-dcmqi/${path}`)
    const { grid: truthGrid } = await truthOf(segments[0][1])
    const { masks, offMm } = await segmentMasks(object, truthGrid)
    expect(offMm).toBeLessThan(1e-4)
    expect([...masks.keys()]).toEqual(segments.map(([number]) => number))
    for (const [number, file, value] of segments) {
      const { voxels } = await truthOf(file)
      const expected = Uint8Array.from(voxels, (voxel) => (voxel === value ? 1 : 0))
      expect(expected).toContain(1)
      expect(Buffer.compare(masks.get(number) ?? Buffer.alloc(0), expected)).toBe(0)
    }
    expect(maxCornerDistanceMm(segmentationGrid(object), truthGrid)).toBeLessThan(1e-4)
  })

  // Frames, sum and CRC-32 of the pixels by pydicom 3.0.2 (bench/reference/dicom_segmentations.py).
  it.each([
    ['seg-highdicom/seg_image_ct_binary.dcm', 3, 638, 3577978727],
    ['seg-highdicom/seg_image_ct_binary_fractional.dcm', 3, 162690, 2443472360],
    ['seg-highdicom/seg_image_ct_binary_overlap.dcm', 8, 80, 2871030282],
    ['seg-highdicom/seg_image_ct_binary_single_frame.dcm', 1, 1832, 1173811938],
    ['seg-highdicom/seg_image_ct_true_fractional.dcm', 3, 83136, 3332775472],
    ['seg-highdicom/seg_image_sm_control_labelmap.dcm', 20, 6064, 2976293153],
    ['seg-dcmqi/partial_overlaps.dcm', 7, 43639, 1463521944],
  ])('%s has the pixels that pydicom reads', async (path, count, sum, checksum) => {
    const object = await read(path)
    expect(object.frames).toHaveLength(count)
    const frames = await Promise.all(object.frames.map((_, index) => object.readPixels(index)))
    const pixels = Uint8Array.from(frames.flatMap((frame) => Array.from(frame)))
    expect(pixels.reduce((total, pixel) => total + pixel, 0)).toBe(sum)
    expect(crc32(pixels)).toBe(checksum)
  })

  it('a half of a fraction counts as inside, less does not', async () => {
    const object = await read('seg-highdicom/seg_image_ct_true_fractional.dcm')
    const { masks } = await segmentMasks(object, segmentationGrid(object))
    const frames = await Promise.all(object.frames.map((_, index) => object.readPixels(index)))
    const stored = frames.flatMap((frame) => Array.from(frame))
    expect(new Set(stored)).toEqual(new Set([0, 64, 128]))
    expect(Array.from(masks.get(1) ?? [])).toEqual(stored.map((value) => Number(value === 128)))
  })

  it('frames far apart are kept on one grid with empty slices in between', async () => {
    const object = await read('seg-highdicom/seg_image_ct_binary_overlap.dcm')
    const grid = segmentationGrid(object)
    // From −99.48 to 105.52 mm in steps of 1.25 mm.
    expect(grid.dims).toEqual([16, 16, 165])
    const { masks } = await segmentMasks(object, grid)
    const count = (number: number): number =>
      masks.get(number)?.reduce((sum, voxel) => sum + voxel, 0) ?? 0
    expect(count(1) + count(2)).toBe(80)
  })

  it('a segmentation of a microscope slide is refused where images of a patient are asked for', async () => {
    const object = await read('seg-highdicom/seg_image_sm_control_labelmap.dcm')
    const error = await rejectionOf(() => segmentationGrid(object))
    expect(error.message).toContain('microscope slide')
  })

  it('an image is refused as a segmentation', async () => {
    const error = await rejectionOf(() => read('seg-highdicom/ct_image.dcm'))
    expect(error).toMatchObject({ code: 'BAD_FILE' })
    expect(error.message).toContain('no DICOM segmentation')
  })
})
