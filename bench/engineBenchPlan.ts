import type { NetworkConfig } from '../src-main/contract/index.ts'

export interface ConvolutionShape {
  /** Voxels along each axis. */
  readonly size: number
  readonly inChannels: number
  readonly outChannels: number
  readonly stride: 1 | 2
}

/** What every implementation measures, so that the ratios compare like with like. */
export interface EngineBenchPlan {
  readonly convolutions: readonly ConvolutionShape[]
  readonly network: NetworkConfig
  readonly sequences: number
  readonly patchSize: number
  readonly batchSize: number
  readonly repetitions: number
}

export interface EngineBenchRecord {
  readonly description: string
  /** GFLOP/s, medians. */
  readonly convolutions: readonly { readonly forward: number; readonly withGradients: number }[]
  readonly step: { readonly seconds: number; readonly firstLoss: number }
  /** Largest resident memory of the process. */
  readonly peakMib: number
}

/** GFLOP of one pass of a 3×3×3 convolution, borders counted as if they were full. */
export function convolutionGflop({
  size,
  inChannels,
  outChannels,
  stride,
}: ConvolutionShape): number {
  return (2 * 27 * inChannels * outChannels * Math.ceil(size / stride) ** 3) / 1e9
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
