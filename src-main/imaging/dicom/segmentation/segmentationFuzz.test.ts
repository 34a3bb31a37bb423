import { expect, it } from 'vitest'
import { GliadeskError } from '../../../contract/errors.ts'
import { createGrid } from '../../geometry/index.ts'
import { randomStream } from '../../random/randomStream.ts'
import { bytesAsSource } from '../read/byteSource.ts'
import { segmentationRequest } from '../testing/segmentationRequest.ts'
import { planesOfGrid } from '../write/imagePlanes.ts'
import { readSegmentationLabels } from './readSegmentationLabels.ts'
import { readSegmentationObject } from './readSegmentationObject.ts'
import { segmentationGrid } from './segmentationGrid.ts'
import { writeSegmentationObject } from './writeSegmentationObject.ts'

const GRID = createGrid([5, 4, 3], [-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1])
const LABELS = Uint8Array.from({ length: 60 }, (_, i) => (i * 5) % 4)

it('damaged segmentations end in labels or in a sentence', async () => {
  const random = randomStream(20261124)
  const seeds = (['BINARY', 'LABELMAP'] as const).map((kind) =>
    writeSegmentationObject(
      segmentationRequest({ kind, labels: LABELS, planes: planesOfGrid(GRID) }),
    ),
  )
  let refused = 0
  for (let round = 0; round < 1500; round++) {
    const bytes = new Uint8Array(seeds[round % seeds.length])
    const changes = 1 + random.integer(12)
    for (let n = 0; n < changes; n++) {
      bytes[random.integer(bytes.length)] = random.integer(256)
    }
    const cut = random.chance(0.2) ? random.integer(bytes.length) : bytes.length
    try {
      const object = await readSegmentationObject(bytesAsSource('seg.dcm', bytes.subarray(0, cut)))
      segmentationGrid(object)
      await readSegmentationLabels(object, GRID)
    } catch (error) {
      expect(error).toBeInstanceOf(GliadeskError)
      refused++
    }
  }
  expect(refused).toBeGreaterThan(300)
}, 20_000)
