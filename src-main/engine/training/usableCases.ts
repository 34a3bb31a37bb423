import { GliadeskError, type ManifestCase, type TrainingPlan } from '../../contract/index.ts'
import type { TrainingInputs, TrainingPorts } from './trainingRun.ts'

/** What is left of the inputs of a run. */
export interface UsableCases {
  readonly training: readonly ManifestCase[]
  readonly corrected: readonly ManifestCase[]
  readonly validation: readonly ManifestCase[]
  /** Without labels, whatever the inputs brought. */
  readonly pool: readonly ManifestCase[]
}

/**
 * Cases a run can learn from: labelled ones, and unlabelled ones where the guidance asks a teacher, who speaks for
 * the label. Beside a pool, training cases are labelled ones, so that the budget of labels is the same with and without
 * it. Only labelled ones can be scored. What is left out is said in the log.
 *
 * @throws GliadeskError BAD_INPUT where nothing is left to learn from
 */
export function usableCases(
  {
    training,
    corrected,
    validation,
    pool = [],
    plan,
  }: Pick<TrainingInputs, 'training' | 'corrected' | 'validation' | 'pool'> & {
    readonly plan: Pick<TrainingPlan, 'pool'>
  },
  ports: Pick<TrainingPorts, 'emit'>,
  canUseUnlabelled: boolean,
): UsableCases {
  const labelled = (cases: readonly ManifestCase[]): ManifestCase[] =>
    cases.filter((item) => item.label !== null)
  if (plan.pool && !canUseUnlabelled) throw nobodySpeaksForThePool()
  const usesUnlabelled = canUseUnlabelled && !plan.pool
  const taken = new Set([...training, ...corrected, ...validation].map(({ caseId }) => caseId))
  const usable: UsableCases = {
    training: usesUnlabelled ? training : labelled(training),
    corrected: usesUnlabelled ? corrected : labelled(corrected),
    validation: labelled(validation),
    pool: plan.pool
      ? pool.filter(({ caseId }) => !taken.has(caseId)).map((item) => ({ ...item, label: null }))
      : [],
  }
  const toLearnFrom = usable.training.length + usable.corrected.length
  warnOfLeftOut(ports, 'training', training.length + corrected.length - toLearnFrom)
  warnOfLeftOut(ports, 'validation', validation.length - usable.validation.length)
  if (toLearnFrom === 0) {
    throw new GliadeskError(
      'BAD_INPUT',
      'None of the training cases has a segmentation to learn from.',
      'Import cases with segmentations, or draw and save one for some cases first.',
    )
  }
  if (plan.pool && usable.pool.length === 0) throw emptyPool()
  return usable
}

const nobodySpeaksForThePool = (): GliadeskError =>
  new GliadeskError(
    'BAD_INPUT',
    'The plan has a pool of unlabelled cases, but its way of learning asks no teacher, so nobody speaks for them.',
    'Choose a strategy with a teacher, for example "logits" or "gkd", or leave the pool out.',
  )

const emptyPool = (): GliadeskError =>
  new GliadeskError(
    'BAD_INPUT',
    'The pool of unlabelled cases is empty: its data sets have no training case with every sequence that teacher and student read, besides those learned from with their labels.',
    'Choose data sets with four-sequence cases, or leave the pool out.',
  )

function warnOfLeftOut(
  ports: Pick<TrainingPorts, 'emit'>,
  use: 'training' | 'validation',
  count: number,
): void {
  if (count === 0) return
  ports.emit({
    type: 'log',
    level: 'warning',
    message:
      count === 1
        ? `One of the ${use} cases has no segmentation and is left out.`
        : `${count} of the ${use} cases have no segmentation and are left out.`,
  })
}
