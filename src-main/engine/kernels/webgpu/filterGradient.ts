import type { tf } from '../../tensor.ts'
import type { ConvolutionGeometry } from '../wasm/index.ts'
import { channelKey } from './convolutionShader.ts'
import {
  FILTER_GRADIENT_UNIFORMS,
  filterGradientShader,
  filterGradientTile,
  sumChunksShader,
  type FilterGradientShape,
} from './filterGradientShader.ts'
import { type WebgpuBackend } from './webgpuBackend.ts'

/** Workgroups that keep a large card busy: some 100 processors with several workgroups each. */
const WANTED_WORKGROUPS = 1024
/** Fewest voxels worth a workgroup of their own. */
const FEWEST_VOXELS_A_CHUNK = 256
/** Most values of the partial sums: 32 MiB. */
const MOST_PARTIAL_VALUES = 8 * 2 ** 20
const THREADS = 64

/** Chunks of voxels that are added up apart; from the shapes alone. */
function chunksOf(
  voxels: number,
  blocks: number,
  size: number,
): { readonly chunks: number; readonly voxelsAChunk: number } {
  const wanted = Math.min(
    Math.ceil(WANTED_WORKGROUPS / blocks),
    Math.floor(voxels / FEWEST_VOXELS_A_CHUNK),
    Math.floor(MOST_PARTIAL_VALUES / size),
  )
  const voxelsAChunk = Math.ceil(voxels / Math.max(1, wanted))
  return { chunks: Math.ceil(voxels / voxelsAChunk), voxelsAChunk }
}

/** dFilter = Σ over voxels of x ⊗ dy for every tap: partial sums of chunks, then their sum in order. */
export function convolveFilterGradient(
  backend: WebgpuBackend,
  geometry: ConvolutionGeometry,
  [x, dy, dFilter]: readonly [tf.TensorInfo, tf.TensorInfo, tf.TensorInfo],
): void {
  const { inChannels, outChannels, taps, inSize, outSize } = geometry
  const shape: FilterGradientShape = { inChannels, outChannels }
  const rows = taps[0] * taps[1] * taps[2] * inChannels
  const size = rows * outChannels
  const voxels = geometry.batch * outSize[0] * outSize[1] * outSize[2]
  const tile = filterGradientTile(outChannels)
  const blocks = Math.ceil(rows / (tile.rowFours * 4)) * Math.ceil(outChannels / (tile.columns * 4))
  const { chunks, voxelsAChunk } = chunksOf(voxels, blocks, size)
  const flopsAChunk = 2 * size * voxelsAChunk
  const chunksADispatch = Math.max(1, Math.floor(backend.flopsASubmission / flopsAChunk))
  const partial = backend.makeFloats([chunks, size])
  for (let firstChunk = 0; firstChunk < chunks; firstChunk += chunksADispatch) {
    const lastChunk = Math.min(chunks, firstChunk + chunksADispatch)
    const values: Record<(typeof FILTER_GRADIENT_UNIFORMS)[number], number> = {
      ...{ inD: inSize[0], inH: inSize[1], inW: inSize[2] },
      ...{ outD: outSize[0], outH: outSize[1], outW: outSize[2], stride: geometry.stride[0] },
      ...{ padD: geometry.pad[0], padH: geometry.pad[1], padW: geometry.pad[2] },
      ...{ voxels, voxelsAChunk, firstChunk, lastChunk },
      ...{
        taps: taps[0] * taps[1] * taps[2],
        tapsH: taps[1],
        tapsW: taps[2],
        inChannels,
        outChannels,
      },
    }
    backend.run({
      key: `filter gradient ${channelKey(inChannels)}→${channelKey(outChannels)} by ${tile.columns}`,
      code: () => filterGradientShader(shape),
      inputs: [x, dy],
      outputs: [partial],
      uniforms: FILTER_GRADIENT_UNIFORMS.map((name) => ({ i32: values[name] })),
      workgroups: (lastChunk - firstChunk) * blocks,
      flops: (lastChunk - firstChunk) * flopsAChunk,
    })
  }
  backend.run({
    key: 'sum of chunks',
    code: sumChunksShader,
    inputs: [partial],
    outputs: [dFilter],
    uniforms: [{ i32: chunks }, { i32: size }],
    workgroups: Math.ceil(size / THREADS),
    flops: chunks * size,
  })
  backend.release(partial)
}
