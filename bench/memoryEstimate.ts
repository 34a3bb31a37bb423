/**
 * `node bench/memoryEstimate.ts [wasm] [checkpointing]`: the estimate of a training's memory against what a training step is measured to hold, for
 * several networks and patches on both backends, or on one and with recomputation only, each in a process of its own. On wasm also the bytes of its shared heap,
 * which repeat exactly; `src-main/engine/planning/memoryEstimate.test.ts` holds the estimate to them.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { SEQUENCES, type BackendName, type TrainingPlan } from '../src-main/contract/index.ts'
import { openBackend } from '../src-main/engine/backends/index.ts'
import { estimateTrainingMemory, sumOfParts } from '../src-main/engine/planning/index.ts'
import { tf } from '../src-main/engine/tensor.ts'
import { inputsFor, smallPlan } from '../src-main/engine/training/trainingRun.fixture.ts'
import { createTrainingState } from '../src-main/engine/training/trainingState.ts'
import { trainStep } from '../src-main/engine/training/trainStep.ts'

interface Setting {
  readonly channels: number[]
  readonly convolutions: number
  readonly residual: boolean
  readonly edge: number
  readonly batchSize: number
  readonly sequences: number
  readonly checkpointing: boolean
}

const setting = (
  channels: number[],
  [convolutions, edge, batchSize, sequences]: readonly [number, number, number, number],
  { residual = false, checkpointing = false } = {},
): Setting => ({ channels, convolutions, edge, batchSize, sequences, residual, checkpointing })

const SETTINGS: readonly Setting[] = [
  setting([12, 24, 48, 96], [1, 48, 1, 4]),
  setting([12, 24, 48, 96], [1, 48, 1, 1]),
  setting([12, 24, 48, 96], [1, 48, 2, 4]),
  setting([12, 24, 48, 96], [1, 80, 1, 4]),
  setting([12, 24, 48, 96], [2, 48, 1, 4]),
  setting([12, 24, 48, 96], [2, 48, 1, 4], { residual: true }),
  setting([8, 16, 32, 64, 80, 80], [2, 64, 1, 4]),
  setting([16, 32, 64, 128, 192], [2, 64, 1, 4], { residual: true }),
  setting([32, 64, 128, 256], [2, 32, 1, 4]),
  setting([12, 24, 48, 96], [1, 48, 1, 4], { checkpointing: true }),
  setting([12, 24, 48, 96], [2, 48, 1, 4], { checkpointing: true }),
  setting([12, 24, 48, 96], [2, 48, 1, 4], { residual: true, checkpointing: true }),
  setting([8, 16, 32, 64, 80, 80], [2, 64, 1, 4], { checkpointing: true }),
  setting([16, 32, 64, 128, 192], [2, 64, 1, 4], { residual: true, checkpointing: true }),
]

const planOf = (one: Setting): TrainingPlan =>
  smallPlan({
    network: {
      kind: 'unet',
      channels: one.channels,
      convolutionsPerLevel: one.convolutions,
      residual: one.residual,
      deepSupervision: true,
    },
    sequences: SEQUENCES.slice(0, one.sequences),
    patchSize: [one.edge, one.edge, one.edge],
    batchSize: one.batchSize,
    checkpointing: one.checkpointing,
  })

interface Measured {
  readonly heapBytes: number | null
  readonly residentBytes: number
}

/** Two steps on waves; the second holds what every later one does. */
async function measureHere(backend: BackendName, one: Setting): Promise<Measured> {
  await openBackend(backend)
  const plan = planOf(one)
  const state = createTrainingState(inputsFor(plan, []))
  const voxels = one.edge ** 3
  const patch = {
    size: plan.patchSize,
    channels: plan.sequences.map((_, c) =>
      Float32Array.from({ length: voxels }, (_, i) => Math.sin(0.37 * i + c)),
    ),
    labels: Uint8Array.from({ length: voxels }, (_, i) => (i >> 3) % 4),
  }
  const batch = {
    patches: Array.from({ length: one.batchSize }, () => patch),
    sequences: plan.sequences,
    caseNames: ['waves'],
    isLabelled: true,
  }
  for (let step = 0; step < 2; step++) trainStep(state, batch)
  const { module } = tf.backend() as unknown as { module?: { heap: { peakBytes: number } } }
  return {
    heapBytes: module?.heap.peakBytes ?? null,
    residentBytes: process.resourceUsage().maxRSS * 1024,
  }
}

const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)}`

function compare(): void {
  const words = process.argv.slice(2)
  const chosen = words.includes('checkpointing')
    ? SETTINGS.filter((one) => one.checkpointing)
    : SETTINGS
  for (const backend of words.includes('wasm')
    ? (['wasm'] as const)
    : (['wasm', 'tensorflow'] as const)) {
    console.log(`\n${backend}: estimate and measured peak, MiB`)
    const ratios: number[] = []
    for (const one of chosen) {
      const args = [fileURLToPath(import.meta.url), backend, JSON.stringify(one)]
      const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
      if (status !== 0) continue
      const measured = JSON.parse(stdout.trim().split('\n').at(-1)!) as Measured
      const parts = estimateTrainingMemory(planOf(one), backend, null)
      const ratio = sumOfParts(parts) / measured.residentBytes
      ratios.push(ratio)
      const heap =
        measured.heapBytes === null
          ? ''
          : `  heap ${mib(sumOfParts(parts) - parts.workspace - parts.program)} / ${mib(measured.heapBytes)}`
      const name = `${one.channels.join(' ')}, ${one.convolutions} conv${one.residual ? ' residual' : ''}${one.checkpointing ? ' checkpointed' : ''}, ${one.edge}³ × ${one.batchSize}, ${one.sequences} seq`
      console.log(
        `${name.padEnd(52)} ${mib(sumOfParts(parts)).padStart(5)} / ${mib(measured.residentBytes).padStart(5)}  ${ratio.toFixed(2)}×${heap}`,
      )
    }
    console.log(
      `estimate / measured: ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
    )
  }
}

const [backend, one] = process.argv.slice(2)
if (one?.startsWith('{')) {
  const measured = await measureHere(backend as BackendName, JSON.parse(one) as Setting)
  console.log(JSON.stringify(measured))
  process.exit(0)
}
compare()
