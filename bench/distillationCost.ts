/**
 * What a distillation strategy costs: seconds of one forward and backward pass of the compact student with it,
 * against the same pass without any. The teacher's forward pass is left out and given beside it.
 *
 *     node bench/distillationCost.ts [tensorflow|wasm] [repetitions]
 */
import { performance } from 'node:perf_hooks'
import {
  DEFAULT_DISTILLATION,
  type BackendChoice,
  type DistillationConfig,
  type NetworkConfig,
} from '../src-main/contract/index.ts'
import { openBackend } from '../src-main/engine/backends/index.ts'
import {
  createDistillation,
  type TapShape,
  type TapShapes,
} from '../src-main/engine/distillation/index.ts'
import { deepSupervisionLoss, oneHotPyramid } from '../src-main/engine/losses/index.ts'
import { buildUNet, type NetworkOutput } from '../src-main/engine/networks/index.ts'
import { tf } from '../src-main/engine/tensor.ts'
import { randomStream } from '../src-main/imaging/random/randomStream.ts'

const backend = (process.argv[2] ?? 'auto') as BackendChoice
const repetitions = Number(process.argv[3] ?? 5)

const PATCH: [number, number, number] = [48, 48, 48]
const NETWORK: NetworkConfig = {
  kind: 'unet',
  channels: [12, 24, 48, 96],
  convolutionsPerLevel: 1,
  residual: false,
  deepSupervision: true,
}

const gkd = DEFAULT_DISTILLATION.gkd
const ARMS: [string, DistillationConfig][] = [
  ['none', DEFAULT_DISTILLATION.none],
  ['label-smoothing', DEFAULT_DISTILLATION['label-smoothing']],
  ['logits', DEFAULT_DISTILLATION.logits],
  ['hint', DEFAULT_DISTILLATION.hint],
  ['prototype', DEFAULT_DISTILLATION.prototype],
  ['gkd-published', DEFAULT_DISTILLATION['gkd-published']],
  ['gkd', gkd],
  ['gkd, no message passing', { ...gkd, messagePassing: 0 }],
  ['gkd, 6³ nodes, two rounds', { ...gkd, gridSize: 6, messagePassing: 2 }],
  ['gkd, regions', { ...gkd, nodes: 'regions' }],
]

const device = await openBackend(backend)
const stream = randomStream(1)
const student = buildUNet(NETWORK, 1, 4, stream.fork('student'))
const teacher = buildUNet(NETWORK, 4, 4, stream.fork('teacher'))
const noise = (channels: number): tf.Tensor5D => {
  const draws = stream.fork(`images/${channels}`)
  const values = Float32Array.from({ length: 48 ** 3 * channels }, () => draws.normal())
  return tf.tensor5d(values, [1, ...PATCH, channels])
}
const images = noise(1)
const fourSequences = noise(4)
const classes = Uint8Array.from({ length: 48 ** 3 }, (_, i) => (i % 48 < 12 ? i % 4 : 0))
const labels = tf.tensor4d(Int32Array.from(classes), [1, ...PATCH], 'int32')
const targets = oneHotPyramid(classes, PATCH, 4, 3).map(({ data, voxels }) =>
  tf.tensor2d(data, [voxels, 4]),
)

const milliseconds = (work: () => void): number => {
  const started = performance.now()
  work()
  return performance.now() - started
}
/** Neighbours on the machine only ever add time. */
const fastest = (values: number[]): number => Math.min(...values)

const shapesOf = ({ taps }: NetworkOutput): TapShapes =>
  Object.fromEntries(
    Object.entries(taps).map(([name, { shape }]): [string, TapShape] => [
      name,
      [shape[1], shape[2], shape[3], shape[4]],
    ]),
  )

let teacherOutput = teacher.forward(fourSequences)
const teacherTimes = Array.from({ length: repetitions }, () =>
  milliseconds(() => {
    tf.dispose([...teacherOutput.logits, ...Object.values(teacherOutput.taps)])
    teacherOutput = tf.tidy(() => {
      const { logits, taps } = teacher.forward(fourSequences)
      return { logits: [...logits], taps: { ...taps } }
    })
    teacherOutput.logits[0].dataSync()
  }),
)
const shapes = shapesOf(teacherOutput)

const strategies = ARMS.map(([name, config]) => {
  const strategy = createDistillation(config, {
    stream: stream.fork(name),
    studentShapes: shapes,
    teacherShapes: shapes,
  })
  let observing = 0
  if (strategy.needsObservation) {
    observing = milliseconds(() => strategy.observeTeacher(teacherOutput, labels))
    strategy.finishObservation()
  }
  const variables = [...student.parameters.values(), ...strategy.parameters.values()]
  const step = (): void =>
    tf.tidy(() => {
      const { value } = tf.variableGrads(() => {
        const output = student.forward(images, strategy.splitTap)
        const input = { step: 50, totalSteps: 100, student: output, teacher: teacherOutput, labels }
        const { total } = deepSupervisionLoss(output.logits, targets, { dice: 1, crossEntropy: 1 })
        return total.add<tf.Scalar>(strategy.loss(input).total)
      }, variables)
      value.dataSync()
    })
  return { name, step, observing, times: [] as number[], parameters: strategy.parameters }
})

// Interleaved, so that a neighbour on the machine slows every arm alike.
for (let round = 0; round <= repetitions; round++) {
  for (const arm of strategies) {
    const time = milliseconds(arm.step)
    if (round > 0) arm.times.push(time)
  }
}

const plain = fastest(strategies[0].times)
console.log(`${device.backend}: ${device.description}; fastest of ${repetitions}, patch 48³`)
console.log(`teacher forward ${fastest(teacherTimes).toFixed(0)} ms`)
console.log('strategy | ms | of a plain step | parameters | ms to observe a batch')
for (const { name, times, observing, parameters } of strategies) {
  const time = fastest(times)
  const count = [...parameters.values()].reduce((sum, { size }) => sum + size, 0)
  console.log(
    `${name} | ${time.toFixed(0)} | ${(time / plain).toFixed(2)} | ${count} | ${observing.toFixed(0)}`,
  )
}
