/**
 * Measures one compute backend in a process of its own and prints one JSON record.
 *
 *     node bench/engineStepWorker.ts tensorflow|webgpu|wasm|tfjs-wasm '<JSON of EngineBenchPlan>'
 *
 * "tfjs-wasm" is TensorFlow.js's own WebAssembly backend with the same network: the baseline of our kernels.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { openBackend } from '../src-main/engine/backends/index.ts'
import { conv3d } from '../src-main/engine/kernels/index.ts'
import { deepSupervisionLoss, oneHotPyramid } from '../src-main/engine/losses/index.ts'
import { buildUNet } from '../src-main/engine/networks/index.ts'
import { createOptimiser } from '../src-main/engine/optimisers/index.ts'
import { tf } from '../src-main/engine/tensor.ts'
import { randomStream } from '../src-main/imaging/random/randomStream.ts'
import { convolutionGflop, median } from './engineBenchPlan.ts'
import type { EngineBenchPlan, EngineBenchRecord } from './engineBenchPlan.ts'

const [backend, planText] = process.argv.slice(2) as [string, string]
const plan = JSON.parse(planText) as EngineBenchPlan

async function openBaseline(): Promise<string> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
  const require = createRequire(import.meta.url)
  const packageFile = require.resolve('@tensorflow/tfjs-backend-wasm/package.json')
  setWasmPaths(join(dirname(packageFile), 'dist/'))
  await tf.setBackend('wasm')
  return 'TensorFlow.js WebAssembly backend 4.22'
}

function timeMedian(work: () => void, repetitions: number): number {
  work()
  const seconds = Array.from({ length: repetitions }, () => {
    const start = performance.now()
    work()
    return (performance.now() - start) / 1000
  })
  return median(seconds)
}

/** Reading a value waits for a card, which computes behind our back; on the processor the results are there already. */
function finish(results: readonly tf.Tensor[]): void {
  if (backend === 'webgpu') tf.tidy(() => results.at(-1)!.flatten().slice(0, 1).dataSync())
  tf.dispose([...results])
}

function measureConvolutions(): EngineBenchRecord['convolutions'] {
  return plan.convolutions.map((shape) => {
    const { size, inChannels, outChannels, stride } = shape
    const x = tf.randomNormal<tf.Rank.R5>([1, size, size, size, inChannels], 0, 1, 'float32', 1)
    const filter = tf.randomNormal<tf.Rank.R5>(
      [3, 3, 3, inChannels, outChannels],
      0,
      1,
      'float32',
      2,
    )
    const forward = timeMedian(() => {
      finish([tf.tidy(() => conv3d(x, filter, stride))])
    }, plan.repetitions)
    const both = tf.grads((a: tf.Tensor, f: tf.Tensor) =>
      conv3d(a as tf.Tensor5D, f as tf.Tensor5D, stride),
    )
    const out = Math.ceil(size / stride)
    const dy = tf.ones([1, out, out, out, outChannels])
    const withGradients = timeMedian(() => finish(both([x, filter], dy)), plan.repetitions)
    tf.dispose([x, filter, dy])
    const gflop = convolutionGflop(shape)
    return { forward: gflop / forward, withGradients: (3 * gflop) / withGradients }
  })
}

/** Forward, backward and Adam of the whole network, as in training; the batch is ready in memory. */
function measureStep(): NonNullable<EngineBenchRecord['step']> {
  const { patchSize, network, sequences, batchSize } = plan
  const stream = randomStream(1)
  const net = buildUNet(network, sequences, 4, stream.fork('init'))
  const optimiser = createOptimiser(net.parameters, {
    kind: 'adam',
    weightDecay: 0,
    clipNorm: 12,
  })
  const voxels = patchSize ** 3 * batchSize
  const draws = stream.fork('data')
  const values = Float32Array.from({ length: voxels * sequences }, () => draws.normal())
  const labels = Uint8Array.from({ length: voxels }, (_, i) => (i >> 3) % 4)
  const levels = network.deepSupervision ? network.channels.length - 1 : 1
  const pyramid = oneHotPyramid(labels, [patchSize, patchSize, patchSize], 4, levels)
  const variables = [...net.parameters.values()]
  let loss = 0
  const step = (): void =>
    tf.tidy(() => {
      const x = tf.tensor5d(values, [batchSize, patchSize, patchSize, patchSize, sequences])
      const targets = pyramid.map(({ data, voxels: rows }) => tf.tensor2d(data, [rows, 4]))
      const { value, grads } = tf.variableGrads(
        () =>
          deepSupervisionLoss(net.forward(x, undefined, plan.checkpointing).logits, targets, {
            dice: 1,
            crossEntropy: 1,
          }).total,
        variables,
      )
      loss = value.dataSync()[0]!
      optimiser.apply(
        new Map([...net.parameters].map(([name, variable]) => [name, grads[variable.name]!])),
        1e-3,
      )
    })
  const first = performance.now()
  step()
  const firstSeconds = (performance.now() - first) / 1000
  const firstLoss = loss
  // A backend that needs a minute a step is measured once.
  const seconds = firstSeconds > 15 ? firstSeconds : timeMedian(step, plan.repetitions)
  return { seconds, firstLoss }
}

const description =
  backend === 'tfjs-wasm'
    ? await openBaseline()
    : (await openBackend(backend as 'tensorflow' | 'webgpu' | 'wasm')).description
const record: EngineBenchRecord = {
  description,
  convolutions: backend === 'tfjs-wasm' ? [] : measureConvolutions(),
  step: plan.measureStep ? measureStep() : null,
  peakMib: process.resourceUsage().maxRSS / 1024,
}
console.log(JSON.stringify(record))
process.exit(0)
