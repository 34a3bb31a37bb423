import type { LabelTally } from './labelTally.ts'

/** Which classes must not change: `locks[value]` true keeps every voxel of that value, and lets none become it. */
export type LabelLocks = readonly boolean[]

/** The labelmap an edit writes into, with the counts that follow it. */
export interface EditTarget {
  labels: Uint8Array
  tally: LabelTally
}

/** Changed voxels in rising index order, with the value each had before; all have the edit's value now. */
export interface VoxelChanges {
  indices: Uint32Array
  before: Uint8Array
  value: number
}

/**
 * One undo step being made: writes one value into any number of voxels and remembers what was there.
 * `write` is the only way an editing tool changes a labelmap, and so the only place that has to respect
 * locks. Since an edit has one value, a voxel changes at most once in it.
 */
export class LabelEdit {
  readonly value: number
  private readonly target: EditTarget
  private readonly locks: LabelLocks
  private indices = new Uint32Array(1024)
  private before = new Uint8Array(1024)
  private length = 0

  constructor(target: EditTarget, value: number, locks: LabelLocks) {
    this.target = target
    this.value = value
    this.locks = locks
  }

  /** Voxels changed so far. */
  get changedVoxels(): number {
    return this.length
  }

  /** Gives a voxel the edit's value, unless a lock forbids it or it has it already. */
  write(index: number): void {
    const { labels, tally } = this.target
    const before = labels[index]
    if (before === this.value || this.locks[before] || this.locks[this.value]) return
    if (this.length === this.indices.length) this.grow()
    this.indices[this.length] = index
    this.before[this.length] = before
    this.length++
    labels[index] = this.value
    tally.move(index, before, this.value)
  }

  /** What the edit changed. */
  changes(): VoxelChanges {
    // Index and old value in one number sorts both at once, natively: an index fits well within 2^45.
    const keys = new Float64Array(this.length)
    for (let i = 0; i < this.length; i++) keys[i] = this.indices[i] * 256 + this.before[i]
    keys.sort()
    const indices = new Uint32Array(this.length)
    const before = new Uint8Array(this.length)
    for (let i = 0; i < this.length; i++) {
      indices[i] = Math.floor(keys[i] / 256)
      before[i] = keys[i] % 256
    }
    return { indices, before, value: this.value }
  }

  /** Puts every voxel back as it was; the edit is empty afterwards. */
  revert(): void {
    const { labels, tally } = this.target
    for (let i = 0; i < this.length; i++) {
      tally.move(this.indices[i], this.value, this.before[i])
      labels[this.indices[i]] = this.before[i]
    }
    this.length = 0
  }

  private grow(): void {
    const indices = new Uint32Array(this.indices.length * 2)
    indices.set(this.indices)
    this.indices = indices
    const before = new Uint8Array(this.before.length * 2)
    before.set(this.before)
    this.before = before
  }
}
