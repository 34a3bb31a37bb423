/**
 * Compute backends against each other and against PyTorch on the same processor (and card, in single precision): GFLOP/s of single convolutions, seconds
 * of a training step, peak memory. Medians; every implementation in a process of its own, one after the other.
 *
 *     node bench/engineStep.ts [compact|medium] [--baseline]
 *
 * --baseline adds TensorFlow.js's own WebAssembly backend, which takes minutes. GLIADESK_BENCH_PYTHON names a Python that
 * has PyTorch (default: python3); without one the ratios are left out.
 */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { recipeSchema } from '../src-main/contract/index.ts'
import { findTensorflow, inspectBackends } from '../src-main/engine/backends/index.ts'
import type { EngineBenchPlan, EngineBenchRecord } from './engineBenchPlan.ts'
import { findPeerPython } from './peerPython.ts'
import { runWorker } from './runWorker.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const recipeName = process.argv.find((word) => word === 'medium') ?? 'compact'
const recipe = recipeSchema.parse(
  JSON.parse(readFileSync(here(`../models/recipes/unet-${recipeName}.json`), 'utf8')),
)

const plan: EngineBenchPlan = {
  convolutions: [
    { size: 32, inChannels: 16, outChannels: 16, stride: 1 },
    { size: 16, inChannels: 64, outChannels: 64, stride: 1 },
    { size: 64, inChannels: 16, outChannels: 16, stride: 1 },
    { size: 64, inChannels: 32, outChannels: 32, stride: 1 },
    { size: 64, inChannels: 16, outChannels: 32, stride: 2 },
    { size: 8, inChannels: 128, outChannels: 128, stride: 1 },
    { size: 96, inChannels: 16, outChannels: 16, stride: 1 },
  ],
  network: recipe.network,
  sequences: 4,
  patchSize: recipe.patchSize[0],
  batchSize: recipe.batchSize,
  repetitions: 7,
}

const measure = (command: string, args: readonly string[]): EngineBenchRecord | null =>
  runWorker(command, args, plan)

const peer = findPeerPython()
const worker = here('engineStepWorker.ts')
const records = new Map<string, EngineBenchRecord | null>()
records.set('wasm', measure(process.execPath, [worker, 'wasm']))
if (findTensorflow().state === 'found') {
  records.set('tensorflow', measure(process.execPath, [worker, 'tensorflow']))
} else {
  console.log('tensorflow: not set up ("npm run setup:tensorflow"), left out')
}
const [webgpu] = await inspectBackends({ selfTest: false, only: ['webgpu'] })
const hasCard = webgpu!.usable && webgpu!.gpu
if (hasCard) records.set('webgpu', measure(process.execPath, [worker, 'webgpu']))
else console.log(`webgpu: no GPU was found, left out (${webgpu!.reason ?? webgpu!.description})`)
if (peer.command === null) console.log(peer.absent)
else records.set('pytorch', measure(peer.command, [here('reference/engine_step.py')]))
if (hasCard && peer.command !== null) {
  const cuda = measure(peer.command, [here('reference/engine_step.py'), 'cuda'])
  if (cuda) records.set('pytorch-gpu', cuda)
  else console.log('PyTorch finds no CUDA card: webgpu is not compared with it')
}
if (process.argv.includes('--baseline')) {
  records.set('tfjs-wasm', measure(process.execPath, [worker, 'tfjs-wasm']))
}

const found = [...records].filter(
  (entry): entry is [string, EngineBenchRecord] => entry[1] !== null,
)
const pytorch = records.get('pytorch')
const onCard = records.get('pytorch-gpu')
const baseline = records.get('tfjs-wasm')
console.log(
  `\n${recipe.title}, patch ${plan.patchSize}³, batch ${plan.batchSize}, ${availableParallelism()} cores`,
)
for (const [name, { description }] of found) console.log(`${name.padEnd(11)} ${description}`)

console.log('\n3×3×3 convolution, GFLOP/s: forward | forward and both gradients')
plan.convolutions.forEach(({ size, inChannels, outChannels, stride }, i) => {
  const cells = found.flatMap(([name, { convolutions }]) => {
    const cell = convolutions[i]
    return cell ? [`${name} ${cell.forward.toFixed(0)} | ${cell.withGradients.toFixed(0)}`] : []
  })
  const title = `${size}³ ${inChannels}→${outChannels}${stride === 2 ? ' /2' : ''}`
  console.log(`${title.padEnd(15)} ${cells.map((cell) => cell.padEnd(24)).join('')}`)
})

console.log('\ntraining step (forward, backward, Adam)')
for (const [name, { step, peakMib }] of found) {
  const ratios = [
    pytorch ? `${(pytorch.step.seconds / step.seconds).toFixed(2)}× PyTorch's speed` : '',
    onCard && name === 'webgpu'
      ? `${(onCard.step.seconds / step.seconds).toFixed(2)}× PyTorch's speed on the card, fp32`
      : '',
    baseline ? `${(baseline.step.seconds / step.seconds).toFixed(1)}× TensorFlow.js wasm` : '',
    pytorch ? `${(peakMib / pytorch.peakMib).toFixed(2)}× PyTorch's memory` : '',
  ]
  console.log(
    `${name.padEnd(11)} ${(step.seconds * 1000).toFixed(0).padStart(7)} ms  ${peakMib.toFixed(0).padStart(5)} MiB  ${ratios.filter(Boolean).join(' · ')}`,
  )
}
