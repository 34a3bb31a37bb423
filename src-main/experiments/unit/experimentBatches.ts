import type { TrainingPlan } from '../../contract/index.ts'
import { drawPatch, type Patch, type PreparedCase } from '../../engine/data/index.ts'
import type { Batch } from '../../engine/training/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'

/** Cases and how many of them a batch holds. */
export interface BatchShare {
  readonly cases: readonly PreparedCase[]
  readonly count: number
}

export interface ExperimentBatches {
  draw(step: number): Batch
  /** Without augmentation, from a stream of its own, for statistics before the first step. */
  observe(index: number): Batch
}

/**
 * Draws the batches of an arm, a pure function of plan and step: labelled cases first, then those of the pool. The
 * labelled ones draw from streams that know nothing of the pool, so every arm of a seed sees the same labelled cases
 * under the same augmentation. Within a batch every case stands once (where there are enough).
 */
export function experimentBatches(
  plan: TrainingPlan,
  labelled: BatchShare,
  pool: BatchShare,
): ExperimentBatches {
  const plain = { ...plan, augmentation: { mirror: false, intensity: false, spatial: false } }
  const draw = (purpose: string, patchPlan: TrainingPlan, step: number): Batch => {
    const part = (
      kind: string,
      { cases, count }: BatchShare,
    ): { subject: PreparedCase; patch: Patch }[] =>
      randomStream(plan.seed, `experiment/${purpose}/${kind}/cases`)
        .fork(`${step}`)
        .shuffled(cases)
        .slice(0, count)
        .map((subject, item) => {
          const places = randomStream(plan.seed, `experiment/${purpose}/${kind}/places`)
          const changes = randomStream(plan.seed, `experiment/${purpose}/${kind}/augmentation`)
          const at = `${step}/${item}`
          return {
            subject,
            patch: drawPatch(subject, patchPlan, places.fork(at), changes.fork(at)),
          }
        })
    const drawn = [...part('labelled', labelled), ...part('pool', pool)]
    return {
      patches: drawn.map(({ patch }) => patch),
      sequences: drawn[0].subject.sequences,
      caseNames: drawn.map(({ subject }) => subject.name),
      isLabelled: drawn.every(({ patch }) => patch.labels !== null),
    }
  }
  return {
    draw: (step) => draw('training', plan, step),
    observe: (index) => draw('observation', plain, index),
  }
}
