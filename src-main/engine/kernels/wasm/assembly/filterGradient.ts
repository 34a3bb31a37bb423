import { alignUp, argument, pointerArgument, takeTask, threadScratch } from './control'
import { NARROW_COLUMNS, TILE_COLUMNS, TILE_ROWS } from './convolveTile'
import {
  accumulateFilterTile,
  accumulateNarrowFilterTile,
  NARROW_GRADIENT_ROWS,
} from './filterGradientTile'
import { copyPaddedPlane } from './paddedPlane'

/** Voxels of one pass through the register tiles: enough to hide adding the tile, few enough for the first cache. */
const VOXELS_A_PASS: i32 = 160

/**
 * Filter gradient of a convolution: dW[tap, i, o] = Σ over voxels of x[voxel + tap, i] · dy[voxel, o].
 *
 * The voxels are cut into chunks of planes, whose number follows from the shape alone, and every chunk sums into a buffer
 * of its own; `sumChunks` then adds the buffers in order. So the result is the same bit for bit however many threads run.
 * A task is one chunk and one depth tap, or one chunk, depth tap and height tap.
 */
export function accumulateFilterGradient(): void {
  const x = pointerArgument(0)
  const dy = pointerArgument(1)
  const partial = pointerArgument(2)
  const inDepth = argument(3)
  const inHeight = argument(4)
  const inWidth = argument(5)
  const inChannels = argument(6)
  const outDepth = argument(7)
  const outHeight = argument(8)
  const outWidth = argument(9)
  const outChannels = argument(10)
  const depthTaps = argument(11)
  const heightTaps = argument(12)
  const widthTaps = argument(13)
  const stride = argument(14)
  const padDepth = argument(15)
  const padHeight = argument(16)
  const padWidth = argument(17)
  const paddedHeight = argument(18)
  const paddedWidth = argument(19)
  const frames = argument(20) !== 0
  const planes = argument(21)
  const chunks = argument(22)
  const heightGroups = argument(23)
  const partialRows = argument(24)
  const partialStride = pointerArgument(25)
  const framed = threadScratch(pointerArgument(26), pointerArgument(27))

  const pixelBytes = inChannels << 2
  const inPlaneBytes = <usize>(inHeight * inWidth) * <usize>pixelBytes
  const dyRowBytes = (<usize>(outWidth * outChannels)) << 2
  const rowBytes = <usize>((frames ? paddedWidth : inWidth) * pixelBytes)
  const xStep = <usize>(stride * pixelBytes)
  const dyStep = (<usize>outChannels) << 2
  const xRowSkip = <usize>stride * rowBytes - <usize>outWidth * xStep
  const run = widthTaps * inChannels
  const tapBytes = <usize>partialRows * partialStride
  const chunkBytes = alignUp(<usize>(depthTaps * heightTaps) * tapBytes)
  const rowsAPass = max(1, VOXELS_A_PASS / outWidth)
  const tapsAGroup = heightTaps / heightGroups

  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const chunk = task / (depthTaps * heightGroups)
    const rest = task % (depthTaps * heightGroups)
    const depthTap = rest / heightGroups
    const firstHeightTap = (rest % heightGroups) * tapsAGroup
    const target =
      partial +
      <usize>chunk * chunkBytes +
      <usize>(depthTap * heightTaps + firstHeightTap) * tapBytes
    memory.fill(target, 0, <usize>tapsAGroup * tapBytes)
    const endPlane = <i32>((<i64>planes * (chunk + 1)) / chunks)
    for (let plane = <i32>((<i64>planes * chunk) / chunks); plane < endPlane; plane++) {
      const sample = plane / outDepth
      const input = (plane % outDepth) * stride - padDepth + depthTap
      if (input < 0 || input >= inDepth) continue
      let image = x + <usize>(sample * inDepth + input) * inPlaneBytes
      if (frames) {
        copyPaddedPlane(
          framed,
          image,
          inHeight,
          inWidth,
          pixelBytes,
          padHeight,
          padWidth,
          paddedHeight,
          paddedWidth,
        )
        image = framed
      }
      const planeDy = dy + <usize>plane * <usize>outHeight * dyRowBytes
      for (let row = 0; row < outHeight; row += rowsAPass) {
        const rows = min(rowsAPass, outHeight - row)
        const blockDy = planeDy + <usize>row * dyRowBytes
        for (let tap = 0; tap < tapsAGroup; tap++) {
          const blockX = image + <usize>(row * stride + firstHeightTap + tap) * rowBytes
          const tapTarget = target + <usize>tap * tapBytes
          for (let channel = 0; channel < outChannels; channel += TILE_COLUMNS) {
            const channelOffset = (<usize>channel) << 2
            if (outChannels - channel > NARROW_COLUMNS) {
              for (let index = 0; index < run; index += TILE_ROWS) {
                accumulateFilterTile(
                  blockX + ((<usize>index) << 2),
                  blockDy + channelOffset,
                  rows,
                  outWidth,
                  xStep,
                  xRowSkip,
                  dyStep,
                  tapTarget + <usize>index * partialStride + channelOffset,
                  partialStride,
                )
              }
            } else {
              for (let index = 0; index < run; index += NARROW_GRADIENT_ROWS) {
                accumulateNarrowFilterTile(
                  blockX + ((<usize>index) << 2),
                  blockDy + channelOffset,
                  rows,
                  outWidth,
                  xStep,
                  xRowSkip,
                  dyStep,
                  tapTarget + <usize>index * partialStride + channelOffset,
                  partialStride,
                )
              }
            }
          }
        }
      }
    }
  }
}

/** Adds the chunks' buffers in order and drops their filler rows and columns. A task is one (depth, height) tap. */
export function sumChunks(): void {
  const partial = pointerArgument(0)
  const target = pointerArgument(1)
  const chunks = argument(2)
  const taps = argument(3)
  const run = argument(4)
  const outChannels = argument(5)
  const partialRows = argument(6)
  const partialStride = pointerArgument(7)
  const tapBytes = <usize>partialRows * partialStride
  const chunkBytes = alignUp(<usize>taps * tapBytes)
  for (let tap = takeTask(); tap >= 0; tap = takeTask()) {
    for (let index = 0; index < run; index++) {
      const row = partial + <usize>tap * tapBytes + <usize>index * partialStride
      const to = target + ((<usize>((tap * run + index) * outChannels)) << 2)
      let channel = 0
      for (; channel + 4 <= outChannels; channel += 4) {
        const offset = (<usize>channel) << 2
        let sum = v128.load(row + offset)
        for (let chunk = 1; chunk < chunks; chunk++) {
          sum = f32x4.add(sum, v128.load(row + offset + <usize>chunk * chunkBytes))
        }
        v128.store(to + offset, sum)
      }
      for (; channel < outChannels; channel++) {
        const offset = (<usize>channel) << 2
        let sum = load<f32>(row + offset)
        for (let chunk = 1; chunk < chunks; chunk++) {
          sum += load<f32>(row + offset + <usize>chunk * chunkBytes)
        }
        store<f32>(to + offset, sum)
      }
    }
  }
}
