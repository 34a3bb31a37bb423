import { LABEL_COUNT, type NetworkConfig, type TrainingPlan } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import type { Checkpoint, ValidationScore } from '../checkpoint/index.ts'
import { createDistillation, type DistillationStrategy } from '../distillation/index.ts'
import {
  assignParameters,
  buildNetwork,
  inheritWeights,
  readParameters,
  tapShapes,
  type NamedArray,
  type Network,
} from '../networks/index.ts'
import { createOptimiser, type Optimiser } from '../optimisers/index.ts'
import { tf } from '../tensor.ts'
import type { TrainedNetwork } from './trainedNetwork.ts'
import type { TrainingInputs } from './trainingRun.ts'
import { createWeightAverage, type WeightAverage } from './weightAverage.ts'

/** Everything that changes during a run. */
export interface TrainingState {
  readonly plan: TrainingPlan
  readonly network: Network
  readonly guide: DistillationStrategy
  readonly teacher: TrainedNetwork | null
  /** Frozen copy of the model being fine-tuned; null unless something is retained. */
  readonly retained: Network | null
  readonly optimiser: Optimiser
  /** What the optimiser updates: the network, then what the guide learns, prefixed with "guide/". */
  readonly trained: ReadonlyMap<string, tf.Variable>
  /** Of the network's weights, where the plan asks for it. */
  average: WeightAverage | null
  /** Steps done. */
  step: number
  best: ValidationScore | null
  /** Validations since the best one. */
  validationsSinceBest: number
}

/**
 * Builds networks, guide and optimiser at step 0, or where the checkpoint of the inputs left off.
 *
 * @throws GliadeskError BAD_FILE where stored weights do not fit the plan's network; nothing is kept then
 */
export function createTrainingState(inputs: TrainingInputs): TrainingState {
  const { plan, teacher, initialWeights, resumeFrom } = inputs
  const build = (config: NetworkConfig): Network =>
    buildNetwork(config, plan.sequences.length, LABEL_COUNT, randomStream(plan.seed, 'init'))
  const network = build(plan.network)
  const isRetained = initialWeights !== null && (plan.finetune?.retainWeight ?? 0) > 0
  const retained = isRetained ? build(plan.network) : null
  const guide = createDistillation(plan.distillation, {
    stream: randomStream(plan.seed, 'distillation'),
    studentShapes: tapShapes(plan.network, plan.patchSize),
    teacherShapes: teacher ? tapShapes(teacher.network.config, plan.patchSize) : {},
  })
  const trained = new Map<string, tf.Variable>(network.parameters)
  for (const [name, variable] of guide.parameters) trained.set(`guide/${name}`, variable)
  const optimiser = createOptimiser(trained, plan.optimiser)
  const state: TrainingState = {
    plan,
    network,
    guide,
    teacher,
    retained,
    optimiser,
    trained,
    average: null,
    step: 0,
    best: null,
    validationsSinceBest: 0,
  }
  try {
    if (initialWeights) {
      for (const each of retained ? [network, retained] : [network]) {
        assignParameters(each.parameters, initialWeights, 'The starting model')
      }
    }
    if (plan.startFromTeacher && teacher && !resumeFrom) inherit(network, plan, teacher)
    // From the weights that the run starts with, not from the random ones under them.
    if (plan.averageDecay)
      state.average = createWeightAverage(network.parameters, plan.averageDecay)
    if (resumeFrom) restore(state, resumeFrom)
  } catch (error) {
    disposeTrainingState(state)
    throw error
  }
  return state
}

/** Overwrites what the student can take from its teacher. @throws GliadeskError BAD_INPUT */
function inherit(network: Network, plan: TrainingPlan, teacher: TrainedNetwork): void {
  const weights = new Map(
    [...teacher.network.parameters].map(([name, variable]): [string, NamedArray] => [
      name,
      { shape: variable.shape, values: variable.dataSync() as Float32Array },
    ]),
  )
  const source = { config: teacher.network.config, sequences: teacher.sequences, weights }
  const inherited = inheritWeights(source, { config: plan.network, sequences: plan.sequences })
  tf.tidy(() => {
    for (const [name, { values, shape }] of inherited) {
      network.parameters.get(name)?.assign(tf.tensor(values, [...shape]))
    }
  })
}

function restore(state: TrainingState, checkpoint: Checkpoint): void {
  const { progress, groups } = checkpoint
  assignParameters(state.network.parameters, groups.weights, 'The checkpoint')
  assignParameters(state.guide.parameters, groups.guide, 'The checkpoint')
  state.guide.restore(groups.guideState)
  state.optimiser.restore(groups.moments, progress.updates)
  state.average?.restore(groups.average)
  state.step = progress.step
  state.best = progress.best
  state.validationsSinceBest = progress.validationsSinceBest
}

/** Copies everything a later `createTrainingState` needs to continue bit for bit. */
export async function captureCheckpoint(state: TrainingState): Promise<Checkpoint> {
  return {
    progress: {
      schema: 1,
      plan: state.plan,
      step: state.step,
      updates: state.optimiser.updates,
      best: state.best,
      validationsSinceBest: state.validationsSinceBest,
      streams: {},
    },
    groups: {
      weights: await readParameters(state.network.parameters),
      moments: await state.optimiser.moments(),
      average: (await state.average?.read()) ?? new Map<string, NamedArray>(),
      guide: await readParameters(state.guide.parameters as ReadonlyMap<string, tf.Variable>),
      guideState: new Map<string, NamedArray>(state.guide.state()),
    },
  }
}

/** Frees every tensor of the run; the teacher stays its owner's. */
export function disposeTrainingState(state: TrainingState): void {
  state.optimiser.dispose()
  state.average?.dispose()
  state.guide.dispose()
  state.retained?.dispose()
  state.network.dispose()
}
