import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../../backends/index.ts'
import { tf } from '../../tensor.ts'
import { exportTfjsGraph } from './exportTfjsGraph.ts'
import { FIXTURE_KINDS, fixtureImage, fixtureModel } from './exportedModel.fixture.ts'

beforeAll(async () => {
  await openBackend('wasm')
})

/** What `tf.loadGraphModel` does with the two files once it has fetched them. */
async function load(files: ReadonlyMap<string, Uint8Array>): Promise<tf.GraphModel> {
  const { weightsManifest, ...rest } = JSON.parse(new TextDecoder().decode(files.get('model.json')))
  const weightData = files.get('weights.bin')!.slice().buffer
  return tf.loadGraphModel({
    load: async () => ({ ...rest, weightSpecs: weightsManifest[0].weights, weightData }),
  })
}

describe('a model as a TensorFlow.js graph', () => {
  it.each(FIXTURE_KINDS)('answers as the network itself does: %s', async (_name, changes) => {
    const { network, exported } = await fixtureModel(['flair', 't1ce'], changes)
    const graph = await load(exportTfjsGraph(exported))
    // No two extents are equal, and neither is what the graph was written for.
    const image = fixtureImage([2, 4, 8, 12, 2])
    const [logits] = network.forward(image).logits
    const found = graph.execute({ image }, ['logits', 'probabilities']) as tf.Tensor[]
    expect(found[0].shape).toEqual([2, 4, 8, 12, 4])
    expect(tf.max(tf.abs(tf.sub(found[0], logits))).dataSync()[0]).toBeLessThan(1e-4)
    expect(tf.max(tf.abs(tf.sub(found[1], tf.softmax(logits)))).dataSync()[0]).toBeLessThan(1e-5)
  })

  it('has inputs and outputs with names, of any extent', async () => {
    const { exported } = await fixtureModel(['flair'])
    const graph = await load(exportTfjsGraph(exported))
    expect(graph.inputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['image', [-1, -1, -1, -1, 1]],
    ])
    expect(graph.outputs.map(({ name }) => name)).toEqual(['logits', 'probabilities'])
    const [logits] = graph.predict({ image: fixtureImage([1, 4, 4, 4, 1]) }) as tf.Tensor[]
    expect(logits.shape).toEqual([1, 4, 4, 4, 4])
  })

  it('says how it wants its images', async () => {
    const { exported } = await fixtureModel(['flair', 't1ce'], { spacingMm: 1.5 })
    const graph = await load(exportTfjsGraph(exported))
    expect(graph.metadata).toMatchObject({
      sequences: '["FLAIR","T1ce"]',
      labels: '{"0":"Background","1":"NCR","2":"ED","3":"ET"}',
      spacing_mm: '1.5',
      size_divisor: '4',
    })
  })
})
