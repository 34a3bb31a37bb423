import { LABEL_COUNT, type NetworkConfig } from '../../contract/index.ts'
import { otherKindSegments } from './memoryOfKinds.ts'

/** Feature values that one sample of a training step holds at the end of its backward pass, for each voxel of the patch. */
export interface FeatureCounts {
  /** What the forward pass makes and the backward pass needs: every map of it. */
  readonly forward: number
  /** Gradients of these maps: the tape frees none before its end. */
  readonly backward: number
}

/** Gradients at the borders of the largest stretch, as a share of its output; measured. */
const BORDER_GRADIENTS = 0.5

/** A stretch of the network that checkpointing computes again as a whole. */
export interface Segment extends FeatureCounts {
  /** What is handed on to later stretches. */
  readonly output: number
}

/**
 * Counts the maps of one forward and backward pass of `buildNetwork` under TensorFlow.js's tape, convolution by
 * convolution. With wₗ = 8⁻ˡ the share of voxels and cₗ the channels of level l, a convolution with its norm keeps two
 * maps of cₗ wₗ, a decoder level besides its up-sampled map (cₗ) and the joined one (2 cₗ); where two gradients meet, both
 * and their sum are alive.
 */
export function countFeatures(network: NetworkConfig, checkpointing: boolean): FeatureCounts {
  const segments = [...networkSegments(network), lossSegment(network)]
  const sum = (key: keyof Segment): number =>
    segments.reduce((total, segment) => total + segment[key], 0)
  if (!checkpointing) return { forward: sum('forward'), backward: sum('backward') }
  // Every handed-on map, one stretch in full, and the gradients that have reached its borders. The finest decoder level
  // is the largest and the first to be gone through again, when hardly any gradients are there yet.
  const loss = lossSegment(network)
  const largest = segments.reduce((a, b) => (extent(b) > extent(a) ? b : a))
  return {
    forward: sum('output') + loss.forward + largest.forward,
    backward: loss.backward + largest.backward + BORDER_GRADIENTS * largest.output,
  }
}

const extent = ({ forward, backward }: Segment): number => forward + backward

/** A network that only answers, inside one tidy: every map of its forward pass at once. */
export function countAnswerFeatures(network: NetworkConfig): number {
  return networkSegments(network).reduce((sum, { forward }) => sum + forward, 0)
}

const networkSegments = (network: NetworkConfig): Segment[] =>
  network.kind === 'unet'
    ? [...encoderSegments(network), ...decoderSegments(network)]
    : otherKindSegments(network)

const shareOf = (level: number): number => 8 ** -level

/** The block of a level apart from what its output's gradients take. */
function block(
  network: NetworkConfig,
  width: number,
  shortcut: { readonly pooled: number; readonly projected: boolean },
): FeatureCounts {
  const { convolutionsPerLevel: convolutions, residual } = network
  const plain = { forward: 2 * convolutions * width, backward: (2 * convolutions - 1) * width }
  if (!residual) return plain
  // The pooled input, its projection, the sum and the activated sum; the gradients of both sums and the pooled input.
  return {
    forward: plain.forward + shortcut.pooled + (shortcut.projected ? width : 0) + 2 * width,
    backward: plain.backward + 2 * width + shortcut.pooled,
  }
}

function encoderSegments(network: NetworkConfig): Segment[] {
  const { channels, residual } = network
  const last = channels.length - 1
  return channels.map((own, level) => {
    const width = own * shareOf(level)
    const from = level === 0 ? 0 : channels[level - 1]
    const { forward, backward } = block(network, width, {
      pooled: from * shareOf(level),
      projected: level === 0 || from !== own,
    })
    // A skip meets the gradient of the join and of the next level; a residual level adds that of its pooling.
    const meeting = level === last ? 1 : residual ? 4 : 3
    return { forward, backward: backward + meeting * width, output: width }
  })
}

function decoderSegments(network: NetworkConfig): Segment[] {
  const { channels, deepSupervision, residual } = network
  return channels.slice(0, -1).map((own, level) => {
    const width = own * shareOf(level)
    const inner = block(network, width, { pooled: 0, projected: true })
    const hasHead = level === 0 || deepSupervision
    const head = hasHead ? 2 * LABEL_COUNT * shareOf(level) : 0
    const meeting = level > 0 && deepSupervision ? 2 : 1
    // The joined map gets one gradient; with a shortcut two that are summed.
    const joined = residual ? 4 : 2
    return {
      forward: inner.forward + 3 * width + head,
      backward: inner.backward + (meeting + joined + 1) * width,
      output: width + head / 2,
    }
  })
}

/** Per supervised level the gradient that the fused loss keeps, and what becomes of it. */
function lossSegment({ channels, deepSupervision }: NetworkConfig): Segment {
  const levels = deepSupervision ? channels.length - 1 : 1
  const maps = Array.from({ length: levels }, (_, level) => LABEL_COUNT * shareOf(level)).reduce(
    (a, b) => a + b,
  )
  return { forward: maps, backward: maps, output: 0 }
}
