import { beforeAll, describe, expect, it } from 'vitest'
import { LABEL_COUNT, SEQUENCES, type NetworkConfig } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { openBackend } from '../backends/index.ts'
import { preparedCase } from '../data/preparedCase.fixture.ts'
import { tf } from '../tensor.ts'
import { inputsFor, smallPlan } from '../training/trainingRun.fixture.ts'
import { createTrainingState, disposeTrainingState } from '../training/trainingState.ts'
import { trainStep } from '../training/trainStep.ts'
import { buildNetwork } from './buildNetwork.ts'
import { countParameters } from './countParameters.ts'
import { parameterCount } from './parameters.ts'
import { classLogitsOfRegions } from './regionHead.ts'

const config: NetworkConfig = {
  ...{ kind: 'unet', channels: [6, 10, 12], convolutionsPerLevel: 1, residual: false },
  ...{ deepSupervision: true, head: 'regions' },
}
const SIZE = [16, 16, 16] as const

beforeAll(async () => {
  await openBackend('wasm')
})

describe('class logits of regions', () => {
  it('are largest where BraTS’s nested thresholds put the voxel, whatever the signs', () => {
    const stream = randomStream(8, 'regions')
    const values = Float32Array.from({ length: 300 }, () => stream.normal())
    const classes = classLogitsOfRegions(tf.tensor5d(values, [1, 1, 1, 100, 3]))
    const labels = tf.argMax(classes, 4).dataSync()
    labels.forEach((label, i) => {
      const [w, t, e] = values.subarray(3 * i, 3 * i + 3)
      expect(label).toBe(w <= 0 ? 0 : t <= 0 ? 2 : e <= 0 ? 1 : 3)
    })
  })
})

describe('a network that answers regions', () => {
  it('has one output a region, and answers classes to whoever asks', () => {
    const network = buildNetwork(config, 2, LABEL_COUNT, randomStream(1))
    expect(parameterCount(network.parameters)).toBe(countParameters(config, 2, LABEL_COUNT))
    expect(network.classes).toBe(LABEL_COUNT)
    tf.tidy(() => {
      const { logits, regions } = network.forward(tf.ones([1, 8, 8, 8, 2]))
      expect(logits.map(({ shape }) => shape)).toEqual([[1, 8, 8, 8, 4]])
      expect(regions!.map(({ shape }) => shape)).toEqual([
        [1, 8, 8, 8, 3],
        [1, 4, 4, 4, 3],
      ])
    })
    network.dispose()
    expect(() => buildNetwork(config, 2, 3, randomStream(1))).toThrow(/four labels of BraTS/)
  })

  it('is trained on the regions', () => {
    const state = createTrainingState(inputsFor(smallPlan({ network: config }), []))
    const { channels, labels } = preparedCase(SIZE, SEQUENCES, { seed: 1 })
    const batch = {
      ...{ patches: [{ size: SIZE, channels, labels }], sequences: SEQUENCES },
      ...{ caseNames: ['Case 1'], isLabelled: true },
    }
    const losses = Array.from({ length: 8 }, () => trainStep(state, batch).loss)
    expect(losses[7]).toBeLessThan(0.95 * losses[0])
    disposeTrainingState(state)
  })
})
