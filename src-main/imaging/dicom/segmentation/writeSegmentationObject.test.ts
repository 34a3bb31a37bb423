import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGrid, maxCornerDistanceMm } from '../../geometry/index.ts'
import { rejectionOf } from '../../testing/rejection.ts'
import { bytesAsSource } from '../read/byteSource.ts'
import { segmentationRequest } from '../testing/segmentationRequest.ts'
import { planesOfGrid, type ImagePlanes } from '../write/imagePlanes.ts'
import { readSegmentationLabels } from './readSegmentationLabels.ts'
import { readSegmentationObject } from './readSegmentationObject.ts'
import { segmentationGrid } from './segmentationGrid.ts'
import { writeSegmentationObject, type SegmentationToWrite } from './writeSegmentationObject.ts'

// Oblique, left-handed in LPS, 35 pixels a frame: frames do not begin on a byte.
const GRID = createGrid(
  [7, 5, 4],
  [-0.9, 0.02, 0, 10, -0.02, -0.9, 0.1, -20, 0, 0.1, 5, 30, 0, 0, 0, 1],
)
const LABELS = Uint8Array.from({ length: 140 }, (_, i) => (i < 35 ? 0 : (i * 7) % 4))

const read = (bytes: Uint8Array) => readSegmentationObject(bytesAsSource('case_seg.dcm', bytes))
const write = (request: Partial<SegmentationToWrite>) =>
  writeSegmentationObject(
    segmentationRequest({ labels: LABELS, planes: planesOfGrid(GRID), ...request }),
  )

describe('writeSegmentationObject', () => {
  it.each(['BINARY', 'LABELMAP'] as const)(
    'a %s comes back with the same voxels in the same places',
    async (kind) => {
      const object = await read(write({ kind }))
      const { labels, reading, offMm } = await readSegmentationLabels(object, GRID)
      expect(labels).toEqual(LABELS)
      expect(offMm).toBeLessThan(1e-4)
      expect(reading).toBe('NCR as NCR, ED as ED, ET as ET')
    },
  )

  it('a labelmap spans the grid that it was drawn on', async () => {
    const upright = createGrid(
      [7, 5, 4],
      [-0.9, 0, 0, 10, 0, -0.9, 0, -20, 0, 0, 5, 30, 0, 0, 0, 1],
    )
    const bytes = write({ kind: 'LABELMAP', planes: planesOfGrid(upright) })
    expect(maxCornerDistanceMm(segmentationGrid(await read(bytes)), upright)).toBeLessThan(1e-4)
  })

  it('slices that are not quite evenly spaced are met where they lie', async () => {
    const even = planesOfGrid(GRID)
    const planes: ImagePlanes = {
      ...even,
      slices: even.slices.map(({ positionMm: [x, y, z], image }, k) => ({
        positionMm: [x, y, z + (k === 1 ? 0.4 : 0)],
        image,
      })),
    }
    const object = await read(write({ planes }))
    const { labels, offMm } = await readSegmentationLabels(object, GRID, { series: [planes] })
    expect(labels).toEqual(LABELS)
    expect(offMm).toBeLessThan(1e-9)
    // Without the slices of the series there is only the even grid, which they are off.
    const error = await rejectionOf(() => readSegmentationLabels(object, GRID))
    expect(error.message).toContain('does not lie on a slice')
  })

  it('any labels of any size come back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          dims: fc.tuple(
            fc.integer({ min: 1, max: 9 }),
            fc.integer({ min: 1, max: 9 }),
            fc.integer({ min: 1, max: 4 }),
          ),
          seed: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 40 }),
          kind: fc.constantFrom('BINARY' as const, 'LABELMAP' as const),
        }),
        async ({ dims, seed, kind }) => {
          const grid = createGrid(dims, GRID.indexToWorld)
          const count = dims[0] * dims[1] * dims[2]
          const labels = Uint8Array.from({ length: count }, (_, i) => seed[i % seed.length])
          const object = await read(write({ kind, labels, planes: planesOfGrid(grid) }))
          expect((await readSegmentationLabels(object, grid)).labels).toEqual(labels)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('empty slices of a segment have no frame, and the segments are numbered from 1 on', async () => {
    const labels = new Uint8Array(140)
    labels[3 * 35 + 4] = 3
    labels[1 * 35] = 2
    const object = await read(write({ labels }))
    expect(object.segments.map(({ number, label }) => [number, label])).toEqual([
      [1, 'ED'],
      [2, 'ET'],
    ])
    expect(object.frames.map(({ segment }) => segment)).toEqual([1, 2])
  })

  it('a case without tumour has one empty frame and reads as no label', async () => {
    const object = await read(write({ labels: new Uint8Array(140) }))
    expect(object.frames).toHaveLength(1)
    const { labels } = await readSegmentationLabels(object, GRID)
    expect(labels).toEqual(new Uint8Array(140))
  })

  it('says who drew it, and refers to the images it was drawn on', async () => {
    const own = planesOfGrid(GRID)
    const planes: ImagePlanes = {
      ...own,
      series: { seriesInstanceUid: '1.2.3.4', studyInstanceUid: '1.2.3' },
      slices: own.slices.map((slice, k) => ({
        ...slice,
        image: {
          sopClassUid: '1.2.840.10008.5.1.4.1.1.4',
          sopInstanceUid: `1.2.3.4.${k + 1}`,
          frameNumber: null,
        },
      })),
    }
    const bytes = write({
      planes,
      algorithm: { type: 'SEMIAUTOMATIC', name: 'Teacher 1', version: '7' },
    })
    const object = await read(bytes)
    expect(object.referencedSeriesUids).toEqual(['1.2.3.4'])
    expect(object.segments[0]).toMatchObject({
      type: { scheme: 'SCT', value: '6574001', meaning: 'Necrosis' },
      algorithmType: 'SEMIAUTOMATIC',
      algorithmName: 'Teacher 1',
    })
    const text = new TextDecoder('latin1').decode(bytes)
    // Once in the list of the series, then for the frames of three segments.
    expect(text.match(/1\.2\.3\.4\.2/g)).toHaveLength(4)
  })

  it('the same request gives the same bytes', () => {
    expect(write({})).toEqual(write({}))
  })
})
