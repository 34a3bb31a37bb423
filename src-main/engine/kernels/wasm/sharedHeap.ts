import { GliadeskError } from '../../../contract/index.ts'

const PAGE = 65536
/** wasm32 addresses 4 GiB. */
const MAXIMUM_PAGES = 65536
const ALIGNMENT = 64
/** Kernels read whole vectors: up to this many bytes behind a block may be read, and are never used. */
const GUARD = 64
const GROWTH_BYTES = 64 * 1024 * 1024

interface FreeBlock {
  address: number
  bytes: number
}

/**
 * Memory that all threads and all kernels share, handed out in blocks: best fit, neighbours merged on release. It grows
 * as needed up to 4 GiB and keeps what it has; views stay valid while it grows.
 */
export class SharedHeap {
  readonly memory: WebAssembly.Memory
  /** Free blocks by address. */
  private readonly free: FreeBlock[] = []
  private readonly sizes = new Map<number, number>()
  private end: number
  private used = 0
  private peak = 0

  /** @param reservedBytes bytes at address 0 that are never handed out */
  constructor(reservedBytes: number) {
    this.memory = new WebAssembly.Memory({
      initial: Math.ceil(reservedBytes / PAGE),
      maximum: MAXIMUM_PAGES,
      shared: true,
    })
    this.end = this.memory.buffer.byteLength
  }

  /** Bytes in blocks that are handed out. */
  get usedBytes(): number {
    return this.used
  }

  /** Most bytes that were ever handed out at once. */
  get peakBytes(): number {
    return this.peak
  }

  /** Bytes taken from the system. */
  get reservedBytes(): number {
    return this.end
  }

  /**
   * @returns address of a block of at least that many bytes, aligned to a cache line; its contents are undefined
   * @throws GliadeskError BACKEND_UNAVAILABLE when 4 GiB, or the system's memory, do not suffice
   */
  allocate(bytes: number): number {
    const size = Math.ceil((bytes + GUARD) / ALIGNMENT) * ALIGNMENT
    let best = this.bestFit(size)
    if (best < 0) {
      this.grow(size)
      best = this.bestFit(size)
    }
    const block = this.free[best]!
    const address = block.address
    if (block.bytes === size) {
      this.free.splice(best, 1)
    } else {
      block.address += size
      block.bytes -= size
    }
    this.sizes.set(address, size)
    this.used += size
    this.peak = Math.max(this.peak, this.used)
    return address
  }

  release(address: number): void {
    const bytes = this.sizes.get(address)
    if (bytes === undefined) throw new Error(`No block at ${address}.`)
    this.sizes.delete(address)
    this.used -= bytes
    this.insert({ address, bytes })
  }

  /** The block's values; valid until the block is released. */
  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length)
  }

  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, length)
  }

  integers(address: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, length)
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length)
  }

  private bestFit(size: number): number {
    let best = -1
    for (let i = 0; i < this.free.length; i++) {
      const bytes = this.free[i]!.bytes
      if (bytes >= size && (best < 0 || bytes < this.free[best]!.bytes)) best = i
      if (bytes === size) break
    }
    return best
  }

  private grow(size: number): void {
    const last = this.free[this.free.length - 1]
    const trailing = last && last.address + last.bytes === this.end ? last.bytes : 0
    const missing = size - trailing
    const limit = MAXIMUM_PAGES * PAGE - this.end
    const bytes = Math.min(Math.max(missing, GROWTH_BYTES), limit)
    try {
      if (bytes < missing) throw new RangeError('4 GiB are in use')
      this.memory.grow(Math.ceil(bytes / PAGE))
    } catch (cause) {
      throw new GliadeskError(
        'BACKEND_UNAVAILABLE',
        `The WebAssembly backend ran out of memory: ${toMib(this.used)} MiB are in use and ${toMib(size)} MiB more were needed (its limit is 4096 MiB).`,
        'Choose a smaller patch, a smaller batch or fewer channels, or set up the TensorFlow backend.',
        { cause },
      )
    }
    const address = this.end
    this.end = this.memory.buffer.byteLength
    this.insert({ address, bytes: this.end - address })
  }

  /** Puts a block among the free ones, merged with its neighbours. */
  private insert(block: FreeBlock): void {
    let low = 0
    let high = this.free.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.free[middle]!.address < block.address) low = middle + 1
      else high = middle
    }
    const before = this.free[low - 1]
    const after = this.free[low]
    const joinsBefore = before !== undefined && before.address + before.bytes === block.address
    const joinsAfter = after !== undefined && block.address + block.bytes === after.address
    if (joinsBefore && joinsAfter) {
      before.bytes += block.bytes + after.bytes
      this.free.splice(low, 1)
    } else if (joinsBefore) {
      before.bytes += block.bytes
    } else if (joinsAfter) {
      after.address = block.address
      after.bytes += block.bytes
    } else {
      this.free.splice(low, 0, block)
    }
  }
}

function toMib(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024)
}
