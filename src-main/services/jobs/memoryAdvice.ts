import {
  GliadeskError,
  type DeviceInfo,
  type MemoryEstimate,
  type MemoryParts,
  type Model,
  type TrainingPlan,
} from '../../contract/index.ts'
import {
  estimateTrainingMemory,
  largestPatchThatFits,
  sumOfParts,
  tensorBytes,
} from '../../engine/planning/index.ts'

/** What a job could get, at the moment of asking. */
export interface MemoryOffer {
  readonly device: Pick<DeviceInfo, 'backend' | 'gpu'>
  /** Of the computer. */
  readonly availableBytes: number
  /** Of the graphics card that would compute; null where none does or it does not say. */
  readonly card: { readonly name: string; readonly freeBytes: number } | null
}

/** WebAssembly addresses 4 GiB; the last part of it is lost to holes between blocks. */
const WASM_BYTES = 4 * 2 ** 30

interface Limit {
  readonly bytes: number
  readonly name: string
  /** Of what a job of that many processes holds, the part that counts against this limit. */
  readonly counted: (parts: MemoryParts) => number
}

function limitsOf(offer: MemoryOffer, processes: number): Limit[] {
  const { device, availableBytes, card } = offer
  const limits: Limit[] = []
  if (device.backend === 'wasm') {
    limits.push({ bytes: WASM_BYTES, name: 'WebAssembly', counted: tensorBytes })
  }
  if (card) limits.push({ bytes: card.freeBytes, name: card.name, counted: tensorBytes })
  // A card that does not say what it has, often one that shares the computer's memory, is counted with the computer.
  const onCard = card !== null
  limits.push({
    bytes: availableBytes,
    name: 'this computer',
    counted: (parts) => processes * (onCard ? parts.program : sumOfParts(parts)),
  })
  return limits
}

/**
 * Compares what a training would hold with what its device has. The limit that is named is the one that comes first.
 *
 * @param teacher the frozen guide's model; null without one
 */
export function adviseMemory(
  plan: TrainingPlan,
  teacher: Pick<Model, 'network' | 'sequences'> | null,
  offer: MemoryOffer,
): MemoryEstimate {
  const { backend } = offer.device
  const parts = estimateTrainingMemory(plan, backend, teacher)
  const limits = limitsOf(offer, plan.processes)
  const fits = (one: MemoryParts): boolean =>
    limits.every(({ bytes, counted }) => counted(one) <= bytes)
  const tightest = limits.reduce((a, b) =>
    b.counted(parts) / b.bytes > a.counted(parts) / a.bytes ? b : a,
  )
  return {
    parts,
    totalBytes: tightest.counted(parts),
    availableBytes: tightest.bytes,
    limitedBy: tightest.name,
    fits: fits(parts),
    largestPatch: largestPatchThatFits(plan, backend, teacher, fits),
    patchSize: plan.patchSize,
    backend,
  }
}

/** @throws GliadeskError BAD_INPUT where the estimate says that memory will not do, with the largest patch that would */
export function requireMemory(estimate: MemoryEstimate): void {
  const { fits, totalBytes, availableBytes, limitedBy, largestPatch, patchSize } = estimate
  if (fits || availableBytes === null) return
  throw new GliadeskError(
    'BAD_INPUT',
    `This training needs about ${gibibytes(totalBytes)} of memory with patches of ${patchSize.join('×')} voxels, and ${limitedBy} has ${gibibytes(availableBytes)}.`,
    largestPatch
      ? `Use patches of at most ${largestPatch.join('×')} voxels, a smaller batch or a smaller recipe, or close other programs.`
      : 'Choose a smaller recipe, or close other programs: no patch of this network fits.',
  )
}

/** "1.2 GiB". */
export function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}
