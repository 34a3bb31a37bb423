import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deviceInfoSchema } from '../../contract/index.ts'
import { conv3d, instanceNorm } from '../kernels/index.ts'
import { tf } from '../tensor.ts'
import {
  findTensorflow,
  inspectBackends,
  openBackend,
  readInstallation,
  tensorflowFolder,
} from './index.ts'

const tensorflow = findTensorflow()
/** A graphics card takes the place of WebAssembly. */
const hasCard = await openBackend('webgpu').then(
  ({ gpu }) => gpu,
  () => false,
)

/** Five updates of a small network by plain gradient descent; the loss of each. */
function descend(): number[] {
  const values = Float32Array.from({ length: 6 * 7 * 8 * 2 }, (_, i) => Math.sin(i * 0.7))
  const weights = Float32Array.from({ length: 27 * 2 * 4 }, (_, i) => Math.cos(i) * 0.3)
  const x = tf.tensor5d(values, [1, 6, 7, 8, 2])
  const filter = tf.tidy(() => tf.variable(tf.tensor5d(weights, [3, 3, 3, 2, 4])))
  const gamma = tf.tidy(() => tf.variable(tf.ones<tf.Rank.R1>([4])))
  const beta = tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R1>([4])))
  const optimiser = tf.train.sgd(0.1)
  const losses: number[] = []
  for (let step = 0; step < 5; step++) {
    const cost = optimiser.minimize(
      () => {
        const y = instanceNorm(
          conv3d(x, filter as tf.Tensor5D),
          gamma as tf.Tensor1D,
          beta as tf.Tensor1D,
          0.01,
        )
        return y.sub(0.5).square().mean() as tf.Scalar
      },
      true,
      [filter, gamma, beta],
    )
    losses.push(cost!.dataSync()[0]!)
    cost!.dispose()
  }
  tf.dispose([x, filter, gamma, beta])
  optimiser.dispose()
  return losses
}

describe('openBackend', () => {
  let cache: string
  const before = process.env.XDG_CACHE_HOME

  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'gliadesk-cache-'))
  })

  afterEach(() => {
    if (before === undefined) delete process.env.XDG_CACHE_HOME
    else process.env.XDG_CACHE_HOME = before
    rmSync(cache, { recursive: true })
  })

  it.skipIf(hasCard)(
    'says why it falls back to WebAssembly where TensorFlow is not set up',
    async () => {
      process.env.XDG_CACHE_HOME = cache
      const device = await openBackend('auto')
      expect(deviceInfoSchema.parse(device)).toMatchObject({ backend: 'wasm', gpu: false })
      expect(device.fallbackReason).toMatch(
        /TensorFlow is not set up.*WebGPU found no graphics card/,
      )
      expect(device.description).toMatch(/^WebAssembly · (relaxed )?SIMD · \d+ threads?$/)
    },
  )

  it('refuses TensorFlow by name where it is not set up, with the command that does it', async () => {
    process.env.XDG_CACHE_HOME = cache
    await expect(openBackend('tensorflow')).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      remedy: expect.stringContaining('npm run setup:tensorflow') as string,
    })
  })

  it('takes WebAssembly without a word of fallback when it was asked for', async () => {
    expect((await openBackend('wasm')).fallbackReason).toBeNull()
  })

  it('repeats a run bit for bit on WebAssembly, leaving no tensor and no memory behind', async () => {
    await openBackend('wasm')
    const first = descend()
    const tensors = tf.memory().numTensors
    expect(descend()).toEqual(first)
    expect(tf.memory().numTensors).toBe(tensors)
    expect(first[4]).toBeLessThan(first[0]!)
  })

  it('reports every backend, the unusable ones with their reason', async () => {
    process.env.XDG_CACHE_HOME = cache
    const reports = await inspectBackends({ selfTest: false })
    expect(reports.map(({ name, usable }) => [name, usable])).toEqual([
      ['tensorflow', false],
      ['webgpu', hasCard],
      ['wasm', true],
    ])
    expect(reports[0]!.reason).toMatch(/not set up/)
  })

  it('ignores a setup that never finished', () => {
    expect(readInstallation(tensorflowFolder('cpu', { XDG_CACHE_HOME: cache }))).toBeNull()
  })
})

const skipped = tensorflow.state === 'missing' ? ` (skipped: ${tensorflow.reason})` : ''

describe.skipIf(tensorflow.state === 'missing')(`TensorFlow backend${skipped}`, () => {
  it('trains as WebAssembly does, to single precision, and repeats itself', async () => {
    await openBackend('wasm')
    const expected = descend()
    const device = await openBackend('auto')
    expect(device.description).toMatch(/^TensorFlow \d+\.\d+\.\d+ · /)
    expect(device.backend).toBe('tensorflow')
    const actual = descend()
    actual.forEach((loss, i) => expect(loss).toBeCloseTo(expected[i]!, 4))
    expect(descend()).toEqual(actual)
  })
})
