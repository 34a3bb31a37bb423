import {
  GliadeskError,
  type Fitted,
  type InferenceConfig,
  type ManifestCase,
} from '../../contract/index.ts'
import { calibrationSample, fitTemperature, type CalibrationSample } from '../calibration/index.ts'
import { loadCase } from '../data/index.ts'
import { meanLogProbabilities, mostProbableLabels, predictLogits } from '../inference/index.ts'
import { fitPostprocessing, type DrawnCase } from '../postprocessing/index.ts'
import { workingVoxelMl, type TrainedNetwork } from '../training/index.ts'
import { forEachCase } from './forEachCase.ts'
import type { JobPorts } from './jobPorts.ts'

/**
 * Chooses post-processing and temperature of a model (one network, or the members of an ensemble) on cases that it was not trained on, on its working grid.
 *
 * @throws GliadeskError BAD_INPUT where a case has no label
 */
export async function fitModel(
  members: readonly TrainedNetwork[],
  cases: readonly ManifestCase[],
  inference: InferenceConfig,
  ports: JobPorts,
): Promise<Fitted> {
  const [{ network, sequences, window }] = members
  const { spacingMm, acceptsMissing } = network.config
  const needs = { sequences, mayLack: acceptsMissing ? sequences : [], spacingMm }
  const { minEnhancingMl, minComponentMl = 0 } = inference
  const drawn: DrawnCase[] = []
  const samples: CalibrationSample[] = []
  await forEachCase(cases, 'Fitting on', ports, async (subject, within) => {
    const prepared = await loadCase(subject, needs, ports.files.readFile)
    const { labels: reference, dims } = prepared
    if (!reference) {
      throw new GliadeskError(
        'BAD_INPUT',
        `Case ${subject.name} has no reference label to fit on.`,
        'Save a version of it, or choose a split whose cases are labelled.',
      )
    }
    const hooks = { afterWindows: (done: number, total: number) => within(done / total) }
    const logits =
      members.length === 1
        ? await predictLogits(network, prepared, window, inference, hooks)
        : await meanLogProbabilities(members, prepared, inference, hooks)
    const predicted = mostProbableLabels(logits)
    samples.push(calibrationSample(logits, reference, predicted, dims))
    drawn.push({ reference, predicted, dims, voxelMl: workingVoxelMl(prepared) })
  })
  return {
    ...fitPostprocessing(drawn, { minComponentMl, minEnhancingMl }),
    calibration: fitTemperature(samples),
    cases: cases.length,
  }
}
