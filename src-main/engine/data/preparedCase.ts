import type { Sequence } from '../../contract/index.ts'
import type { CanonicalPlan } from '../../imaging/geometry/index.ts'

export type Triple = readonly [number, number, number]

/** A box of voxels: first index along each axis, and extent. */
export interface VoxelBox {
  readonly origin: Triple
  readonly size: Triple
}

/** How a prepared case lies in its stored files; leads the network's answer back. */
export interface CasePlacement {
  /** Stored order ↔ the order nearest to RAS+. */
  readonly canonical: CanonicalPlan
  /** What of the canonical grid the network sees: the box around everything that is not zero. */
  readonly crop: VoxelBox
}

/** A case as the network sees it: canonical axes, cropped, normalised, on the network's voxel size. */
export interface PreparedCase {
  readonly caseId: string
  readonly name: string
  /** Channel order of `channels`. */
  readonly sequences: readonly Sequence[]
  /** Voxels along x, y, z of every channel and of the labels. */
  readonly dims: Triple
  /** Sequences the case does not have: their channels are 0 throughout. Absent: it has them all. */
  readonly absent?: readonly Sequence[]
  /** One volume a sequence, mean 0 and deviation 1 inside its non-zero mask, 0 outside. */
  readonly channels: readonly Float32Array[]
  /** Canonical labels, or null for an unlabelled case. */
  readonly labels: Uint8Array | null
  /** Flat indices of (some of) the voxels of labels 1, 2, 3; empty arrays where there are none. */
  readonly foreground: readonly Uint32Array[]
  readonly placement: CasePlacement
}

/** Bytes that a prepared case keeps alive. */
export function byteLengthOf(prepared: PreparedCase): number {
  const images = prepared.channels.reduce((sum, channel) => sum + channel.byteLength, 0)
  const indices = prepared.foreground.reduce((sum, list) => sum + list.byteLength, 0)
  return images + indices + (prepared.labels?.byteLength ?? 0)
}
