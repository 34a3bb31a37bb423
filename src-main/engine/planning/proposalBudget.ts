import { LABEL_COUNT, type BackendName, type NetworkConfig } from '../../contract/index.ts'
import { countFlops } from '../networks/countFlops.ts'
import { countParameters } from '../networks/countParameters.ts'
import { sumOfParts, estimateTrainingMemory } from './memoryEstimate.ts'

/** Where a proposed training computes. */
export interface PlannedDevice {
  readonly id: string
  readonly name: string
  readonly backend: BackendName
  readonly kind: 'processor' | 'graphics'
  readonly cores: number
  /** What one process may hold, bytes. */
  readonly availableBytes: number
  /** Of a 3×3×3 convolution with both gradients; null where nobody measured. */
  readonly gflops: number | null
}

/** What else runs on the computer, and what the estimate may be wrong by. */
const MEMORY_SHARE = 0.8

/**
 * Speed of a whole step over the measured speed of convolutions alone: norms, joins and losses take the rest. Measured on
 * the compact U-Net (docs/performance.md): 75 of 93 GFLOP/s with WebAssembly, 90 of 213 with TensorFlow.
 */
const STEP_EFFICIENCY: Record<BackendName, number> = { wasm: 0.8, tensorflow: 0.42, webgpu: 0.42 }

/** A training shorter than this many updates has not converged; what a step may cost follows from it. */
const WORTHWHILE_STEPS = 4000

export interface ProposedStep {
  readonly network: NetworkConfig
  readonly patchSize: [number, number, number]
  readonly batchSize: number
}

export interface StepCost {
  readonly parameters: number
  readonly gflopPerStep: number
  readonly memoryBytes: number
  readonly secondsPerStep: number | null
}

/** What one update of a proposal costs on a device. A backward pass costs twice the forward one. */
export function stepCost(
  { network, patchSize, batchSize }: ProposedStep,
  sequences: readonly string[],
  device: PlannedDevice,
): StepCost {
  const forward = countFlops(network, sequences.length, LABEL_COUNT, patchSize)
  const gflopPerStep = (3 * forward * batchSize) / 1e9
  const plan = {
    network,
    sequences: sequences as never[],
    patchSize,
    batchSize,
    accumulate: 1,
    processes: 1,
    checkpointing: false,
    distillation: { strategy: 'none' as const },
    finetune: null,
  }
  return {
    parameters: countParameters(network, sequences.length, LABEL_COUNT),
    gflopPerStep,
    memoryBytes: sumOfParts(estimateTrainingMemory(plan, device.backend, null)),
    secondsPerStep:
      device.gflops === null
        ? null
        : gflopPerStep / (device.gflops * STEP_EFFICIENCY[device.backend]),
  }
}

export type Obstacle = 'memory' | 'time'

/** What keeps a step from being taken on a device: too little memory, or too little time to take enough of them. */
export function obstacleOf(
  { memoryBytes, secondsPerStep }: StepCost,
  { availableBytes }: PlannedDevice,
  hours: number,
): Obstacle | null {
  if (memoryBytes > MEMORY_SHARE * availableBytes) return 'memory'
  if (secondsPerStep !== null && secondsPerStep * WORTHWHILE_STEPS > hours * 3600) return 'time'
  return null
}
