import { describe, expect, it } from 'vitest'
import type { Lesion } from '../../../contract/dicomObjects.ts'
import { createAxisAlignedGrid } from '../../geometry/index.ts'
import { TEST_OBJECT } from '../testing/segmentationRequest.ts'
import { planesOfGrid, type ImagePlanes } from '../write/imagePlanes.ts'
import { writeMeasurementReport } from './writeMeasurementReport.ts'

const own = planesOfGrid(createAxisAlignedGrid([8, 8, 3], [1, 1, 2]))
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
const LESION: Lesion = {
  number: 1,
  volumeMl: 1,
  slice: 1,
  longest: { lengthMm: 5, from: [1, 2, 1], to: [4, 6, 1] },
  perpendicular: { lengthMm: 2.5, from: [3, 3, 1], to: [1, 4, 1] },
  productMm2: 12.5,
  measurable: false,
}

const write = (sliceAxis = 2): string =>
  Buffer.from(
    writeMeasurementReport({
      ...TEST_OBJECT,
      planes,
      sliceAxis,
      segmentation: {
        sopClassUid: '1.2.840.10008.5.1.4.1.1.66.4',
        sopInstanceUid: '2.25.11',
        seriesInstanceUid: '2.25.12',
        segmentOf: new Map([[3, 1]]),
      },
      volumesMl: { necrosis: 0, edema: 0, enhancing: 1.25, WT: 1.25, TC: 1.25, ET: 1.25 },
      lesions: [LESION],
      sumOfProductsMm2: 0,
    }),
  ).toString('latin1')

describe('writeMeasurementReport', () => {
  it('names the segmentation, its segment and every volume', () => {
    const text = write()
    expect(text).toContain('2.25.11')
    expect(text.match(/118565006/g)).toHaveLength(5)
    expect(text.match(/1\.25/g)).toHaveLength(3)
    // NCR and ED have no voxels and so no segment.
    expect(text.match(/Referenced Segment/g)).toHaveLength(3)
  })

  it('draws both diameters on the image of their slice, from the centres of its pixels', () => {
    const bytes = Buffer.from(write(), 'latin1')
    const line = Buffer.from(Float32Array.of(1.5, 2.5, 4.5, 6.5).buffer)
    const at = bytes.indexOf(line)
    expect(at).toBeGreaterThan(0)
    expect(bytes.subarray(at, at + 400).toString('latin1')).toContain('1.2.3.4.2')
    expect(bytes.toString('latin1').match(/POLYLINE/g)).toHaveLength(2)
  })

  it('draws nothing where lesions were measured across the images', () => {
    expect(write(1)).not.toContain('POLYLINE')
  })
})
