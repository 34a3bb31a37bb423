import { describe, expect, it } from 'vitest'
import { LABEL_COUNT, type NetworkConfig } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { preparedCase } from '../data/preparedCase.fixture.ts'
import { hasRelaxedSimd, registerSharedMemoryBackend, volumeKernels } from '../kernels/index.ts'
import { buildUNet } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import { predictCase } from './predictCase.ts'
import type { CasePrediction } from './toCaseGrid.ts'

const CONFIG: NetworkConfig = {
  kind: 'unet',
  channels: [6, 10, 12],
  convolutionsPerLevel: 1,
  residual: false,
  deepSupervision: false,
}
const INFERENCE = { stepFraction: 0.5, mirror: false, minEnhancingMl: 0 }

async function openThreads(threads: number): Promise<void> {
  const options = { threads, relaxedSimd: hasRelaxedSimd() }
  tf.removeBackend(registerSharedMemoryBackend(options))
  await tf.setBackend(registerSharedMemoryBackend(options))
}

const network = () => buildUNet(CONFIG, 1, LABEL_COUNT, randomStream(4, 'prediction'))
// Odd sizes, several windows along each axis.
const predict = (net: ReturnType<typeof network>, seed = 1): Promise<CasePrediction> =>
  predictCase(net, preparedCase([27, 21, 19], ['flair'], { seed }), [16, 16, 16], INFERENCE, {
    afterWindows: async () => undefined,
  })

describe('the prediction of a whole case', () => {
  it('has the same bits on one, two and three threads', async () => {
    const answers: CasePrediction[] = []
    for (const threads of [1, 2, 3]) {
      await openThreads(threads)
      expect(volumeKernels().threads).toBe(threads)
      const net = network()
      answers.push(await predict(net))
      net.dispose()
    }
    const [{ labels, uncertainty }] = answers
    expect(new Set(labels).size).toBeGreaterThan(1)
    expect(new Set(uncertainty).size).toBeGreaterThan(1)
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  })

  it('keeps nothing: case after case, tensors and the kernels’ memory stay as they are', async () => {
    await openThreads(2)
    const net = network()
    const { heap } = volumeKernels()
    const state = () => [tf.memory().numTensors, heap.usedBytes, heap.reservedBytes]
    const before = tf.memory().numTensors
    await predict(net, 1)
    const afterOne = state()
    await predict(net, 2)
    await predict(net, 3)
    expect(state()).toEqual(afterOne)
    expect(afterOne[0]).toBe(before)
    net.dispose()
  })
})
