import type { ManifestCase, Sequence, TrainingPlan } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { drawPatch, type Patch, type PreparedCase } from '../data/index.ts'
import { patchCounts } from './patchCounts.ts'

/** The patches of one step and where they come from. */
export interface Batch {
  readonly patches: readonly Patch[]
  /** Channel order of the patches. */
  readonly sequences: readonly Sequence[]
  readonly caseNames: readonly string[]
  /** Whether every patch has a label. Labelled ones come first; only with a pool does a batch hold both kinds. */
  readonly isLabelled: boolean
}

export interface BatchSource {
  /**
   * A batch of a step: a pure function of plan, cases, step and part, so that a resumed run sees the same ones.
   *
   * @param part which of the batches that are accumulated for the step, from 0 (the default); together they hold what
   *   one batch of all of them would
   */
  draw(step: number, part?: number): Promise<Batch>
  /** The same without augmentation and from a stream of its own, for statistics before the first step. */
  observe(index: number): Promise<Batch>
  /** Starts reading the cases of a part of a step. */
  prefetch(step: number, part?: number): void
}

interface Pools {
  readonly training: readonly ManifestCase[]
  readonly corrected: readonly ManifestCase[]
  /** Cases that only the teacher speaks for; read only where the plan has a pool. */
  readonly pool?: readonly ManifestCase[]
}

/** Reads cases through a cache. */
interface CaseReader {
  get(caseId: string): Promise<PreparedCase>
  prefetch(caseId: string): void
}

/**
 * Draws batches. Every case is as likely as another; when fine-tuning, each item of a batch is a replayed
 * original with the plan's probability and a corrected case otherwise. Patches of the plan's pool follow the labelled
 * ones and draw from streams of their own, so that the labelled ones are those of a run without a pool.
 */
export function createBatchSource(
  plan: TrainingPlan,
  pools: Pools,
  reader: CaseReader,
): BatchSource {
  const everything = [...pools.corrected, ...pools.training]
  const counts = patchCounts(plan, pools.pool?.length ?? 0)

  const choose = (purpose: string, step: number, part = 0): ManifestCase[] => {
    const root = randomStream(plan.seed, purpose)
    // The first of the whole step decides for every part of it.
    const first = pick(root.fork(`${step}/0`).uniform(), everything)
    const sameKind = (items: readonly ManifestCase[]): readonly ManifestCase[] => {
      const fitting = items.filter((item) => (item.label === null) === (first.label === null))
      return fitting.length > 0 ? fitting : [first]
    }
    const labelled = Array.from({ length: counts.labelled }, (_, item) => {
      const stream = root.fork(`${step}/${part * counts.labelled + item}`)
      const isReplay = stream.chance(plan.finetune?.replayFraction ?? 1)
      const pool = isReplay && pools.training.length > 0 ? pools.training : pools.corrected
      return pick(stream.uniform(), sameKind(pool.length > 0 ? pool : everything))
    })
    const unlabelled = Array.from({ length: counts.pool }, (_, item) =>
      pick(root.fork(`pool/${step}/${part * counts.pool + item}`).uniform(), pools.pool!),
    )
    return [...labelled, ...unlabelled]
  }

  const batch = async (
    purpose: string,
    patchPlan: TrainingPlan,
    step: number,
    part = 0,
  ): Promise<Batch> => {
    const chosen = choose(`${purpose}/cases`, step, part)
    const prepared = await Promise.all(chosen.map((item) => reader.get(item.caseId)))
    const patches = prepared.map((subject, item) => {
      const inPool = item - counts.labelled
      const draw =
        inPool < 0
          ? `${step}/${part * counts.labelled + item}`
          : `pool/${step}/${part * counts.pool + inPool}`
      return drawPatch(
        subject,
        patchPlan,
        randomStream(plan.seed, `${purpose}/places`).fork(draw),
        randomStream(plan.seed, `${purpose}/augmentation`).fork(draw),
      )
    })
    return {
      patches,
      sequences: prepared[0].sequences,
      caseNames: chosen.map((item) => item.name),
      isLabelled: patches.every((patch) => patch.labels !== null),
    }
  }

  const plain: TrainingPlan = {
    ...plan,
    augmentation: { mirror: false, intensity: false, spatial: false },
    sequenceDropout: 0,
  }
  return {
    draw: (step, part) => batch('sampling', plan, step, part),
    observe: (index) => batch('observation', plain, index),
    prefetch: (step, part) => {
      for (const item of choose('sampling/cases', step, part)) reader.prefetch(item.caseId)
    },
  }
}

const pick = <T>(uniform: number, items: readonly T[]): T =>
  items[Math.floor(uniform * items.length)]

/** How many patches of a batch have a label; they come first. */
export const labelledPatches = ({ patches }: Pick<Batch, 'patches'>): number =>
  patches.filter((patch) => patch.labels !== null).length
