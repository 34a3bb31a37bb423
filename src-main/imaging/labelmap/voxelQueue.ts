/**
 * A priority queue of voxels: lowest priority first, of equal ones the earlier pushed. A binary heap in flat arrays,
 * since a whole image may pass through it.
 */
export class VoxelQueue {
  private priorities: Float64Array
  private ages: Float64Array
  private voxels: Uint32Array
  private length = 0
  private pushed = 0

  /** @param capacity voxels to make room for at the start; grows as needed */
  constructor(capacity = 1024) {
    this.priorities = new Float64Array(capacity)
    this.ages = new Float64Array(capacity)
    this.voxels = new Uint32Array(capacity)
  }

  get size(): number {
    return this.length
  }

  /** Priority of the voxel that `pop` gives next; Infinity where there is none. */
  get nextPriority(): number {
    return this.length > 0 ? this.priorities[0] : Infinity
  }

  push(voxel: number, priority: number): void {
    if (this.length === this.voxels.length) this.grow()
    const age = this.pushed++
    let at = this.length++
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.isBefore(priority, age, parent)) break
      this.move(parent, at)
      at = parent
    }
    this.set(at, voxel, priority, age)
  }

  /** @throws RangeError where the queue is empty */
  pop(): number {
    if (this.length === 0) throw new RangeError('The queue is empty')
    const first = this.voxels[0]
    const last = --this.length
    const [voxel, priority, age] = [this.voxels[last], this.priorities[last], this.ages[last]]
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= last) break
      if (
        child + 1 < last &&
        this.isBefore(this.priorities[child + 1], this.ages[child + 1], child)
      ) {
        child++
      }
      if (this.isBefore(priority, age, child)) break
      this.move(child, at)
      at = child
    }
    this.set(at, voxel, priority, age)
    return first
  }

  private isBefore(priority: number, age: number, other: number): boolean {
    const difference = priority - this.priorities[other]
    return difference < 0 || (difference === 0 && age < this.ages[other])
  }

  private move(from: number, to: number): void {
    this.priorities[to] = this.priorities[from]
    this.ages[to] = this.ages[from]
    this.voxels[to] = this.voxels[from]
  }

  private set(at: number, voxel: number, priority: number, age: number): void {
    this.priorities[at] = priority
    this.ages[at] = age
    this.voxels[at] = voxel
  }

  private grow(): void {
    const capacity = this.voxels.length * 2
    const enlarge = <T extends Float64Array | Uint32Array>(larger: T, from: T): T => {
      larger.set(from)
      return larger
    }
    this.priorities = enlarge(new Float64Array(capacity), this.priorities)
    this.ages = enlarge(new Float64Array(capacity), this.ages)
    this.voxels = enlarge(new Uint32Array(capacity), this.voxels)
  }
}
