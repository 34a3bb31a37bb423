import type { TrainingPlan } from '../../contract/index.ts'
import { tf } from '../tensor.ts'
import type { BatchSource } from './batchSource.ts'
import type { TrainingState } from './trainingState.ts'
import { batchGradient, type BatchGradient } from './trainStep.ts'

/** What another process found on its share of the batches, as `flattenGradient` lays it out. */
export interface PeerGradient extends Omit<BatchGradient, 'gradients'> {
  readonly values: Float32Array
}

/** Other engine processes that compute the gradients of a share of every update's batches. */
export interface GradientPeers {
  /** Hands out the weights of a step; every peer starts on its share. */
  begin(step: number, weights: Float32Array): Promise<void>
  /**
   * The sums of all peers in order of rank.
   *
   * @throws GliadeskError what a peer met, or INTERNAL where its process ended
   */
  collect(): Promise<PeerGradient[]>
}

/** Adds two sums and frees them. */
export function addGradients(a: BatchGradient, b: BatchGradient): BatchGradient {
  const gradients = new Map<string, tf.Tensor>()
  for (const [name, gradient] of a.gradients) {
    const other = b.gradients.get(name)
    if (!other) throw new RangeError(`a gradient of ${name} is missing`)
    gradients.set(name, tf.add(gradient, other))
    tf.dispose([gradient, other])
  }
  const terms = { ...a.terms }
  for (const [name, value] of Object.entries(b.terms)) terms[name] = (terms[name] ?? 0) + value
  return {
    gradients,
    batches: a.batches + b.batches,
    loss: a.loss + b.loss,
    terms,
    caseNames: [...a.caseNames, ...b.caseNames],
  }
}

/**
 * Sums the gradients of some of the batches of the current step, in their order. The sum of a step over processes of
 * one batch each has the bits that one process gives.
 *
 * @throws GliadeskError NOT_A_NUMBER
 */
export async function shareGradient(
  state: TrainingState,
  batches: BatchSource,
  parts: readonly number[],
): Promise<BatchGradient> {
  let sum: BatchGradient | null = null
  for (const part of parts) {
    const batch = await batches.draw(state.step, part)
    const ahead =
      part + 1 < parts[0] + parts.length ? [state.step, part + 1] : [state.step + 1, parts[0]]
    if (ahead[0] < state.plan.steps) batches.prefetch(ahead[0], ahead[1])
    try {
      const gradient = batchGradient(state, batch)
      sum = sum === null ? gradient : addGradients(sum, gradient)
    } catch (error) {
      if (sum) tf.dispose([...sum.gradients.values()])
      throw error
    }
  }
  return sum!
}

/** The batches of an update that a process computes, rank 0 being the one that leads. */
export function partsOf(
  { accumulate, processes }: Pick<TrainingPlan, 'accumulate' | 'processes'>,
  rank: number,
): number[] {
  const share = accumulate / processes
  return Array.from({ length: share }, (_, i) => rank * share + i)
}

/** The gradient of all batches of the current step: ours, then the peers' in order of rank; ours alone without peers. */
export async function stepGradient(
  state: TrainingState,
  batches: BatchSource,
  peers: GradientPeers | null,
): Promise<BatchGradient> {
  if (peers) await peers.begin(state.step, flattenValues(state.trained))
  const { accumulate, processes } = state.plan
  const own = partsOf({ accumulate, processes: peers ? processes : 1 }, 0)
  let sum = await shareGradient(state, batches, own)
  for (const { values, ...rest } of (await peers?.collect()) ?? []) {
    sum = addGradients(sum, { ...rest, gradients: unflatten(state, values) })
  }
  return sum
}

/** Values one after the other, in the order in which the state trains them. */
export function flattenValues(tensors: ReadonlyMap<string, tf.Tensor>): Float32Array {
  const flat = new Float32Array([...tensors.values()].reduce((sum, { size }) => sum + size, 0))
  let start = 0
  for (const tensor of tensors.values()) {
    flat.set(tensor.dataSync() as Float32Array, start)
    start += tensor.size
  }
  return flat
}

function unflatten(state: TrainingState, flat: Float32Array): Map<string, tf.Tensor> {
  const tensors = new Map<string, tf.Tensor>()
  let start = 0
  for (const [name, { shape, size }] of state.trained) {
    tensors.set(name, tf.tensor(flat.subarray(start, start + size), shape))
    start += size
  }
  return tensors
}

/** Overwrites what the state trains with values as `flattenValues` lays them out. */
export function assignFlat(state: TrainingState, flat: Float32Array): void {
  let start = 0
  for (const variable of state.trained.values()) {
    const values = flat.subarray(start, start + variable.size)
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)))
    start += variable.size
  }
}
