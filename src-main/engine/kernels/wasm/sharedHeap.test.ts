import { describe, expect, it } from 'vitest'
import { SharedHeap } from './sharedHeap.ts'

const MIB = 1024 * 1024

describe('SharedHeap', () => {
  it('hands out aligned blocks that do not overlap', () => {
    const heap = new SharedHeap(65536)
    const blocks = [1, 100, 4096, 65, 0].map((bytes) => ({ bytes, address: heap.allocate(bytes) }))
    blocks.sort((a, b) => a.address - b.address)
    blocks.forEach(({ address, bytes }, i) => {
      expect(address % 64).toBe(0)
      expect(address).toBeGreaterThanOrEqual(65536)
      if (i + 1 < blocks.length)
        expect(blocks[i + 1]!.address).toBeGreaterThanOrEqual(address + bytes)
    })
  })

  it('uses released memory again, neighbours joined', () => {
    const heap = new SharedHeap(65536)
    const first = heap.allocate(40 * MIB)
    const second = heap.allocate(40 * MIB)
    const grown = heap.reservedBytes
    heap.release(second)
    heap.release(first)
    expect(heap.usedBytes).toBe(0)
    expect(heap.allocate(80 * MIB)).toBe(first)
    expect(heap.reservedBytes).toBe(grown)
  })

  it('keeps views valid while it grows', () => {
    const heap = new SharedHeap(65536)
    const address = heap.allocate(64)
    const view = heap.floats(address, 4)
    heap.allocate(200 * MIB)
    view[2] = 5
    expect(heap.floats(address, 4)[2]).toBe(5)
  })

  it('refuses to release what it did not hand out, or twice', () => {
    const heap = new SharedHeap(65536)
    const address = heap.allocate(64)
    heap.release(address)
    expect(() => heap.release(address)).toThrow(/No block/)
  })

  it('says how much was in use when 4 GiB do not suffice', () => {
    const heap = new SharedHeap(65536)
    expect(() => heap.allocate(5 * 1024 * MIB)).toThrow(/needed \(its limit is 4096 MiB\)/)
  })
})
