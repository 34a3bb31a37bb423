import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../../backends/index.ts'
import { tf } from '../../tensor.ts'
import { graphRunner } from '../execution/graphRunner.ts'
import { readOnnxModel } from '../onnx/readOnnxModel.ts'
import { exportOnnx } from './exportOnnx.ts'
import { FIXTURE_KINDS, fixtureImage, fixtureModel } from './exportedModel.fixture.ts'

beforeAll(async () => {
  await openBackend('wasm')
})

/** Of onnxruntime 1.30 on the fixture below: every 157th logit of the formula image (bench/reference/exported_onnx.py). */
const LOGITS = [
  0.6282012, 1.540703, 0.3513557, 0.7360026, -0.1584071, -0.2123844, -0.1763173, 0.4222079,
  0.4773943, 0.4828422, 0.6394324, 0.5676258, 0.5610033, 0.5952944,
]

const residual = { residual: true, convolutionsPerLevel: 2 }

describe('a model as an ONNX file', () => {
  it('is computed by onnxruntime as by the network itself', async () => {
    const { network } = await fixtureModel(['flair', 't1ce'], residual)
    const values = Float32Array.from(
      { length: 1024 },
      (_, i) => Math.sin(0.37 * i) + Math.cos(0.011 * i),
    )
    const image = tf.transpose(tf.tensor5d(values, [1, 2, 8, 8, 8]), [0, 2, 3, 4, 1])
    const logits = tf.transpose(network.forward(image).logits[0], [0, 4, 1, 2, 3]).dataSync()
    LOGITS.forEach((value, i) => expect(Math.abs(logits[157 * i] - value)).toBeLessThan(1e-4))
  })

  it.each(FIXTURE_KINDS)('says to a reader what the network says: %s', async (_name, changes) => {
    const { network, exported } = await fixtureModel(['flair', 't1ce'], changes)
    const runner = graphRunner(readOnnxModel(exportOnnx(exported), 'a.onnx'))
    const image = fixtureImage([2, 4, 8, 12, 2])
    const found = runner.run(image, ['logits', 'probabilities'])
    const [logits] = network.forward(image).logits
    const difference = (a: tf.Tensor, b: tf.Tensor): number =>
      tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]
    expect(found.get('logits')!.shape).toEqual([2, 4, 8, 12, 4])
    expect(difference(found.get('logits')!, logits)).toBeLessThan(1e-4)
    expect(difference(found.get('probabilities')!, tf.softmax(logits))).toBeLessThan(1e-5)
  })

  it('leaves batch and extents free and names what it was trained on', async () => {
    const { exported } = await fixtureModel(['flair', 't1ce'], { spacingMm: 1.5 })
    const { opset, inputs, outputs, metadata } = readOnnxModel(exportOnnx(exported), 'a.onnx')
    expect(opset).toBe(17)
    const space = ['depth', 'height', 'width']
    expect(inputs).toEqual([{ name: 'image', elementType: 1, dims: ['batch', 2, ...space] }])
    expect(outputs.map(({ name, dims }) => [name, dims])).toEqual([
      ['logits', ['batch', 4, ...space]],
      ['probabilities', ['batch', 4, ...space]],
    ])
    expect(metadata).toMatchObject({
      intended_use: 'Research use only: not a medical device.',
      sequences: '["FLAIR","T1ce"]',
      spacing_mm: '1.5',
      size_divisor: '4',
      trained_on_synthetic: 'true',
    })
    expect(JSON.parse(metadata['provenance'])).toMatchObject({
      strategy: 'gkd',
      teacherId: 'model-0',
    })
  })

  it('pads a strided convolution at the end only, where the network was trained so', async () => {
    const { exported } = await fixtureModel(['flair'])
    const { nodes } = readOnnxModel(exportOnnx(exported), 'a.onnx')
    const strided = nodes.filter(({ attributes }) => String(attributes.get('strides')) === '2,2,2')
    const convolutions = strided.filter(({ op }) => op === 'Conv')
    expect(convolutions.map(({ attributes }) => attributes.get('pads'))).toEqual([
      [0, 0, 0, 1, 1, 1],
      [0, 0, 0, 1, 1, 1],
    ])
  })

  it('gives the same bytes again', async () => {
    const { exported } = await fixtureModel(['flair'])
    expect(exportOnnx(exported)).toEqual(exportOnnx(exported))
  })

  it('is refused for a network that it cannot describe, and for weights that lack a layer', async () => {
    const { exported } = await fixtureModel(['flair'])
    const { model } = exported
    const other = { ...model, network: { ...model.network, kind: 'other' as 'unet' } }
    expect(() => exportOnnx({ ...exported, model: other })).toThrow(/kind "other"/)
    const weights = new Map(exported.weights)
    weights.delete('encoder.1.0.scale')
    expect(() => exportOnnx({ ...exported, weights })).toThrow(/lack.*encoder\.1\.0\.scale/)
  })
})
