import {
  GliadeskError,
  type Fitted,
  type InferenceConfig,
  type ManifestCase,
} from '../../contract/index.ts'
import { calibrationSample, fitTemperature, type CalibrationSample } from '../calibration/index.ts'
import { loadCase } from '../data/index.ts'
import { mostProbableLabels, predictLogits } from '../inference/index.ts'
import { fitPostprocessing, type DrawnCase } from '../postprocessing/index.ts'
import { workingVoxelMl, type TrainedNetwork } from '../training/index.ts'
import { forEachCase } from './forEachCase.ts'
import type { JobPorts } from './jobPorts.ts'

/**
 * Chooses post-processing and temperature of a network on cases that it was not trained on, on its working grid.
 *
 * @throws GliadeskError BAD_INPUT where a case has no label
 */
export async function fitModel(
  { network, sequences, window }: TrainedNetwork,
  cases: readonly ManifestCase[],
  inference: InferenceConfig,
  ports: JobPorts,
): Promise<Fitted> {
  const { spacingMm, acceptsMissing } = network.config
  const needs = { sequences, mayLack: acceptsMissing ? sequences : [], spacingMm }
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
    const logits = await predictLogits(network, prepared, window, inference, {
      afterWindows: (done, total) => within(done / total),
    })
    const predicted = mostProbableLabels(logits)
    samples.push(calibrationSample(logits, reference, predicted, dims))
    drawn.push({ reference, predicted, dims, voxelMl: workingVoxelMl(prepared) })
  })
  return {
    ...fitPostprocessing(drawn),
    calibration: fitTemperature(samples),
    cases: cases.length,
  }
}
