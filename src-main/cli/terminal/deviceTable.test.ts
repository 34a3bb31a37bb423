import { describe, expect, it } from 'vitest'
import type { ComputeDevice } from '../../contract/index.ts'
import { deviceTable } from './deviceTable.ts'

const device = (changes: Partial<ComputeDevice>): ComputeDevice => ({
  id: 'cpu',
  kind: 'processor',
  name: 'AMD EPYC',
  backend: 'wasm',
  description: 'WebAssembly · 2 threads',
  memoryBytes: 24 * 2 ** 30,
  freeBytes: 9.5 * 2 ** 30,
  driver: null,
  usable: true,
  reason: null,
  gflops: 87.6,
  isDefault: true,
  ...changes,
})

describe('the table of devices', () => {
  it('marks what is used, and says below why a device is not usable', () => {
    const card = device({
      id: 'cuda:0',
      name: 'NVIDIA RTX A2000',
      backend: 'tensorflow',
      driver: '550.54.15',
      usable: false,
      reason: 'TensorFlow is not set up.',
      gflops: null,
      isDefault: false,
    })
    const adapter = device({ id: 'webgpu', backend: 'webgpu', details: ['half precision yes'] })
    expect(deviceTable([adapter]).split('\n').at(-1)).toBe('webgpu: half precision yes')
    const lines = deviceTable([card, device({})]).split('\n')
    expect(lines[2]).toMatch(/^cuda:0 +NVIDIA RTX A2000 +tensorflow: not usable .* 550\.54\.15 +–$/)
    expect(lines[3]).toMatch(/^cpu \* +AMD EPYC +WebAssembly · 2 threads +24\.0 +9\.5 +– +88$/)
    expect(lines.at(-1)).toBe('cuda:0, tensorflow: TensorFlow is not set up.')
  })
})
