import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { interleave } from '../data/index.ts'
import { preparedCase } from '../data/preparedCase.fixture.ts'
import { buildUNet, type Network } from '../networks/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { tf } from '../tensor.ts'
import { predictLogits } from './predictLogits.ts'

const hooks = { afterWindows: async () => undefined }
const config = {
  kind: 'unet' as const,
  channels: [4, 6],
  convolutionsPerLevel: 1,
  residual: false,
  deepSupervision: false,
}

/** Scores every voxel by its own value: class c gets c·x, whatever lies around it. */
function voxelwise(classes: number): Network {
  return {
    config,
    inChannels: 1,
    classes,
    parameters: new Map(),
    divisor: 1,
    forward: (x) => ({
      logits: [tf.mul(x, tf.range(0, classes)) as tf.Tensor5D],
      taps: {},
    }),
    dispose: () => undefined,
  }
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})
afterEach(() => tf.disposeVariables())

describe('sliding-window prediction', () => {
  it('is the direct forward pass where one window holds the case', async () => {
    const subject = preparedCase([8, 8, 8], ['flair', 't2'])
    const network = buildUNet(config, 2, 4, randomStream(1))
    const inference = { stepFraction: 0.5, mirror: false, minEnhancingMl: 0 }
    const windows = await predictLogits(network, subject, [8, 8, 8], inference, hooks)
    const input = tf.tensor5d(
      interleave([{ ...subject, size: subject.dims }], subject.sequences, subject.sequences),
      [1, 8, 8, 8, 2],
    )
    const direct = network.forward(input).logits[0].dataSync()
    windows.forEach((volume, c) =>
      volume.forEach((x, i) => expect(x).toBeCloseTo(direct[4 * i + c], 4)),
    )
  })

  it.each([
    ['a case larger than the window', [13, 10, 9], [8, 8, 8]],
    ['a case smaller than the window', [5, 10, 3], [8, 8, 8]],
    ['windows of unequal sides', [11, 6, 14], [8, 4, 6]],
  ] as const)('puts every voxel where it belongs: %s', async (_what, dims, window) => {
    const subject = preparedCase(dims, ['flair'])
    for (const mirror of [false, true]) {
      const inference = { stepFraction: 0.5, mirror, minEnhancingMl: 0 }
      const logits = await predictLogits(voxelwise(3), subject, window, inference, hooks)
      logits.forEach((volume, c) =>
        volume.forEach((x, i) => expect(x).toBeCloseTo(c * subject.channels[0][i], 4)),
      )
    }
  })

  it('reports its progress and stops where the hook throws, keeping no tensor', async () => {
    const subject = preparedCase([64, 64, 8], ['flair'])
    const before = tf.memory().numTensors
    const seen: string[] = []
    const inference = { stepFraction: 0.5, mirror: false, minEnhancingMl: 0 }
    await predictLogits(voxelwise(2), subject, [64, 64, 8], inference, {
      afterWindows: async (done, total) => {
        seen.push(`${done}/${total}`)
      },
    })
    expect(seen).toEqual(['1/1'])
    await expect(
      predictLogits(voxelwise(2), subject, [8, 8, 8], inference, {
        afterWindows: async () => {
          throw new Error('cancelled')
        },
      }),
    ).rejects.toThrow('cancelled')
    expect(tf.memory().numTensors).toBe(before)
  })
})
