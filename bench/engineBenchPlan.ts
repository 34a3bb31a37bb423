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
  /** Empty: none is measured. */
  readonly convolutions: readonly ConvolutionShape[]
  /** Whether a training step is measured. */
  readonly measureStep: boolean
  /** Each level computed again in the backward pass; not in PyTorch. */
  readonly checkpointing: boolean
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
  /** Null where none was measured. */
  readonly step: { readonly seconds: number; readonly firstLoss: number } | null
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

/** One record of several rounds: medians of speeds and times, the largest memory. */
export function joinRounds(records: readonly EngineBenchRecord[]): EngineBenchRecord {
  const [first] = records
  const steps = records.flatMap(({ step }) => (step ? [step.seconds] : []))
  return {
    description: first.description,
    convolutions: first.convolutions.map((_, i) => ({
      forward: median(records.map(({ convolutions }) => convolutions[i]!.forward)),
      withGradients: median(records.map(({ convolutions }) => convolutions[i]!.withGradients)),
    })),
    step: first.step && { ...first.step, seconds: median(steps) },
    peakMib: Math.max(...records.map(({ peakMib }) => peakMib)),
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
