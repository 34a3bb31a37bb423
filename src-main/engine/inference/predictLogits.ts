import type { InferenceConfig } from '../../contract/index.ts'
import {
  ALL_MIRRORS,
  extractPatch,
  interleave,
  mirror,
  type MirrorAxes,
  type PreparedCase,
  type Triple,
} from '../data/index.ts'
import type { Network } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import { gaussianWeights } from './gaussianWeights.ts'
import { addWindow, type WindowSums } from './windowSums.ts'
import { windowOrigins } from './windowOrigins.ts'

/** Voxels of several windows that are sent through the network at once; small windows alone waste overhead. */
const VOXELS_AT_ONCE = 96 ** 3

export interface PredictionHooks {
  /** Called after every group of windows; gives the process a chance to hear a cancel. Throw to stop. */
  readonly afterWindows: (done: number, total: number) => Promise<void>
}

/**
 * Runs a network over a whole case in overlapping windows and averages their logits, weighted by a Gaussian, with
 * optional mirroring along all axes (the mean over eight views).
 *
 * @param window voxels along x, y, z; the size the network was trained on
 * @returns one volume of logits a class on the case's working grid
 */
export async function predictLogits(
  network: Network,
  prepared: PreparedCase,
  window: Triple,
  inference: InferenceConfig,
  hooks: PredictionHooks,
): Promise<Float32Array[]> {
  const voxels = prepared.dims[0] * prepared.dims[1] * prepared.dims[2]
  const volumes = {
    sums: Array.from({ length: network.classes }, () => new Float32Array(voxels)),
    mass: new Float32Array(voxels),
  }
  await sumWindows(network, prepared, window, inference, hooks, volumes)
  for (const sum of volumes.sums) {
    for (let i = 0; i < voxels; i++) sum[i] /= volumes.mass[i]
  }
  return volumes.sums
}

/**
 * The sums behind `predictLogits`, where the caller wants them. Divided by their mass they are the logits.
 *
 * @param views mirrored axes of the views that are averaged; those that the inference says where not given
 */
export async function sumWindows(
  network: Network,
  prepared: PreparedCase,
  window: Triple,
  inference: InferenceConfig,
  hooks: PredictionHooks,
  volumes: WindowSums,
  views: readonly MirrorAxes[] = inference.mirror ? ALL_MIRRORS : ALL_MIRRORS.slice(0, 1),
): Promise<void> {
  const origins = windowOrigins(prepared.dims, window, inference.stepFraction)
  const weights = gaussianWeights(window)
  const windowVoxels = window[0] * window[1] * window[2]
  const batch = Math.max(1, Math.floor(VOXELS_AT_ONCE / windowVoxels))
  for (let start = 0; start < origins.length; start += batch) {
    const group = origins.slice(start, start + batch)
    const patches = group.map((origin) => extractPatch(prepared, origin, window))
    for (const axes of views) {
      const seen = patches.map(({ size, channels }) => ({
        size,
        channels: channels.map((channel) => mirror(channel, size, axes)),
      }))
      const logits = await forward(
        network,
        interleave(seen, prepared.sequences, prepared.sequences),
        [group.length, window[2], window[1], window[0], prepared.sequences.length],
      )
      group.forEach((origin, b) => {
        const length = windowVoxels * network.classes
        const own = logits.subarray(b * length, (b + 1) * length)
        const upright = mirror(own, window, axes, network.classes)
        addWindow(volumes, prepared.dims, upright, weights, window, origin)
      })
    }
    await hooks.afterWindows(start + group.length, origins.length)
  }
}

async function forward(
  network: Network,
  values: Float32Array,
  shape: [number, number, number, number, number],
): Promise<Float32Array> {
  const logits = tf.tidy(() => network.forward(tf.tensor5d(values, shape)).logits[0])
  try {
    return (await logits.data()) as Float32Array
  } finally {
    logits.dispose()
  }
}
