import {
  SEQUENCE_TITLES,
  type Dataset,
  type JobPlan,
  type Model,
} from '../../src-main/contract/index.ts'
import { formatNumber, text } from '../app/index.ts'

export interface PlanFact {
  readonly name: string
  readonly value: string
}

const words = text.training.plan

/**
 * What a plan says, as rows for reading. Ids become names where the data set or model is still known.
 */
export const planFacts = (
  plan: JobPlan,
  datasets: readonly Dataset[],
  models: readonly Model[],
): PlanFact[] => {
  const datasetName = (id: string): string => datasets.find((set) => set.id === id)?.name ?? id
  const modelName = (id: string): string => models.find((model) => model.id === id)?.name ?? id
  const fact = (name: string, value: string | null): PlanFact[] =>
    value === null ? [] : [{ name, value }]

  if (plan.kind === 'predict') {
    return [
      ...fact(words.models, modelName(plan.modelId)),
      ...fact(words.cases, String(plan.caseIds.length)),
    ]
  }
  if (plan.kind === 'evaluate') {
    return [
      ...fact(words.models, plan.modelIds.map(modelName).join(', ')),
      ...fact(words.dataset, datasetName(plan.datasetId)),
      ...fact(words.split, text.common.splits[plan.split]),
    ]
  }
  const { network, distillation, finetune, pool } = plan
  return [
    ...fact(words.dataset, plan.datasetIds.map(datasetName).join(', ')),
    ...fact(words.startsFrom, plan.initialModelId && modelName(plan.initialModelId)),
    ...fact(words.teacher, plan.teacherModelId && modelName(plan.teacherModelId)),
    ...fact(
      words.strategy,
      distillation.strategy === 'none' ? null : text.common.strategies[distillation.strategy],
    ),
    ...fact(words.startsFrom, plan.startFromTeacher ? words.fromTeacher : null),
    ...fact(
      words.pool,
      pool &&
        words.poolShare(
          pool.datasetIds.map(datasetName).join(', '),
          Math.round(100 * pool.fraction),
        ),
    ),
    ...fact(words.corrected, finetune && String(finetune.correctedCaseIds.length)),
    ...fact(words.replay, finetune && `${Math.round(100 * finetune.replayFraction)} %`),
    ...fact(words.sequences, plan.sequences.map((name) => SEQUENCE_TITLES[name]).join(', ')),
    ...fact(
      words.dropout,
      plan.sequenceDropout > 0 ? `${Math.round(100 * plan.sequenceDropout)} %` : null,
    ),
    ...fact(words.recipe, plan.recipeId),
    ...fact(words.parameters, words.levels(network.channels.length, Math.max(...network.channels))),
    ...fact(words.patch, `${plan.patchSize.join(' × ')} ${words.voxels}`),
    ...fact(words.batch, String(plan.batchSize)),
    ...fact(words.accumulate, plan.accumulate > 1 ? String(plan.accumulate) : null),
    ...fact(words.processes, plan.processes > 1 ? String(plan.processes) : null),
    ...fact(words.device, plan.device && plan.device !== 'auto' ? plan.device : null),
    ...fact(words.steps, formatNumber(plan.steps)),
    ...fact(
      words.optimiser,
      `${plan.optimiser.kind === 'adam' ? 'Adam' : 'SGD'}, ${plan.optimiser.learningRate}, ${plan.optimiser.schedule}`,
    ),
    ...fact(words.seed, String(plan.seed)),
  ]
}
