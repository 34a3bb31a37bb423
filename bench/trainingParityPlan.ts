import type { TrainingPlan } from '../src-main/contract/index.ts'
import type { Patch } from '../src-main/engine/data/index.ts'
import { randomStream } from '../src-main/imaging/random/randomStream.ts'
import { benchTrainingPlan } from './benchTrainingPlan.ts'

/** What a worker is asked to do: the plan, and where weights and batches lie. */
export interface ParityTask {
  readonly plan: TrainingPlan
  readonly weightsPath: string
  readonly batchesPath: string
}

/** Loss of every step, and where the weights ended. */
export interface ParityRecord {
  readonly description: string
  readonly losses: readonly number[]
  readonly gradientNorms: readonly number[]
}

/** The compact recipe's network and optimiser on small patches: 20 steps take seconds. */
export function parityPlan(network: TrainingPlan['network'], edge: number): TrainingPlan {
  return benchTrainingPlan({
    name: 'Parity',
    network,
    sequences: ['flair', 't1', 't1ce', 't2'],
    patchSize: [edge, edge, edge],
    batchSize: 2,
    steps: 20,
    learningRate: 0.003,
    warmupSteps: 3,
  })
}

/** Nested balls in noise: every sequence shows every class a little differently. */
export function parityPatches({ patchSize, sequences, batchSize, steps }: TrainingPlan): Patch[] {
  const [edge] = patchSize
  return Array.from({ length: steps * batchSize }, (_, index) => {
    const stream = randomStream(index, 'parity')
    const centre = [0, 1, 2].map(() => edge * (0.3 + 0.4 * stream.uniform()))
    const labels = new Uint8Array(edge ** 3)
    for (let i = 0; i < labels.length; i++) {
      const at = [i % edge, Math.floor(i / edge) % edge, Math.floor(i / edge ** 2)]
      const distance = Math.hypot(...at.map((n, axis) => n - centre[axis]!)) / edge
      labels[i] = distance < 0.1 ? 1 : distance < 0.2 ? 3 : distance < 0.32 ? 2 : 0
    }
    const channels = sequences.map((_, c) =>
      Float32Array.from(labels, (label) => ((label * (c + 2)) % 5) / 2 - 1 + stream.normal()),
    )
    return { size: patchSize, channels, labels }
  })
}
