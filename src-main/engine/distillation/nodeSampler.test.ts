import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../tensor.ts'
import { gridNodes, regionNodes } from './nodeSampler.ts'
import { voxelClasses } from './voxelClasses.ts'
import { nestedBoxes, waveTensor } from './waveBatch.ts'

const patch: [number, number, number] = [4, 4, 5]
const classes = () => voxelClasses(nestedBoxes(1, patch), tf.zeros([1, ...patch, 4]))

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('nodes by region', () => {
  it('are the mean features of each class', () => {
    const features = waveTensor<tf.Rank.R5>([1, ...patch, 2], 0.5)
    const nodes = regionNodes(4).sample(features, classes()).arraySync()[0]
    const labels = nestedBoxes(1, patch).dataSync()
    const values = features.dataSync()
    for (let label = 0; label < 4; label++) {
      const members = Array.from(labels.keys()).filter((i) => labels[i] === label)
      for (let c = 0; c < 2; c++) {
        const mean = members.reduce((sum, i) => sum + values[2 * i + c], 0) / members.length
        expect(nodes[label][c]).toBeCloseTo(mean, 5)
      }
    }
  })

  it('weigh a coarse voxel by the share of the class in it', () => {
    // Along z: the first coarse slice is all class 1, the second holds one voxel in four of it.
    const labels = tf.tensor4d([1, 1, 1, 1, 1, 0, 0, 0], [1, 4, 1, 2], 'int32')
    const oneHot = voxelClasses(labels, tf.zeros([1, 4, 1, 2, 4]))
    const coarse = tf.tensor5d([10, 20], [1, 2, 1, 1, 1])
    const nodes = regionNodes(4).sample(coarse, oneHot).arraySync()[0]
    expect(nodes[1][0]).toBeCloseTo((4 * 10 + 1 * 20) / 5, 5)
    expect(nodes[0][0]).toBeCloseTo(20, 5)
  })

  it('are absent and finite where a class has no voxel', () => {
    const oneHot = voxelClasses(tf.zeros([1, ...patch], 'int32'), tf.zeros([1, ...patch, 4]))
    const regions = regionNodes(4)
    expect(Array.from(regions.presence(oneHot).dataSync())).toEqual([1, 0, 0, 0])
    const nodes = regions.sample(waveTensor<tf.Rank.R5>([1, ...patch, 2], 0.5), oneHot)
    expect(nodes.dataSync().every(Number.isFinite)).toBe(true)
  })
})

describe('nodes by place', () => {
  it('touch the tumour where the cell lies within two voxels of it', () => {
    const labels = tf.zeros<tf.Rank.R4>([1, 1, 1, 16], 'int32').dataSync().slice()
    labels[8] = 2
    const oneHot = voxelClasses(
      tf.tensor4d(labels, [1, 1, 1, 16], 'int32'),
      tf.zeros([1, 1, 1, 16, 4]),
    )
    // Cells of two voxels: voxel 8 lies in cell 4; cells 3 and 5 are within two voxels, 2 and 6 are not.
    const touches = gridNodes([1, 1, 8]).touchesTumour(oneHot)
    expect(Array.from(touches.dataSync())).toEqual([0, 0, 0, 1, 1, 1, 0, 0])
  })

  it('have the same mean features for a crop repeated along an axis', () => {
    const features = waveTensor<tf.Rank.R5>([1, 4, 4, 4, 2], 0.5)
    const longer = features.concat(features, 3)
    const once = gridNodes([2, 2, 1]).sample(features, classes()).dataSync()
    const twice = gridNodes([2, 2, 1]).sample(longer, classes()).dataSync()
    twice.forEach((v, i) => expect(v).toBeCloseTo(once[i], 5))
  })
})

describe('classes of the voxels', () => {
  it('come from the teacher where there is no label', () => {
    const logits = tf.tensor5d([0, 1, 5, 2, 9, 1, 5, 2], [1, 1, 1, 2, 4])
    expect(Array.from(voxelClasses(null, logits).dataSync())).toEqual([0, 0, 1, 0, 1, 0, 0, 0])
  })
})
