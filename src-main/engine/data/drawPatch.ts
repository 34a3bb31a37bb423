import type { TrainingPlan } from '../../contract/index.ts'
import type { RandomStream } from '../../imaging/random/randomStream.ts'
import { augmentIntensity } from './augmentIntensity.ts'
import { blankSequences } from './blankSequences.ts'
import { mirror, type MirrorAxes } from './mirror.ts'
import { extractPatch, type Patch } from './patch.ts'
import { drawPatchOrigin } from './patchOrigin.ts'
import type { PreparedCase } from './preparedCase.ts'
import { drawSpatialTransform, extractTransformedPatch } from './spatialTransform.ts'

/** What of a plan shapes the patches. */
export type PatchPlan = Pick<TrainingPlan, 'patchSize' | 'sampling' | 'augmentation'> &
  Partial<Pick<TrainingPlan, 'sequenceDropout'>>

/**
 * Draws one training patch from a case: place, then rotation and scaling, mirroring, grey values, blanked
 * sequences. A pure function of the case, the plan and the streams' states.
 *
 * @param sampling decides where, @param augmentation how it is changed
 */
export function drawPatch(
  prepared: PreparedCase,
  plan: PatchPlan,
  sampling: RandomStream,
  augmentation: RandomStream,
): Patch {
  const origin = drawPatchOrigin(
    prepared,
    plan.patchSize,
    plan.sampling.foregroundFraction,
    sampling,
  )
  const transform = plan.augmentation.spatial
    ? drawSpatialTransform(augmentation.fork('spatial'))
    : null
  let patch = transform
    ? extractTransformedPatch(prepared, origin, plan.patchSize, transform)
    : extractPatch(prepared, origin, plan.patchSize)
  if (plan.augmentation.mirror) patch = mirrorPatch(patch, augmentation.fork('mirror'))
  if (plan.augmentation.intensity) {
    const { resolution = false } = plan.augmentation
    const channels = patch.channels.map((channel, c) => {
      // Keyed by the sequence, so that a sequence is changed alike whichever others are read with it.
      const stream = augmentation.fork(`intensity/${prepared.sequences[c]}`)
      return augmentIntensity(channel, plan.patchSize, stream, resolution)
    })
    patch = { ...patch, channels }
  }
  const chance = plan.sequenceDropout ?? 0
  if (chance === 0 && !prepared.absent) return patch
  // Last, so that noise does not fill what is blank.
  const present = prepared.sequences.map((sequence) => !prepared.absent?.includes(sequence))
  const stream = augmentation.fork('sequence dropout')
  return { ...patch, channels: blankSequences(patch.channels, present, chance, stream) }
}

function mirrorPatch(patch: Patch, stream: RandomStream): Patch {
  const axes: MirrorAxes = [stream.chance(0.5), stream.chance(0.5), stream.chance(0.5)]
  return {
    size: patch.size,
    channels: patch.channels.map((channel) => mirror(channel, patch.size, axes)),
    labels: patch.labels ? mirror(patch.labels, patch.size, axes) : null,
  }
}
