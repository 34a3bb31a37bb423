import { beforeAll, describe, expect, it } from 'vitest'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { tf } from '../tensor.ts'
import { similarityConvolution } from './graphConvolution.ts'
import { similarityEdges, unitLength } from './graphEdges.ts'
import { strategyParameters } from './strategyParameters.ts'
import { waveTensor } from './waveBatch.ts'

const layers = ['bottleneck', 'decoder.0']

function build(rounds: number) {
  const parameters = strategyParameters(randomStream(3))
  const options = { layers, dimension: 3, rounds, edgeTemperature: 0.5 }
  return { parameters: parameters.all, convolution: similarityConvolution(options, parameters) }
}

const nodes = () => ({
  student: [0.4, 2.2].map((phase) => unitLength(waveTensor<tf.Rank.R3>([2, 5, 3], phase))),
  teacher: [1.2, 1.8].map((phase) => unitLength(waveTensor<tf.Rank.R3>([2, 5, 3], phase))),
})
const everyone = () => tf.ones<tf.Rank.R2>([2, 5])

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('message passing on the student', () => {
  it('changes nothing before its transform has learned anything', () => {
    const { student } = nodes()
    const { student: after } = build(2).convolution.readout(nodes(), everyone())
    after.forEach((x, layer) => {
      const difference = x.sub(student[layer]).abs().max().dataSync()[0]
      expect(difference).toBeLessThan(2e-6)
    })
  })

  it('equals PyTorch for one round over two layers', () => {
    // bench/reference/gkd_terms.py
    const { convolution, parameters } = build(1)
    parameters
      .get('graph.message.0')!
      .assign(waveTensor<tf.Rank.R2>([3, 3], 0.9).mul(0.3) as tf.Tensor2D)
    const { student } = convolution.readout(nodes(), everyone())
    const node = (layer: number) => Array.from(student[layer].dataSync().slice(3, 6))
    const expected = [
      [0.0097512, 0.8720478, 0.4893226],
      [0.4258569, 0.1554916, -0.891329],
    ]
    expected.forEach((row, layer) =>
      row.forEach((x, i) => expect(node(layer)[i]).toBeCloseTo(x, 5)),
    )
  })

  it('can start: the transform has a gradient where it is 0', () => {
    const { convolution, parameters } = build(1)
    const transform = parameters.get('graph.message.0')!
    const { grads } = tf.variableGrads(
      () => convolution.readout(nodes(), everyone()).student[0].mul(nodes().teacher[0]).sum(),
      [transform],
    )
    const [gradient] = Object.values(grads)
    expect(gradient.abs().sum().dataSync()[0]).toBeGreaterThan(0.1)
  })

  it('never lets a teacher value into a message', () => {
    const { convolution, parameters } = build(1)
    parameters.get('graph.message.0')!.assign(waveTensor<tf.Rank.R2>([3, 3], 0.9))
    const read = (teacherScale: number): number[] => {
      const both = nodes()
      const teacher = both.teacher.map((x) => x.mul<tf.Tensor3D>(teacherScale))
      return Array.from(convolution.readout({ ...both, teacher }, everyone()).student[0].dataSync())
    }
    expect(read(1)).toEqual(read(-5))
  })

  it('keeps the messages of an absent node from the others', () => {
    const { convolution, parameters } = build(1)
    parameters.get('graph.message.0')!.assign(waveTensor<tf.Rank.R2>([3, 3], 0.9))
    const presence = tf.tensor2d([1, 1, 1, 0, 1, 1, 1, 1, 1, 1], [2, 5])
    const read = (lost: number): number[] => {
      const both = nodes()
      const student = both.student.map((x) =>
        x.add<tf.Tensor3D>(presence.sub<tf.Tensor2D>(1).mul(lost).expandDims(2)),
      )
      const rows = convolution.readout({ ...both, student }, presence).student[0].arraySync()
      return rows[0].filter((_, i) => i !== 3).flat()
    }
    read(7).forEach((x, i) => expect(x).toBeCloseTo(read(0)[i], 6))
  })
})

describe('edges inside a network', () => {
  it('sum to 1 a node and leave out the node itself', () => {
    const alpha = similarityEdges(nodes().student[0], everyone(), 0.1).arraySync()
    for (const sample of alpha) {
      sample.forEach((row, i) => {
        expect(row[i]).toBe(0)
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5)
      })
    }
  })

  it('are absent where a node has no other', () => {
    const alone = unitLength(waveTensor<tf.Rank.R3>([1, 1, 3], 0.4))
    expect(similarityEdges(alone, tf.ones([1, 1]), 0.1).dataSync()[0]).toBe(0)
  })
})
