import { SEQUENCE_TITLES, type Model } from '../../src-main/contract/index.ts'
import { formatDateTime, text } from '../app/index.ts'

export interface ModelFact {
  readonly name: string
  readonly value: string
  /** The page of the model or run that the value names; null for plain text. */
  readonly modelId: string | null
}

const words = text.models.facts

/** A model's card as rows for reading; ancestors by name where they are known. */
export const modelFacts = (model: Model, models: readonly Model[]): ModelFact[] => {
  const plain = (name: string, value: string): ModelFact => ({ name, value, modelId: null })
  const relative = (name: string, id: string | null): ModelFact[] => {
    const found = models.find((entry) => entry.id === id)
    return found ? [{ name, value: found.name, modelId: found.id }] : []
  }
  return [
    plain(words.role, text.common.roles[model.role]),
    plain(words.sequences, model.sequences.map((name) => SEQUENCE_TITLES[name]).join(', ')),
    plain(words.origin, text.common.origins[model.origin]),
    ...relative(words.parent, model.parentId),
    ...relative(words.teacher, model.teacherId),
    ...(model.strategy === 'none'
      ? []
      : [plain(words.strategy, text.common.strategies[model.strategy])]),
    plain(words.trainedOn, trainedOn(model)),
    plain(words.parameters, text.models.parameters(model.parameterCount)),
    plain(words.created, formatDateTime(model.createdAt)),
    plain(words.weights, model.weightsSha256.slice(0, 12)),
  ]
}

/** Of an imported network only its owner knows. */
function trainedOn({ network, trainedOnSynthetic }: Model): string {
  if (network.imported) return words.elsewhere
  return trainedOnSynthetic ? words.syntheticData : words.realData
}
