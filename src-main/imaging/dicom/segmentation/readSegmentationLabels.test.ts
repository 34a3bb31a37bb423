import { describe, expect, it } from 'vitest'
import { createGrid } from '../../geometry/index.ts'
import { rejectionOf } from '../../testing/rejection.ts'
import { readSegmentationLabels } from './readSegmentationLabels.ts'
import type { DicomSegment, SegmentationObject } from './segmentationObject.ts'

/** Two pixels a frame, three slices of 2 mm. */
const GRID = createGrid([2, 1, 3], [-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1])

const segment = (number: number, label: string, type = ''): DicomSegment => ({
  number,
  label,
  type: type === '' ? null : { scheme: 'SCT', value: type, meaning: label },
  algorithmType: 'MANUAL',
  algorithmName: null,
})

function segmentation(
  segments: readonly DicomSegment[],
  frames: readonly { segment: number | null; z: number; pixels: readonly number[] }[],
  more: Partial<SegmentationObject> = {},
): SegmentationObject {
  return {
    name: 'seg.dcm',
    kind: 'BINARY',
    rows: 1,
    columns: 2,
    segments,
    frames: frames.map(({ segment: number, z }) => ({
      segment: number,
      place: { positionMm: [0, 0, z], orientation: [1, 0, 0, 0, 1, 0], pixelSpacingMm: [1, 1] },
    })),
    sliceSpacingMm: null,
    sliceThicknessMm: null,
    maximumValue: 1,
    paddingValue: null,
    frameOfReferenceUid: null,
    referencedSeriesUids: [],
    readPixels: (frame) => Promise.resolve(frames[frame].pixels),
    ...more,
  }
}

describe('readSegmentationLabels', () => {
  it('tells a segment by its label, else by its code', async () => {
    const object = segmentation(
      [segment(1, 'ET'), segment(2, 'Segment_2', '79654002')],
      [
        { segment: 1, z: 0, pixels: [1, 0] },
        { segment: 2, z: 4, pixels: [0, 1] },
      ],
    )
    const { labels, reading } = await readSegmentationLabels(object, GRID)
    expect(Array.from(labels)).toEqual([3, 0, 0, 0, 0, 2])
    expect(reading).toBe('ET as ET, Segment_2 as ED')
  })

  it('believes the person more than the file, and leaves out what they leave out', async () => {
    const object = segmentation(
      [segment(1, 'ET'), segment(2, 'Brain')],
      [
        { segment: 1, z: 0, pixels: [1, 0] },
        { segment: 2, z: 0, pixels: [1, 1] },
      ],
    )
    const mapping = new Map([
      [1, [1]],
      [2, []],
    ])
    const { labels } = await readSegmentationLabels(object, GRID, { mapping })
    expect(Array.from(labels)).toEqual([1, 0, 0, 0, 0, 0])
  })

  it('the more specific of two nested regions counts', async () => {
    const object = segmentation(
      [segment(1, 'Whole tumour'), segment(2, 'Tumour core'), segment(3, 'Enhancing')],
      [
        { segment: 3, z: 2, pixels: [1, 0] },
        { segment: 1, z: 2, pixels: [1, 1] },
        { segment: 1, z: 0, pixels: [1, 1] },
        { segment: 2, z: 0, pixels: [1, 0] },
      ],
    )
    const { labels } = await readSegmentationLabels(object, GRID)
    expect(Array.from(labels)).toEqual([1, 2, 3, 2, 0, 0])
  })

  it('refuses classes that overlap, naming both and how many voxels', async () => {
    const object = segmentation(
      [segment(1, 'NCR'), segment(2, 'Edema')],
      [
        { segment: 1, z: 0, pixels: [1, 1] },
        { segment: 2, z: 0, pixels: [0, 1] },
      ],
    )
    const error = await rejectionOf(() => readSegmentationLabels(object, GRID))
    expect(error.message).toContain('"NCR" and "Edema" overlap in 1 voxels')
  })

  it('refuses segments whose meaning is unclear, with their numbers', async () => {
    const object = segmentation([segment(7, 'Liver')], [{ segment: 7, z: 0, pixels: [1, 1] }])
    const error = await rejectionOf(() => readSegmentationLabels(object, GRID))
    expect(error).toMatchObject({ code: 'BAD_INPUT' })
    expect(error.message).toContain('7 "Liver"')
  })

  it.each([
    ['between two slices', { z: 1 }, {}],
    ['on slices of another distance', { z: 0 }, { sliceSpacingMm: 4 }],
    ['outside of the images', { z: 6 }, {}],
  ])('refuses what was drawn %s', async (_, { z }, more) => {
    const object = segmentation([segment(1, 'ET')], [{ segment: 1, z, pixels: [1, 0] }], more)
    const error = await rejectionOf(() => readSegmentationLabels(object, GRID))
    expect(error).toMatchObject({ code: 'BAD_FILE' })
    expect(error.remedy).toContain('drawn on the images of this case')
  })

  it('refuses a number of a label map that nobody described, but not its padding', async () => {
    const frames = [{ segment: null, z: 0, pixels: [9, 1] }]
    const more = { kind: 'LABELMAP', paddingValue: 9 } as const
    const padded = segmentation([segment(1, 'ET')], frames, more)
    expect(Array.from((await readSegmentationLabels(padded, GRID)).labels).slice(0, 2)).toEqual([
      0, 3,
    ])
    const stray = segmentation([segment(1, 'ET')], frames, { ...more, paddingValue: null })
    const error = await rejectionOf(() => readSegmentationLabels(stray, GRID))
    expect(error.message).toContain('segment 9')
  })

  it('takes frames that were stacked along another axis', async () => {
    // One sagittal frame at x = −1 (LPS): its columns run along y, its rows upwards along z.
    const object = segmentation([segment(1, 'ET')], [{ segment: 1, z: 0, pixels: [1, 0, 1] }], {
      rows: 3,
      columns: 1,
      frames: [
        {
          segment: 1,
          place: { positionMm: [1, 0, 0], orientation: [0, 1, 0, 0, 0, 1], pixelSpacingMm: [2, 1] },
        },
      ],
    })
    const { labels } = await readSegmentationLabels(object, GRID)
    expect(Array.from(labels)).toEqual([0, 3, 0, 0, 0, 3])
  })
})
