import { createBatchSource } from './batchSource.ts'
import {
  assignFlat,
  flattenValues,
  partsOf,
  shareGradient,
  type PeerGradient,
} from './parallelGradient.ts'
import { createRunCaches } from './runCaches.ts'
import type { TrainingInputs, TrainingPorts } from './trainingRun.ts'
import { createTrainingState, disposeTrainingState } from './trainingState.ts'
import { usableCases } from './usableCases.ts'
import { tf } from '../tensor.ts'

/** One of the processes that follow the lead of a run: it computes gradients and never updates by itself. */
export interface ParallelPeer {
  /**
   * The summed gradient of its share of a step.
   *
   * @param weights as `flattenValues` lays them out
   * @throws GliadeskError NOT_A_NUMBER
   */
  gradient(step: number, weights: Float32Array): Promise<PeerGradient>
  dispose(): void
}

/**
 * Takes up a run where the leading process stands.
 *
 * @param inputs those of the leading process, `resumeFrom` being its state
 * @param rank from 1
 */
export function createParallelPeer(
  inputs: TrainingInputs,
  ports: Pick<TrainingPorts, 'files'>,
  rank: number,
): ParallelPeer {
  const state = createTrainingState(inputs)
  // The leading process has told the log what is left out.
  const usable = usableCases(inputs, { emit: () => undefined }, state.guide.needsTeacher)
  const caches = createRunCaches(inputs, ports, Object.values(usable).flat())
  const batches = createBatchSource(inputs.plan, usable, caches.training)
  const parts = partsOf(inputs.plan, rank)
  return {
    gradient: async (step, weights) => {
      state.step = step
      assignFlat(state, weights)
      const { gradients, ...rest } = await shareGradient(state, batches, parts)
      const values = flattenValues(gradients)
      tf.dispose([...gradients.values()])
      return { ...rest, values }
    },
    dispose: () => disposeTrainingState(state),
  }
}
