import { describe, expect, it } from 'vitest'
import { toCanonical } from '../../geometry/index.ts'
import { readNifti } from '../../nifti/index.ts'
import { generateSyntheticCase } from '../../synthetic/index.ts'
import { hasSharedData, NEEDS_SHARED_DATA, readSharedData } from '../../testing/sharedData.ts'
import { diceOf } from '../testing/diceOf.ts'
import { dressHead } from '../testing/dressHead.ts'
import { extractBrain, isSkullStripped } from './extractBrain.ts'
import { icosphere } from './icosphere.ts'

const FRACTION = 0.55

describe('finding the brain', () => {
  it('agrees with the truth in a synthetic head with skull, scalp and neck', () => {
    const source = generateSyntheticCase({ seed: 4, index: 0, dims: [48, 56, 48], kappa: 0.5 })
    const head = dressHead(source, 4)
    const inRas = (voxels: Float32Array | Uint8Array) =>
      toCanonical({
        grid: head.grid,
        voxelType: voxels instanceof Uint8Array ? 'uint8' : 'float32',
        voxels,
      }).volume
    const { grid, voxels } = inRas(head.images.t1)
    const found = extractBrain(voxels, grid, FRACTION)
    expect(diceOf(found.mask, inRas(head.brain).voxels)).toBeGreaterThan(0.93)
    expect(found.wasStripped).toBe(false)
  })

  it.runIf(hasSharedData)(
    `agrees with the mask of the ICBM average${NEEDS_SHARED_DATA}`,
    async () => {
      const read = async (name: string) =>
        (await readNifti(readSharedData(`templates/2mm_${name}.nii.gz`), name)).volume
      const image = await read('T1')
      const found = extractBrain(image.voxels, image.grid, FRACTION)
      expect(diceOf(found.mask, (await read('brainmask')).voxels)).toBeGreaterThan(0.93)
    },
  )

  it('recognises an image that is stripped already and keeps its voxels', () => {
    const { images, grid } = generateSyntheticCase({
      seed: 4,
      index: 0,
      dims: [32, 36, 32],
      kappa: 0.5,
    })
    expect(isSkullStripped(images.t2, grid)).toBe(true)
    const found = extractBrain(images.t2, grid, FRACTION)
    expect(found.wasStripped).toBe(true)
    expect(diceOf(found.mask, images.t2)).toBe(1)
  })

  it('starts from a closed sphere', () => {
    const { vertices, triangles, neighbours } = icosphere(2)
    expect(neighbours).toHaveLength(162)
    expect(triangles).toHaveLength(3 * 320)
    // Euler: vertices − edges + faces = 2.
    const edges = neighbours.reduce((sum, list) => sum + list.length, 0) / 2
    expect(162 - edges + 320).toBe(2)
    for (let v = 0; v < vertices.length; v += 3) {
      expect(Math.hypot(vertices[v], vertices[v + 1], vertices[v + 2])).toBeCloseTo(1, 12)
    }
  })
})
