import type { Calibration } from '../../contract/index.ts'
import type { CalibrationSample } from './calibrationSample.ts'
import { reliability } from './reliability.ts'

/** Beyond these a network is broken, not badly calibrated. */
const LOWEST = 0.2
const HIGHEST = 10

/** Relative width at which the search ends. */
const TOLERANCE = 1e-3

const GOLDEN = (Math.sqrt(5) - 1) / 2

/**
 * The temperature T that makes the labels most likely under softmax(logits / T) (Guo et al. 2017, arXiv:1706.04599):
 * golden-section search over ln T, which finds the minimum because the mean negative log-likelihood is convex in 1 / T.
 * No label changes by it: the order of the classes of a voxel stays.
 *
 * @returns temperature 1 for samples without voxels
 */
export function fitTemperature(samples: readonly CalibrationSample[]): Calibration {
  const voxels = samples.reduce((sum, { labels }) => sum + labels.length, 0)
  const before = reliability(samples, 1)
  if (voxels === 0) return { temperature: 1, voxels, before, after: before }
  const cost = (logT: number): number => reliability(samples, Math.exp(logT)).nll
  let [low, high] = [Math.log(LOWEST), Math.log(HIGHEST)]
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)]
  let [costLeft, costRight] = [cost(left), cost(right)]
  while (high - low > TOLERANCE) {
    if (costLeft <= costRight) {
      ;[high, right, costRight] = [right, left, costLeft]
      left = high - GOLDEN * (high - low)
      costLeft = cost(left)
    } else {
      ;[low, left, costLeft] = [left, right, costRight]
      right = low + GOLDEN * (high - low)
      costRight = cost(right)
    }
  }
  const temperature = Math.exp((low + high) / 2)
  const after = reliability(samples, temperature)
  // Where nothing is gained, nothing is changed.
  return after.nll < before.nll
    ? { temperature, voxels, before, after }
    : { temperature: 1, voxels, before, after: before }
}
