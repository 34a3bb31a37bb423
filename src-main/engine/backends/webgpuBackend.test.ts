import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  conv3d,
  convTranspose3d2x,
  instanceNorm,
  registerWebgpuBackend,
  RemoteDevice,
  WEBGPU_BACKEND,
} from '../kernels/index.ts'
import { tf } from '../tensor.ts'
import { openBackend } from './index.ts'

type T5 = tf.Tensor5D
type T1 = tf.Tensor1D

const before = process.env.GLIADESK_WEBGPU_SOFTWARE
process.env.GLIADESK_WEBGPU_SOFTWARE = '1'
const found = await openBackend('webgpu').then(
  (device) => ({ device, reason: '' }),
  (error: unknown) => ({ device: null, reason: String(error) }),
)
const skipped = found.device ? '' : ` (skipped: ${found.reason})`

/** Values between −1 and 1 that follow from the place alone. */
function wave(shape: number[], speed: number): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * speed)),
    shape,
  )
}

/** Losses of six updates of a small encoder and decoder by Adam. */
function train(): number[] {
  const variables = tf.tidy(() => [
    tf.variable(wave([3, 3, 3, 1, 4], 0.9).mul(0.3)),
    tf.variable(wave([3, 3, 3, 4, 8], 1.7).mul(0.2)),
    tf.variable(wave([2, 2, 2, 8, 4], 2.3).mul(0.3)),
    tf.variable(tf.ones([4])),
    tf.variable(tf.zeros([4])),
  ])
  const [first, down, up, gamma, beta] = variables as unknown as [T5, T5, T5, T1, T1]
  const [x, target] = [wave([2, 6, 4, 8, 1], 0.37) as T5, wave([2, 6, 4, 8, 4], 0.11)]
  const optimiser = tf.train.adam(0.02)
  const losses: number[] = []
  for (let step = 0; step < 6; step++) {
    const cost = optimiser.minimize(
      () => {
        const fine = instanceNorm(conv3d(x, first), gamma, beta, 0.01)
        const coarse = tf.leakyRelu(conv3d(fine, down, 2), 0.01)
        return convTranspose3d2x(coarse as T5, up)
          .sub(target)
          .square()
          .mean()
      },
      true,
      variables,
    )
    losses.push(cost!.dataSync()[0]!)
    cost!.dispose()
  }
  optimiser.dispose()
  tf.dispose([...variables, x, target])
  return losses
}

describe('openBackend with WebGPU', () => {
  afterAll(() => {
    process.env.GLIADESK_WEBGPU_SOFTWARE = '1'
  })

  it.skipIf(found.device?.gpu)('never takes a software rasteriser by itself', async () => {
    const device = await openBackend('auto')
    expect(device.backend).not.toBe('webgpu')
  })

  it('finds no graphics card in a rasteriser that nobody asked for', async () => {
    delete process.env.GLIADESK_WEBGPU_SOFTWARE
    if (found.device?.gpu) return expect((await openBackend('webgpu')).gpu).toBe(true)
    await expect(openBackend('webgpu')).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringContaining('graphics card') as string,
    })
  })
})

describe.skipIf(found.device === null)(`WebGPU backend${skipped}`, () => {
  beforeAll(async () => void (await openBackend('webgpu')))
  afterAll(() => {
    if (before === undefined) delete process.env.GLIADESK_WEBGPU_SOFTWARE
    else process.env.GLIADESK_WEBGPU_SOFTWARE = before
  })

  it('says what it computes on, and calls no rasteriser a GPU', () => {
    const { description, gpu } = found.device!
    expect(description).toMatch(/^WebGPU · /)
    expect(/software rasteriser/.test(description)).toBe(!gpu)
  })

  it('trains as WebAssembly does, to 1e-4 of the loss, and leaves no tensor behind', async () => {
    await openBackend('wasm')
    const expected = train()
    await openBackend('webgpu')
    const tensors = tf.memory().numTensors
    const actual = train()
    expect(tf.memory().numTensors).toBe(tensors)
    actual.forEach((loss, i) => expect(Math.abs(loss / expected[i]! - 1)).toBeLessThan(1e-4))
    expect(actual[5]).toBeLessThan(actual[0]!)
    // Chunks and their order follow from the shapes alone.
    expect(train()).toEqual(actual)
  })

  it('reads the same values waiting and not waiting', async () => {
    const x = tf.tidy(() => wave([2000], 0.3).mul(2).add(1))
    const y = tf.tidy(() => wave([2000], 0.3).mul(2).add(1))
    expect(await x.data()).toEqual(y.dataSync())
    tf.dispose([x, y])
  })

  it('makes floats of whole numbers, on the card and before they get there', () => {
    const few = tf.tidy(() =>
      tf
        .oneHot(tf.tensor1d([2, 0, 1], 'int32'), 3)
        .toFloat()
        .transpose(),
    )
    const many = tf.tidy(() => tf.range(0, 3000, 1, 'int32').add(1).toFloat().mul(0.5))
    expect([...few.dataSync()]).toEqual([0, 1, 0, 0, 0, 1, 1, 0, 0])
    expect([...many.dataSync().slice(2997)]).toEqual([1499, 1499.5, 1500])
    tf.dispose([few, many])
  })

  it('chooses between tensors of five axes', () => {
    const chosen = tf.tidy(() => {
      const x = wave([1, 2, 3, 4, 50], 0.3)
      return [tf.where(x.greater(0), x, tf.zerosLike(x)), tf.relu(x)]
    }) as [tf.Tensor, tf.Tensor]
    expect(chosen[0].shape).toEqual([1, 2, 3, 4, 50])
    expect(chosen[0].dataSync()).toEqual(chosen[1].dataSync())
    tf.dispose(chosen)
  })

  it('cuts work that is long for a card without changing a bit of it', async () => {
    const compute = (): number[][] => {
      const x = wave([2, 9, 8, 7, 4], 0.3) as T5
      const filter = wave([3, 3, 3, 4, 8], 0.7) as T5
      const dy = wave([2, 9, 8, 7, 8], 0.9)
      const results = [
        tf.tidy(() => conv3d(x, filter)),
        ...tf.grads((a, f) => conv3d(a as T5, f as T5))([x, filter], dy),
      ]
      const values = results.map((tensor) => [...tensor.dataSync()])
      tf.dispose([x, filter, dy, ...results])
      return values
    }
    const whole = compute()
    const request = { vulkanLoader: null, allowSoftware: true }
    registerWebgpuBackend(await RemoteDevice.open(request, ''), 4e5)
    await tf.setBackend(WEBGPU_BACKEND)
    expect(compute()).toEqual(whole)
  })

  it('says that a shader or its bindings are wrong instead of handing out values', async () => {
    const device = await RemoteDevice.open({ vulkanLoader: null, allowSoftware: true }, '')
    const buffer = device.createBuffer({ size: 16, usage: 0x80 | 4 })
    device.createComputePipeline({ compute: { module: { code: 'fn' }, entryPoint: 'main' } })
    expect(() => device.readSync(buffer)).toThrow(/WGSL/)
    expect([...new Float32Array(device.readSync(buffer))]).toEqual([0, 0, 0, 0])
    await device.close()
  })

  it('says that the card is gone and what to do, waiting and not waiting', async () => {
    const device = await RemoteDevice.open({ vulkanLoader: null, allowSoftware: true }, '')
    const buffer = device.createBuffer({ size: 16, usage: 0x80 | 4 })
    expect(device.readSync(buffer).byteLength).toBe(16)
    device.lose()
    await expect(device.read(buffer)).rejects.toMatchObject({
      code: 'DEVICE_LOST',
      remedy: expect.stringContaining('last checkpoint') as string,
    })
    expect(() => device.readSync(buffer)).toThrow(/stopped answering/)
    expect(device.isLost).toBe(true)
    await device.close()
  })
})
