import type { VolumeGrid } from '../../src-main/contract/volume.ts'
import type { VolumesMl } from '../../src-main/contract/cases.ts'
import { LABEL_COUNT, LABELS } from '../../src-main/contract/anatomy.ts'
import { voxelVolumeMl } from '../../src-main/imaging/geometry/index.ts'

/** Mixes a voxel's place and value into 32 bits (the finaliser of MurmurHash3). */
function voxelCode(index: number, value: number): number {
  let x = Math.imul(index, 0x9e3779b1) ^ Math.imul(value, 0x85ebca6b)
  x ^= x >>> 16
  x = Math.imul(x, 0x85ebca6b)
  x ^= x >>> 13
  x = Math.imul(x, 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}

/**
 * Voxel counts of every class, and a fingerprint of the whole labelmap, both kept up voxel by voxel, so
 * that the legend can follow a brush without counting nine million voxels a frame. The fingerprint is the
 * exclusive or of one code per labelled voxel (Zobrist hashing): equal labelmaps have equal fingerprints,
 * in whatever order they were drawn.
 */
export class LabelTally {
  private readonly counts = new Float64Array(LABEL_COUNT)
  private code = 0

  /** Counts a labelmap from scratch. Values above 3 do not occur in canonical labels and count as background. */
  static of(labels: Uint8Array): LabelTally {
    const tally = new LabelTally()
    let labelled = 0
    for (let index = 0; index < labels.length; index++) {
      const value = labels[index]
      if (value === 0 || value >= LABEL_COUNT) continue
      tally.counts[value]++
      tally.code ^= voxelCode(index, value)
      labelled++
    }
    tally.counts[0] = labels.length - labelled
    return tally
  }

  /** Notes that one voxel changed its value. */
  move(index: number, before: number, after: number): void {
    this.counts[before]--
    this.counts[after]++
    if (before !== 0) this.code ^= voxelCode(index, before)
    if (after !== 0) this.code ^= voxelCode(index, after)
  }

  /** Voxels of a class. */
  count(label: number): number {
    return this.counts[label]
  }

  /** Eight hexadecimal digits; "00000000" for an empty labelmap. */
  get fingerprint(): string {
    return (this.code >>> 0).toString(16).padStart(8, '0')
  }

  /** Volumes of the classes and of the scored regions, in millilitres. */
  volumesMl(grid: VolumeGrid): VolumesMl {
    const voxel = voxelVolumeMl(grid)
    const necrosis = this.counts[LABELS.necrosis] * voxel
    const edema = this.counts[LABELS.edema] * voxel
    const enhancing = this.counts[LABELS.enhancing] * voxel
    return {
      necrosis,
      edema,
      enhancing,
      WT: necrosis + edema + enhancing,
      TC: necrosis + enhancing,
      ET: enhancing,
    }
  }
}
