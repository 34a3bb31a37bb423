import { describe, expect, it } from 'vitest'
import { deviceReport } from './deviceReport.ts'
import type { BackendFacts, MachineFacts } from './inspectMachine.ts'

const tensorflow = (changes: Partial<BackendFacts> = {}): BackendFacts => ({
  name: 'tensorflow',
  description: 'TensorFlow 2.21.0 · CPU · AVX2',
  usable: true,
  gpu: false,
  reason: null,
  gflops: 180,
  ...changes,
})
const wasm: BackendFacts = {
  name: 'wasm',
  description: 'WebAssembly · relaxed SIMD · 8 threads',
  usable: true,
  gpu: false,
  reason: null,
  gflops: 120,
}
const card = (index: number) => ({
  index,
  name: 'NVIDIA RTX A2000',
  memoryBytes: 6e9,
  freeBytes: 5e9,
  driver: '550.54.15',
})
const machine = (changes: Partial<MachineFacts> = {}): MachineFacts => ({
  processor: 'AMD EPYC',
  cores: 8,
  memoryBytes: 32e9,
  availableBytes: 20e9,
  cards: [],
  onProcessor: [tensorflow(), wasm],
  onCard: new Map(),
  ...changes,
})
const CPU = { backend: 'tensorflow', gpu: false } as const

describe('the report of devices', () => {
  it('lists the backends of a computer without a card, and which one is used', () => {
    const { devices, cores, measuredAt } = deviceReport(machine(), CPU, '2026-11-24T10:00:00Z')
    expect(cores).toBe(8)
    expect(measuredAt).toBe('2026-11-24T10:00:00Z')
    expect(
      devices.map(({ id, backend, kind, isDefault }) => [id, backend, kind, isDefault]),
    ).toEqual([
      ['cpu', 'tensorflow', 'processor', true],
      ['cpu', 'wasm', 'processor', false],
    ])
    expect(devices[0]).toMatchObject({ name: 'AMD EPYC', freeBytes: 20e9, gflops: 180 })
  })

  it('names every card with its own memory, driver and speed', () => {
    const onCard = new Map([
      [0, tensorflow({ gpu: true, description: 'TensorFlow 2.21.0 · CUDA GPU', gflops: 9000 })],
      [1, tensorflow({ gpu: true, description: 'TensorFlow 2.21.0 · CUDA GPU', gflops: 8000 })],
    ])
    const facts = machine({ cards: [card(0), card(1)], onCard })
    const { devices } = deviceReport(facts, { backend: 'tensorflow', gpu: true }, null)
    expect(devices.map(({ id, gflops, isDefault }) => [id, gflops, isDefault])).toEqual([
      ['cuda:0', 9000, true],
      ['cuda:1', 8000, false],
      ['cpu', 180, false],
      ['cpu', 120, false],
    ])
    expect(devices[0]).toMatchObject({ driver: '550.54.15', memoryBytes: 6e9, kind: 'graphics' })
  })

  it('says what to do about a card that cannot be used', () => {
    const setUpForCpu = machine({ cards: [card(0)], onCard: new Map([[0, tensorflow()]]) })
    const [first, second] = deviceReport(setUpForCpu, CPU, null).devices
    expect(first).toMatchObject({ id: 'cuda:0', usable: false, gflops: null, isDefault: false })
    expect(first.reason).toContain('setup:tensorflow -- --gpu')
    expect(second.isDefault).toBe(true)

    const missing = tensorflow({ usable: false, reason: 'TensorFlow is not set up.', gflops: null })
    const notSetUp = machine({
      cards: [card(0)],
      onCard: new Map([[0, missing]]),
      onProcessor: [missing, wasm],
    })
    const { devices } = deviceReport(notSetUp, { backend: 'wasm', gpu: false }, null)
    expect(devices.map(({ reason }) => reason)).toEqual([
      'TensorFlow is not set up.',
      'TensorFlow is not set up.',
      null,
    ])
    expect(devices[2].isDefault).toBe(true)
  })

  it('names a card that WebGPU did not find as such, and one it found by what it says', () => {
    const webgpu = { ...wasm, name: 'webgpu' as const, description: 'WebGPU · Radeon RX 6600' }
    const missing = { ...webgpu, description: 'webgpu', usable: false, reason: 'No card.' }
    const reportOf = (found: BackendFacts) =>
      deviceReport(machine({ onProcessor: [found, wasm] }), CPU, null).devices[0]
    expect(reportOf(missing)).toMatchObject({
      name: 'Graphics card',
      usable: false,
      memoryBytes: null,
    })
    const card = reportOf({ ...webgpu, gpu: true, details: ['half precision yes'] })
    expect(card).toMatchObject({ name: 'WebGPU · Radeon RX 6600', kind: 'graphics' })
    expect(card.details).toEqual(['half precision yes'])
    // A rasteriser in software: usable, but no card.
    expect(reportOf(webgpu)).toMatchObject({ name: 'AMD EPYC', kind: 'processor' })
  })

  it('never calls a card what computes on the processor', () => {
    const { devices } = deviceReport(machine(), CPU, null)
    expect(devices.every(({ kind }) => kind === 'processor')).toBe(true)
  })
})
