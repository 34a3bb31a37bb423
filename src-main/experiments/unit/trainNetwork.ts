import type { TrainingPlan } from '../../contract/index.ts'
import { tf } from '../../engine/tensor.ts'
import {
  createTrainingState,
  disposeTrainingState,
  observeTeacher,
  spokenLabels,
  trainStep,
  type TrainedNetwork,
  type TrainingState,
} from '../../engine/training/index.ts'
import type { ExperimentBatches } from './experimentBatches.ts'

/** Batches from which a guide takes its statistics over the teacher's features; as in the product's training. */
const OBSERVED_BATCHES = 24

/** A network with its last weights; whoever trained it disposes it. */
export interface OwnedNetwork extends TrainedNetwork {
  readonly lastLoss: number
  dispose(): void
}

/**
 * Trains one network for the plan's steps with the product's own training step, and keeps its last weights. Nothing is
 * validated on the way and nothing chosen, so that every arm costs the same and none can profit from a lucky moment.
 *
 * @throws GliadeskError NOT_A_NUMBER where loss or gradient is not finite
 */
export function trainNetwork(
  plan: TrainingPlan,
  batches: ExperimentBatches,
  teacher: TrainedNetwork | null,
): OwnedNetwork {
  const state = createTrainingState({
    plan,
    training: [],
    validation: [],
    corrected: [],
    teacher,
    initialWeights: null,
    resumeFrom: null,
    folder: '',
    cacheBytes: 0,
  })
  try {
    if (state.guide.needsObservation) observe(state, batches)
    let lastLoss = Number.NaN
    while (state.step < plan.steps) lastLoss = trainStep(state, batches.draw(state.step)).loss
    return {
      network: state.network,
      sequences: plan.sequences,
      window: plan.patchSize,
      lastLoss,
      dispose: () => disposeTrainingState(state),
    }
  } catch (error) {
    disposeTrainingState(state)
    throw error
  }
}

function observe(state: TrainingState, batches: ExperimentBatches): void {
  for (let index = 0; index < OBSERVED_BATCHES; index++) {
    const batch = batches.observe(index)
    tf.tidy(() => {
      const output = observeTeacher(state, batch)
      if (output) {
        state.guide.observeTeacher(output, spokenLabels(batch, state.plan.patchSize, output))
      }
    })
  }
  state.guide.finishObservation()
}
