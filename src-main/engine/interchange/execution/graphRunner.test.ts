import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../../backends/index.ts'
import { GliadeskError } from '../../../contract/index.ts'
import { randomStream } from '../../../imaging/random/randomStream.ts'
import { tf } from '../../tensor.ts'
import type { OnnxModel } from '../onnx/onnxModel.ts'
import { readOnnxModel } from '../onnx/readOnnxModel.ts'
import { graphRunner } from './graphRunner.ts'

/** What onnxruntime answered (bench/reference/imported_networks.py). */
interface Answer {
  readonly inputShape: readonly [number, number, number, number, number]
  readonly shape: readonly number[]
  readonly everyNth: number
  readonly values: readonly number[]
}

const golden = new URL('testing/', import.meta.url)
let answers: Record<string, Answer>

beforeAll(async () => {
  await openBackend('wasm')
  answers = JSON.parse(await readFile(new URL('answers.json', golden), 'utf8'))
})

/** The image of the reference script, N×C×D×H×W there, channels last here. */
function image(shape: Answer['inputShape']): tf.Tensor5D {
  const length = shape.reduce((a, b) => a * b, 1)
  const values = Float32Array.from({ length }, (_, i) => Math.sin(0.37 * i) + Math.cos(0.011 * i))
  return tf.tidy(() => tf.transpose(tf.tensor5d(values, [...shape]), [0, 2, 3, 4, 1]))
}

const load = async (name: string) =>
  readOnnxModel(new Uint8Array(await readFile(new URL(`${name}.onnx`, golden))), `${name}.onnx`)

describe('a network from another framework', () => {
  it.each(['plainConvUNet', 'residualEncoderUNet', 'segResNet', 'segResNetDynamo', 'monaiUNet'])(
    'answers as onnxruntime does: %s',
    async (name) => {
      const { inputShape, shape, everyNth, values } = answers[name]
      const runner = graphRunner(await load(name))
      const x = image(inputShape)
      runner.run(x, ['y']).get('y')!.dispose()
      const before = tf.memory().numTensors
      const y = runner.run(x, ['y']).get('y')!
      expect(tf.memory().numTensors).toBe(before + 1)
      const first = tf.transpose(y, [0, 4, 1, 2, 3])
      expect(first.shape).toEqual(shape)
      const found = first.dataSync()
      values.forEach((value, i) => expect(Math.abs(found[i * everyNth] - value)).toBeLessThan(1e-4))
      runner.dispose()
    },
  )
})

describe('a damaged or strange network', () => {
  const run = async (change: (model: OnnxModel) => Partial<OnnxModel>): Promise<void> => {
    const model = await load('plainConvUNet')
    const runner = graphRunner({ ...model, ...change(model) })
    try {
      runner.run(image([1, 2, 8, 8, 8]), ['y'])
    } finally {
      runner.dispose()
    }
  }

  it.each<[string, (model: OnnxModel) => Partial<OnnxModel>, RegExp]>([
    [
      'an operator that nobody knows',
      ({ nodes }) => ({ nodes: [{ ...nodes[0], op: 'NonMaxSuppression' }, ...nodes.slice(1)] }),
      /\(NonMaxSuppression\) cannot be computed: operators understood are/,
    ],
    [
      'two inputs',
      ({ inputs }) => ({ inputs: [...inputs, { ...inputs[0], name: 'z' }] }),
      /does not read one volume/,
    ],
    [
      'weights for another number of sequences',
      ({ nodes, initializers }) => ({
        initializers: new Map(initializers).set(nodes[0].inputs[1], {
          dims: [1, 1, 1, 1, 1],
          values: Float32Array.of(1),
          isInteger: false,
        }),
      }),
      /it reads 1 channels and is given 2/,
    ],
    [
      'weights that are missing',
      ({ nodes, initializers }) => {
        const fewer = new Map(initializers)
        fewer.delete(nodes[0].inputs[1])
        return { initializers: fewer }
      },
      /its input 2 is missing/,
    ],
  ])('is refused by a sentence: %s', async (_name, change, message) => {
    await expect(run(change)).rejects.toThrow(message)
  })

  it('is refused where nobody asks for what it makes', async () => {
    const runner = graphRunner(await load('plainConvUNet'))
    expect(() => runner.run(image([1, 2, 8, 8, 8]), ['nothing'])).toThrow(/no value "nothing"/)
  })

  it('never takes the program down, whichever bytes are hurt', async () => {
    const bytes = new Uint8Array(await readFile(new URL('segResNet.onnx', golden)))
    const stream = randomStream(4, 'damage')
    for (let round = 0; round < 60; round++) {
      const hurt = bytes.slice()
      for (let i = 0; i < 3; i++) hurt[stream.integer(bytes.length)] = stream.integer(256)
      const before = tf.memory().numTensors
      try {
        const runner = graphRunner(readOnnxModel(hurt, 'hurt.onnx'))
        try {
          tf.tidy(() => [runner.run(image([1, 2, 4, 4, 4]), ['y']), []][1] as [])
        } finally {
          runner.dispose()
        }
      } catch (error) {
        expect(error).toBeInstanceOf(GliadeskError)
      }
      expect(tf.memory().numTensors).toBe(before)
    }
  })
})
