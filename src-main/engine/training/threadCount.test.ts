import { describe, expect, it } from 'vitest'
import { DEFAULT_DISTILLATION, LABEL_COUNT } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { hasRelaxedSimd, registerSharedMemoryBackend } from '../kernels/index.ts'
import { buildUNet } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import { runTraining } from './runTraining.ts'
import {
  inputsFor,
  memoryFiles,
  recordingPorts,
  smallPlan,
  writeCase,
} from './trainingRun.fixture.ts'

/** Losses and final weights of a short distillation, computed by a number of threads. */
async function distil(threads: number): Promise<{ losses: number[]; weights: Uint8Array }> {
  const options = { threads, relaxedSimd: hasRelaxedSimd() }
  tf.removeBackend(registerSharedMemoryBackend(options))
  await tf.setBackend(registerSharedMemoryBackend(options))
  const files = memoryFiles()
  const cases = [await writeCase(files, 1), await writeCase(files, 2)]
  const sequences = ['flair', 't1', 't1ce', 't2'] as const
  const network = buildUNet(smallPlan().network, 4, LABEL_COUNT, randomStream(9, 'teacher'))
  const plan = smallPlan({
    kind: 'distil',
    sequences: ['flair'],
    steps: 4,
    distillation: DEFAULT_DISTILLATION.gkd,
  })
  const ports = recordingPorts(files)
  const teacher = { network, sequences, window: [16, 16, 16] as const }
  await runTraining(inputsFor(plan, cases, { teacher, validation: [cases[1]] }), ports)
  network.dispose()
  return { losses: ports.losses, weights: files.contents.get('/job/weights.safetensors')! }
}

describe('the number of threads', () => {
  it('changes neither the curve nor a single bit of the weights', async () => {
    const alone = await distil(1)
    expect(alone.losses).toHaveLength(4)
    expect(await distil(2)).toEqual(alone)
    expect(await distil(5)).toEqual(alone)
  })
})
