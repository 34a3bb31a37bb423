import { GliadeskError, type ManifestCase } from '../../contract/index.ts'
import type { TrainingInputs, TrainingPorts } from './trainingRun.ts'

/** What is left of the inputs of a run. */
export interface UsableCases {
  readonly training: readonly ManifestCase[]
  readonly corrected: readonly ManifestCase[]
  readonly validation: readonly ManifestCase[]
}

/**
 * Cases a run can learn from: labelled ones, and unlabelled ones where the guidance asks a teacher, who speaks for
 * the label. Only labelled ones can be scored. What is left out is said in the log.
 *
 * @throws GliadeskError BAD_INPUT where nothing is left to learn from
 */
export function usableCases(
  {
    training,
    corrected,
    validation,
  }: Pick<TrainingInputs, 'training' | 'corrected' | 'validation'>,
  ports: Pick<TrainingPorts, 'emit'>,
  canUseUnlabelled: boolean,
): UsableCases {
  const labelled = (cases: readonly ManifestCase[]): ManifestCase[] =>
    cases.filter((item) => item.label !== null)
  const usable: UsableCases = {
    training: canUseUnlabelled ? training : labelled(training),
    corrected: canUseUnlabelled ? corrected : labelled(corrected),
    validation: labelled(validation),
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
  return usable
}

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
