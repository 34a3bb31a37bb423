import { describe, expect, it } from 'vitest'
import type { ComputeDevice } from '../../src-main/contract/index.ts'
import { groupDevices, speedShare } from './groupDevices.ts'

const device = (changes: Partial<ComputeDevice>): ComputeDevice => ({
  id: 'cpu',
  kind: 'processor',
  name: 'AMD EPYC',
  backend: 'wasm',
  description: 'WebAssembly · 2 threads',
  memoryBytes: 24e9,
  freeBytes: 9e9,
  driver: null,
  usable: true,
  reason: null,
  gflops: 50,
  isDefault: false,
  ...changes,
})
const card = device({
  id: 'cuda:0',
  kind: 'graphics',
  name: 'Card',
  backend: 'tensorflow',
  gflops: 200,
})
const all = [card, device({ backend: 'tensorflow', gflops: null }), device({})]

describe('the devices of the page', () => {
  it('stand once each, with the backends that use them', () => {
    const groups = groupDevices(all)
    expect(groups.map(({ name, backends }) => [name, backends.length])).toEqual([
      ['Card', 1],
      ['AMD EPYC', 2],
    ])
    expect(groups[0].kind).toBe('graphics')
    const drawnByProcessor = device({ id: 'webgpu', backend: 'webgpu', usable: false })
    expect(groupDevices([...all, drawnByProcessor])).toHaveLength(2)
    expect(groupDevices([])).toEqual([])
  })

  it('are compared with the fastest one', () => {
    expect(all.map((one) => speedShare(one, all))).toEqual([1, 0, 0.25])
    expect(speedShare(all[1], [all[1]])).toBe(0)
  })
})
