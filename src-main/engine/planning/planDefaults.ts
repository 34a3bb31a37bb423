import type { InferenceConfig, OptimiserKind, Recipe, TrainingPlan } from '../../contract/index.ts'

/** nnU-Net: every third patch holds tumour for certain; the others lie anywhere. */
const FOREGROUND_FRACTION = 1 / 3

/** nnU-Net's value; it only bites in the first steps, where a bad batch could throw the weights far off. */
const CLIP_NORM = 12

/** AdamW's usual decay; small networks on few cases overfit a little less with it. */
const WEIGHT_DECAY = 0.01

/** nnU-Net's descent: its rate does not depend on the network, because the clip and instance norms keep gradients alike. */
const DESCENT = { learningRate: 0.01, weightDecay: 3e-5, momentum: 0.99, nesterov: true } as const

/** Up to this voxel size blur and low resolution take away something that a sharper image would have shown. */
const FINE_SPACING_MM = 2

/** Share of the run in which the learning rate rises: Adam's second moments are guesses until then. */
const WARMUP_FRACTION = 0.03

/** Whole-case validation costs about as much as a score of steps, so it happens this often over a run. */
const VALIDATIONS_PER_RUN = 8

/** A crash loses at most this many steps. Writing a checkpoint takes about the time of one step. */
const CHECKPOINT_EVERY_STEPS = 25

/** nnU-Net's half-window overlap. Mirroring multiplies the time by eight for under a point of Dice, so it is asked for. */
export const DEFAULT_INFERENCE: InferenceConfig = {
  stepFraction: 0.5,
  mirror: false,
  minEnhancingMl: 0.2,
}

/** The same loss as nnU-Net: both terms in full. */
export const DEFAULT_LOSS: TrainingPlan['loss'] = { dice: 1, crossEntropy: 1 }

/** Everything a plan takes from its recipe and its length alone. */
export function commonPlan(
  recipe: Recipe,
  steps: number,
  optimiser: OptimiserKind = 'adam',
): Pick<
  TrainingPlan,
  | 'schema'
  | 'recipeId'
  | 'network'
  | 'patchSize'
  | 'batchSize'
  | 'steps'
  | 'validateEverySteps'
  | 'checkpointEverySteps'
  | 'optimiser'
  | 'sampling'
  | 'augmentation'
  | 'loss'
> {
  return {
    schema: 1,
    recipeId: recipe.id,
    network: recipe.network,
    patchSize: recipe.patchSize,
    batchSize: recipe.batchSize,
    steps,
    validateEverySteps: Math.max(1, Math.ceil(steps / VALIDATIONS_PER_RUN)),
    checkpointEverySteps: Math.min(CHECKPOINT_EVERY_STEPS, steps),
    optimiser: {
      ...(optimiser === 'sgd'
        ? { kind: optimiser, ...DESCENT }
        : { kind: optimiser, learningRate: recipe.learningRate, weightDecay: WEIGHT_DECAY }),
      // Decays to nothing by the last step, so that the last weights are settled ones.
      schedule: 'poly',
      warmupSteps: Math.ceil(steps * WARMUP_FRACTION),
      clipNorm: CLIP_NORM,
    },
    sampling: { foregroundFraction: FOREGROUND_FRACTION },
    // All of nnU-Net's families; each acts on a minority of patches. Coarse voxels have little left to blur.
    augmentation: {
      mirror: true,
      intensity: true,
      spatial: true,
      resolution: (recipe.network.spacingMm ?? 1) <= FINE_SPACING_MM,
    },
    loss: DEFAULT_LOSS,
  }
}
