import { alignUp, argument, pointerArgument, takeTask, threadScratch } from './control'
import {
  convolveNarrowTile,
  convolveTile,
  NARROW_COLUMNS,
  NARROW_ROWS,
  TILE_COLUMNS,
  TILE_ROWS,
} from './convolveTile'
import { copyPaddedPlane } from './paddedPlane'

/** Register tiles that share one pass over a block of filters: their inputs stay in the first two cache levels. */
const TILES_A_PASS: i32 = 8
/** Thread scratch before the planes: addresses of the planes, then spilled channels. */
const PLANE_TABLE_BYTES: usize = 64
const SPILL_BYTES: usize = 64

/**
 * Convolution over B×D×H×W×C with any stride, written to any lattice of output voxels: forward pass, input gradient (one
 * call a parity class) and matrix product are this one operation with different arguments.
 *
 * A task is a range of output planes of one sample, or a part of one plane's tiles. A thread keeps the input planes that
 * the current output plane needs in a ring, zero-framed. No task reads what another writes, so the result does not depend
 * on how many threads run.
 */
export function convolve(): void {
  const x = pointerArgument(0)
  const y = pointerArgument(1)
  const filter = pointerArgument(2)
  const inDepth = argument(3)
  const inHeight = argument(4)
  const inWidth = argument(5)
  const inChannels = argument(6)
  const outDepth = argument(7)
  const outPlaneVoxels = argument(8)
  const outChannels = argument(9)
  const depthTaps = argument(10)
  const heightTaps = argument(11)
  const widthTaps = argument(12)
  const depthStride = argument(13)
  const padDepth = argument(14)
  const padHeight = argument(15)
  const padWidth = argument(16)
  const paddedHeight = argument(17)
  const paddedWidth = argument(18)
  const frames = argument(19) !== 0
  const yBatchBytes = pointerArgument(20)
  const yPlaneBytes = pointerArgument(21)
  const inputOffsets = pointerArgument(22)
  const outputOffsets = pointerArgument(23)
  const planesATask = argument(24)
  const partsAPlane = argument(25)
  const filterBlockBytes = pointerArgument(26)
  const scratch = threadScratch(pointerArgument(27), pointerArgument(28))

  const planeTable = scratch
  const spill = scratch + PLANE_TABLE_BYTES
  const ring = spill + SPILL_BYTES
  const pixelBytes = inChannels << 2
  const inPlaneBytes = <usize>(inHeight * inWidth) * <usize>pixelBytes
  const framedBytes = alignUp(<usize>(paddedHeight * paddedWidth) * <usize>pixelBytes)
  const rowBytes = <usize>((frames ? paddedWidth : inWidth) * pixelBytes)
  const run = widthTaps * inChannels
  const tiles = (outPlaneVoxels + TILE_ROWS - 1) / TILE_ROWS
  const tasksASample = ((outDepth + planesATask - 1) / planesATask) * partsAPlane

  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const sample = task / tasksASample
    const rest = task % tasksASample
    const part = rest % partsAPlane
    const firstPlane = (rest / partsAPlane) * planesATask
    const endPlane = min(firstPlane + planesATask, outDepth)
    const firstTile = (tiles * part) / partsAPlane
    const endTile = (tiles * (part + 1)) / partsAPlane
    const sampleX = x + <usize>sample * <usize>inDepth * inPlaneBytes
    let framed = firstPlane * depthStride - padDepth
    for (let plane = firstPlane; plane < endPlane; plane++) {
      const firstInput = plane * depthStride - padDepth
      for (let tap = 0; tap < depthTaps; tap++) {
        const input = firstInput + tap
        let address: usize = 0
        if (input >= 0 && input < inDepth) {
          const source = sampleX + <usize>input * inPlaneBytes
          if (frames) {
            address = ring + <usize>(input % depthTaps) * framedBytes
            if (input >= framed) {
              copyPaddedPlane(
                address,
                source,
                inHeight,
                inWidth,
                pixelBytes,
                padHeight,
                padWidth,
                paddedHeight,
                paddedWidth,
              )
            }
          } else {
            address = source
          }
        }
        store<u32>(planeTable + ((<usize>tap) << 2), <u32>address)
      }
      framed = max(framed, firstInput + depthTaps)
      const planeY = y + <usize>sample * yBatchBytes + <usize>plane * yPlaneBytes
      for (let group = firstTile; group < endTile; group += TILES_A_PASS) {
        const endOfGroup = min(group + TILES_A_PASS, endTile)
        let block = filter
        for (let channel = 0; channel < outChannels; channel += TILE_COLUMNS) {
          const left = outChannels - channel
          const channelY = planeY + ((<usize>channel) << 2)
          if (left > NARROW_COLUMNS) {
            for (let tile = group; tile < endOfGroup; tile++) {
              const table = <usize>(tile * TILE_ROWS) << 2
              convolveTile(
                planeTable,
                depthTaps,
                heightTaps,
                rowBytes,
                run,
                inputOffsets + table,
                outputOffsets + table,
                channelY,
                block,
                left,
                spill,
              )
            }
          } else {
            // May run into the next group's voxels, or the table's filler: the values are the same.
            for (let row = group * TILE_ROWS; row < endOfGroup * TILE_ROWS; row += NARROW_ROWS) {
              const table = (<usize>row) << 2
              convolveNarrowTile(
                planeTable,
                depthTaps,
                heightTaps,
                rowBytes,
                run,
                inputOffsets + table,
                outputOffsets + table,
                channelY,
                block,
                left,
                spill,
              )
            }
          }
          block += filterBlockBytes
        }
      }
    }
  }
}

/**
 * Packs a filter into blocks of 8 output channels: block × (tap, input channel) × 8, zeros behind the last channel. Taps
 * are addressed by start and steps, so that mirrored and every-second-tap filters need no copy of their own. A task is
 * one block.
 */
export function packFilter(): void {
  const source = pointerArgument(0)
  const target = pointerArgument(1)
  const depthTaps = argument(2)
  const heightTaps = argument(3)
  const widthTaps = argument(4)
  const inChannels = argument(5)
  const outChannels = argument(6)
  const depthStep = argument(7)
  const heightStep = argument(8)
  const widthStep = argument(9)
  const inStep = argument(10)
  const outStep = argument(11)
  const blockBytes = pointerArgument(12)
  for (let block = takeTask(); block >= 0; block = takeTask()) {
    let to = target + <usize>block * blockBytes
    const firstChannel = block * TILE_COLUMNS
    const count = min(TILE_COLUMNS, outChannels - firstChannel)
    for (let depth = 0; depth < depthTaps; depth++) {
      for (let height = 0; height < heightTaps; height++) {
        for (let width = 0; width < widthTaps; width++) {
          let from =
            source +
            depth * depthStep +
            height * heightStep +
            width * widthStep +
            firstChannel * outStep
          for (let channel = 0; channel < inChannels; channel++) {
            for (let column = 0; column < TILE_COLUMNS; column++) {
              const value = column < count ? load<f32>(from + column * outStep) : <f32>0
              store<f32>(to + ((<usize>column) << 2), value)
            }
            to += 32
            from += inStep
          }
        }
      }
    }
  }
}
