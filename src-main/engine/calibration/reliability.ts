import type { Reliability } from '../../contract/index.ts'
import type { CalibrationSample } from './calibrationSample.ts'

/** As in Guo et al. 2017. */
const BINS = 15

/**
 * Negative log-likelihood, expected calibration error and reliability diagram of softmax(logits / temperature):
 * ECE = Σ_b share_b · |accuracy_b − confidence_b| over 15 equal bins of the largest probability (Guo et al. 2017,
 * arXiv:1706.04599, eq. 3).
 *
 * @returns zeros and no bins for samples without voxels
 */
export function reliability(
  samples: readonly CalibrationSample[],
  temperature: number,
): Reliability {
  const voxels = samples.reduce((sum, { labels }) => sum + labels.length, 0)
  if (voxels === 0) return { nll: 0, ece: 0, bins: [] }
  const count = new Float64Array(BINS)
  const confidence = new Float64Array(BINS)
  const right = new Float64Array(BINS)
  let nll = 0
  for (const { logits, labels } of samples) {
    const classes = logits.length / labels.length
    for (let n = 0; n < labels.length; n++) {
      const first = n * classes
      let best = first
      for (let c = first + 1; c < first + classes; c++) if (logits[c] > logits[best]) best = c
      let sum = 0
      for (let c = first; c < first + classes; c++) {
        sum += Math.exp((logits[c] - logits[best]) / temperature)
      }
      nll += Math.log(sum) - (logits[first + labels[n]] - logits[best]) / temperature
      const bin = Math.min(BINS - 1, Math.floor(BINS / sum))
      count[bin]++
      confidence[bin] += 1 / sum
      if (best - first === labels[n]) right[bin]++
    }
  }
  const bins = [...count.keys()]
    .filter((bin) => count[bin] > 0)
    .map((bin) => ({
      confidence: Math.min(1, confidence[bin] / count[bin]),
      accuracy: right[bin] / count[bin],
      share: count[bin] / voxels,
    }))
  const ece = bins.reduce(
    (sum, bin) => sum + bin.share * Math.abs(bin.accuracy - bin.confidence),
    0,
  )
  return { nll: Math.max(0, nll / voxels), ece, bins }
}
