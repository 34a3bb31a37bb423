import {
  LABEL_COUNT,
  type BackendName,
  type MemoryParts,
  type NetworkConfig,
  type TrainingPlan,
} from '../../contract/index.ts'
import { divisorOf } from '../networks/patchDivisor.ts'
import { countParameters } from '../networks/countParameters.ts'
import { countAnswerFeatures, countFeatures } from './memoryFeatures.ts'
import { guideValues, RETENTION_VALUES } from './memoryOfGuides.ts'

const FLOAT = 4
const MIB = 2 ** 20

/**
 * Parameter-sized arrays. Standing ones besides weights and gradients: Adam's two moments, and where an update is composed
 * of tensor operations the mask of weight decay. Passing ones in the middle of an update, measured; by then the feature
 * maps are gone. WebAssembly updates in place.
 */
const OPTIMISER_COPIES = {
  wasm: { standing: 2, updating: 0 },
  tensorflow: { standing: 3, updating: 24 },
} as const

/**
 * What a process holds besides its tensors, and what its allocator adds to them: kernels' scratch, rounding, and holes
 * between blocks. Measured on Linux (bench/memoryEstimate.ts).
 */
const BACKEND_OVERHEAD: Record<'wasm' | 'tensorflow', { program: number; share: number }> = {
  wasm: { program: 190 * MIB, share: 0.15 },
  tensorflow: { program: 500 * MIB, share: 0.3 },
}

type EstimatedPlan = Pick<
  TrainingPlan,
  | 'network'
  | 'sequences'
  | 'patchSize'
  | 'batchSize'
  | 'accumulate'
  | 'processes'
  | 'checkpointing'
  | 'distillation'
  | 'finetune'
>

/** Of a model that a plan names. */
export interface EstimatedTeacher {
  readonly network: NetworkConfig
  readonly sequences: readonly unknown[]
}

/**
 * The peak memory of one process of a training, by what it is for. The tensors are counted map by map as the tape keeps
 * them (`countFeatures`); without a guide the count is within 1 % of the heap that WebAssembly measures. Prepared cases,
 * which are let go when memory is short of them, are not part of it.
 *
 * @param teacher the frozen guide; null without one
 * @param backend what computes; others than WebAssembly are counted as TensorFlow
 */
export function estimateTrainingMemory(
  plan: EstimatedPlan,
  backend: BackendName,
  teacher: EstimatedTeacher | null,
): MemoryParts {
  const { network, sequences, patchSize, batchSize } = plan
  const counted = backend === 'wasm' ? 'wasm' : 'tensorflow'
  const overhead = BACKEND_OVERHEAD[counted]
  const copies = OPTIMISER_COPIES[counted]
  const voxels = patchSize[0] * patchSize[1] * patchSize[2] * batchSize
  const parameters = FLOAT * countParameters(network, sequences.length, LABEL_COUNT)
  const levels = network.deepSupervision ? network.channels.length - 1 : 1
  const targets = Array.from({ length: levels }, (_, level) => LABEL_COUNT * 8 ** -level)
  const { forward, backward } = countFeatures(network, plan.checkpointing)
  const isRetained = (plan.finetune?.retainWeight ?? 0) > 0
  const guide = guideValues(plan.distillation, network) + (isRetained ? RETENTION_VALUES : 0)

  const teacherWeights = teacher
    ? FLOAT * countParameters(teacher.network, teacher.sequences.length, LABEL_COUNT)
    : isRetained
      ? parameters
      : 0
  const answering = teacher
    ? FLOAT * voxels * (countAnswerFeatures(teacher.network) + teacher.sequences.length)
    : 0
  const activations = FLOAT * voxels * (forward + backward + guide)
  // An update begins when the feature maps are gone, and a teacher answers before the first is made.
  const updating = copies.updating * parameters
  const batch = FLOAT * voxels * (sequences.length + targets.reduce((a, b) => a + b, 0))
  const gradients = parameters * (plan.accumulate > plan.processes ? 2 : 1)
  const standing = parameters * (1 + copies.standing) + teacherWeights
  const peak = Math.max(activations + batch + gradients, answering, updating)
  return {
    weights: parameters,
    gradients,
    optimiser: parameters * copies.standing,
    activations,
    batch,
    teacher: teacherWeights,
    workspace:
      Math.max(0, peak - activations - batch - gradients) + overhead.share * (standing + peak),
    program: overhead.program,
  }
}

/** All parts together. */
export const sumOfParts = (parts: MemoryParts): number =>
  Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)

/** The parts that lie in the backend's own memory, of which WebAssembly has 4 GiB. */
export const tensorBytes = (parts: MemoryParts): number => sumOfParts(parts) - parts.program

/**
 * The largest patch not above the plan's that fits, in the plan's own proportions, every side a multiple of the
 * network's divisor.
 *
 * @param fits tells for the parts of one process
 * @returns null where not even the smallest does
 */
export function largestPatchThatFits(
  plan: EstimatedPlan,
  backend: BackendName,
  teacher: EstimatedTeacher | null,
  fits: (parts: MemoryParts) => boolean,
): [number, number, number] | null {
  const divisor = divisorOf(plan.network)
  const longest = Math.max(...plan.patchSize)
  for (let edge = longest; edge >= divisor; edge -= divisor) {
    const side = (n: number): number =>
      Math.max(divisor, Math.floor((n * edge) / longest / divisor) * divisor)
    const [x, y, z] = plan.patchSize
    const patchSize: [number, number, number] = [side(x), side(y), side(z)]
    if (fits(estimateTrainingMemory({ ...plan, patchSize }, backend, teacher))) return patchSize
  }
  return null
}
