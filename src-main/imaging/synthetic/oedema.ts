import type { HeadBox } from './headBox.ts'

/** A binary heap of voxel indexes ordered by their time; grows as needed. */
class TimeQueue {
  private voxels = new Int32Array(4096)
  private times = new Float32Array(4096)
  private length = 0

  get isEmpty(): boolean {
    return this.length === 0
  }

  push(voxel: number, time: number): void {
    if (this.length === this.voxels.length) {
      const voxels = new Int32Array(this.length * 2)
      const times = new Float32Array(this.length * 2)
      voxels.set(this.voxels)
      times.set(this.times)
      this.voxels = voxels
      this.times = times
    }
    let at = this.length++
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.times[parent] <= time) break
      this.times[at] = this.times[parent]
      this.voxels[at] = this.voxels[parent]
      at = parent
    }
    this.times[at] = time
    this.voxels[at] = voxel
  }

  /** Takes the earliest voxel out; `lastTime` is its time. */
  pop(): number {
    const first = this.voxels[0]
    this.lastTime = this.times[0]
    const last = --this.length
    const time = this.times[last]
    const voxel = this.voxels[last]
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= last) break
      if (child + 1 < last && this.times[child + 1] < this.times[child]) child++
      if (this.times[child] >= time) break
      this.times[at] = this.times[child]
      this.voxels[at] = this.voxels[child]
      at = child
    }
    this.times[at] = time
    this.voxels[at] = voxel
    return first
  }

  lastTime = 0
}

/**
 * When oedema arrives at each voxel, in mm of undisturbed white matter from the core: the shortest path
 * (Dijkstra, 26 neighbours) where crossing a voxel costs its length over `speed`. Inside the core 0, beyond
 * `limit` Infinity.
 *
 * @param core signed distance to the core, mm
 * @param speed 1 in white matter, less elsewhere, 0 where nothing passes; one value a box voxel
 */
export function spreadOedema(
  box: HeadBox,
  core: Float32Array,
  speed: Float32Array,
  limit: number,
): Float32Array {
  const [sx, sy, sz] = box.size
  const time = new Float32Array(box.count).fill(Infinity)
  const queue = new TimeQueue()
  const startWithin = box.spacingMm
  for (let i = 0; i < box.count; i++) {
    if (core[i] < 0) time[i] = 0
    else if (core[i] < startWithin && speed[i] > 0) {
      time[i] = core[i] / Math.max(0.2, speed[i])
      queue.push(i, time[i])
    }
  }
  while (!queue.isEmpty) {
    const voxel = queue.pop()
    const reached = queue.lastTime
    if (reached > time[voxel]) continue
    const a = voxel % sx
    const b = Math.floor(voxel / sx) % sy
    const c = Math.floor(voxel / (sx * sy))
    for (let dc = -1; dc <= 1; dc++) {
      if (c + dc < 0 || c + dc >= sz) continue
      for (let db = -1; db <= 1; db++) {
        if (b + db < 0 || b + db >= sy) continue
        for (let da = -1; da <= 1; da++) {
          if (a + da < 0 || a + da >= sx) continue
          const next = voxel + da + sx * (db + sy * dc)
          const pace = speed[next]
          if (pace <= 0) continue
          const arrival = reached + (box.spacingMm * Math.sqrt(da * da + db * db + dc * dc)) / pace
          // Compared as stored, or rounding to 32 bits would let a voxel relax itself for ever.
          const stored = Math.fround(arrival)
          if (stored < time[next] && stored <= limit) {
            time[next] = stored
            queue.push(next, stored)
          }
        }
      }
    }
  }
  return time
}
