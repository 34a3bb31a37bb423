import { beforeAll, describe, expect, it } from 'vitest'
import { LABEL_COUNT, type NetworkConfig, type Sequence } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { openBackend } from '../backends/index.ts'
import { tf } from '../tensor.ts'
import { assignParameters } from './assignParameters.ts'
import { inheritWeights } from './inheritWeights.ts'
import type { Network } from './network.ts'
import { readParameters } from './parameters.ts'
import { buildUNet } from './unet.ts'

beforeAll(async () => {
  await openBackend('wasm')
})

const configOf = (channels: number[], changes: Partial<NetworkConfig> = {}): NetworkConfig => ({
  kind: 'unet',
  channels,
  convolutionsPerLevel: 2,
  residual: false,
  deepSupervision: true,
  ...changes,
})
const ALL: readonly Sequence[] = ['flair', 't1', 't1ce', 't2']
const build = (config: NetworkConfig, sequences: readonly Sequence[], seed: number): Network =>
  buildUNet(config, sequences.length, LABEL_COUNT, randomStream(seed, 'init'))

/** A teacher whose norms have scales and offsets of their own, as after training. */
function trainedTeacher(config: NetworkConfig): Network {
  const teacher = build(config, ALL, 1)
  const stream = randomStream(8, 'trained')
  for (const [name, variable] of teacher.parameters) {
    if (!/scale|offset|bias/.test(name)) continue
    const start = name.endsWith('scale') ? 0.8 : 0
    const values = Float32Array.from({ length: variable.size }, () => start + 0.3 * stream.normal())
    variable.assign(tf.tensor(values, variable.shape))
  }
  return teacher
}

async function heirOf(teacher: Network, config: NetworkConfig, sequences: readonly Sequence[]) {
  const student = build(config, sequences, 2)
  const weights = await readParameters(teacher.parameters)
  const source = { config: teacher.config, sequences: ALL, weights }
  const inherited = inheritWeights(source, { config, sequences })
  const own = await readParameters(student.parameters)
  const known = [...inherited].filter(([name]) => own.has(name))
  assignParameters(student.parameters, new Map([...own, ...known]), 'the teacher')
  return { student, inherited }
}

const patch = [8, 8, 8] as const
const noise = randomStream(5, 'image')
const image = Float32Array.from({ length: 512 }, () => noise.normal())
/** FLAIR of the image, everything else blank. */
const flairOf = (channels: number): tf.Tensor5D => {
  const values = new Float32Array(512 * channels)
  image.forEach((value, i) => (values[i * channels] = value))
  return tf.tensor5d(values, [1, ...patch, channels])
}
const answer = (network: Network): number[][] =>
  network.forward(flairOf(network.inChannels)).logits.map((x) => Array.from(x.dataSync()))

function expectSame(found: number[][], expected: number[][]): void {
  expect(found).toHaveLength(expected.length)
  found.forEach((values, level) =>
    values.forEach((value, i) => expect(Math.abs(value - expected[level][i])).toBeLessThan(2e-3)),
  )
}

describe('a student that starts from its teacher', () => {
  it('answers as the teacher would without its other sequences, where it is as wide', async () => {
    const teacher = trainedTeacher(configOf([4, 6, 8]))
    const { student } = await heirOf(teacher, configOf([4, 6, 8]), ['flair'])
    expectSame(answer(student), answer(teacher))
  })

  it.each([[[4, 6, 8]], [[5, 6, 8]]])('does so with residual paths of %s too', async (channels) => {
    const config = configOf(channels, { residual: true })
    const teacher = trainedTeacher(config)
    const { student } = await heirOf(teacher, config, ['flair'])
    expectSame(answer(student), answer(teacher))
  })

  it('loses nothing with channels that said nothing', async () => {
    const teacher = trainedTeacher(configOf([5, 7, 9]))
    // The first channel of every convolution and upsampling is silent.
    for (const [name, variable] of teacher.parameters) {
      const values = variable.dataSync().slice()
      const columns = variable.shape.at(-1)!
      if (/scale|offset/.test(name)) values[0] = 0
      else if (/up\.filter/.test(name))
        values.forEach((_, i) => i % columns === 0 && (values[i] = 0))
      else continue
      variable.assign(tf.tensor(values, variable.shape))
    }
    const { student } = await heirOf(teacher, configOf([4, 6, 8]), ['flair'])
    expectSame(answer(student), answer(teacher))
  })

  it('keeps the channels of the largest scale, in their order', async () => {
    const teacher = trainedTeacher(configOf([4, 6]))
    teacher.parameters.get('encoder.0.0.scale')!.assign(tf.tensor1d([0.1, -2, 0.5, 1]))
    const { inherited } = await heirOf(teacher, configOf([2, 6]), ['flair'])
    expect(Array.from(inherited.get('encoder.0.0.scale')!.values)).toEqual([-2, 1])
    expect(inherited.get('encoder.0.0.filter')!.shape).toEqual([3, 3, 3, 1, 2])
  })

  it('takes the filters of its own sequences, by name and not by place', async () => {
    const teacher = trainedTeacher(configOf([4, 6]))
    const { inherited } = await heirOf(teacher, configOf([4, 6]), ['t2', 't1'])
    const whole = teacher.parameters.get('encoder.0.0.filter')!
    const { values } = inherited.get('encoder.0.0.filter')!
    // Filter at the first place of the kernel, T2 to output 0 and T1 to output 3: rows 3 and 1 of the teacher's.
    expect(values[0]).toBe(whole.dataSync()[3 * 4])
    expect(values[4 + 3]).toBe(whole.dataSync()[1 * 4 + 3])
  })

  it('leaves heads that the teacher lacks to chance', async () => {
    const teacher = trainedTeacher(configOf([4, 6, 8], { deepSupervision: false }))
    const { inherited } = await heirOf(teacher, configOf([4, 6, 8]), ['flair'])
    expect(inherited.has('head.0.filter')).toBe(true)
    expect(inherited.has('head.1.filter')).toBe(false)
  })

  it.each([
    ['wider', configOf([5, 6, 8]), 'it is wider'],
    ['deeper', configOf([4, 6, 8, 8]), 'other resolution levels'],
    ['of other convolutions', configOf([4, 6, 8], { convolutionsPerLevel: 1 }), 'convolutions'],
    ['residual', configOf([4, 6, 8], { residual: true }), 'another kind'],
  ])('is refused where it is %s', async (_name, config, message) => {
    await expect(heirOf(trainedTeacher(configOf([4, 6, 8])), config, ['flair'])).rejects.toThrow(
      message,
    )
  })
})
