import type { ManifestCase, Sequence, TrainingPlan } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { drawPatch, type Patch, type PreparedCase } from '../data/index.ts'

/** The patches of one step and where they come from. */
export interface Batch {
  readonly patches: readonly Patch[]
  /** Channel order of the patches. */
  readonly sequences: readonly Sequence[]
  readonly caseNames: readonly string[]
  /** Labelled and unlabelled cases are never mixed in one batch. */
  readonly isLabelled: boolean
}

export interface BatchSource {
  /** The batch of a step: a pure function of plan, cases and step, so that a resumed run sees the same ones. */
  draw(step: number): Promise<Batch>
  /** The same without augmentation and from a stream of its own, for statistics before the first step. */
  observe(index: number): Promise<Batch>
  /** Starts reading the cases of a step. */
  prefetch(step: number): void
}

interface Pools {
  readonly training: readonly ManifestCase[]
  readonly corrected: readonly ManifestCase[]
}

/** Reads cases through a cache. */
interface CaseReader {
  get(caseId: string): Promise<PreparedCase>
  prefetch(caseId: string): void
}

/**
 * Draws batches. Every case is as likely as another; when fine-tuning, each item of a batch is a replayed
 * original with the plan's probability and a corrected case otherwise.
 */
export function createBatchSource(
  plan: TrainingPlan,
  pools: Pools,
  reader: CaseReader,
): BatchSource {
  const everything = [...pools.corrected, ...pools.training]

  const choose = (purpose: string, step: number): ManifestCase[] => {
    const root = randomStream(plan.seed, purpose)
    const first = pick(root.fork(`${step}/0`).uniform(), everything)
    const sameKind = (items: readonly ManifestCase[]): readonly ManifestCase[] => {
      const fitting = items.filter((item) => (item.label === null) === (first.label === null))
      return fitting.length > 0 ? fitting : [first]
    }
    return Array.from({ length: plan.batchSize }, (_, item) => {
      const stream = root.fork(`${step}/${item}`)
      const isReplay = stream.chance(plan.finetune?.replayFraction ?? 1)
      const pool = isReplay && pools.training.length > 0 ? pools.training : pools.corrected
      return pick(stream.uniform(), sameKind(pool.length > 0 ? pool : everything))
    })
  }

  const batch = async (purpose: string, step: number, patchPlan: TrainingPlan): Promise<Batch> => {
    const chosen = choose(`${purpose}/cases`, step)
    const prepared = await Promise.all(chosen.map((item) => reader.get(item.caseId)))
    const patches = prepared.map((subject, item) =>
      drawPatch(
        subject,
        patchPlan,
        randomStream(plan.seed, `${purpose}/places`).fork(`${step}/${item}`),
        randomStream(plan.seed, `${purpose}/augmentation`).fork(`${step}/${item}`),
      ),
    )
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
  }
  return {
    draw: (step) => batch('sampling', step, plan),
    observe: (index) => batch('observation', index, plain),
    prefetch: (step) => {
      for (const item of choose('sampling/cases', step)) reader.prefetch(item.caseId)
    },
  }
}

const pick = <T>(uniform: number, items: readonly T[]): T =>
  items[Math.floor(uniform * items.length)]
