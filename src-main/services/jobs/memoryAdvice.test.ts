import { describe, expect, it } from 'vitest'
import { recipeSchema, type TrainingResources } from '../../contract/index.ts'
import { planTraining } from '../../engine/planning/index.ts'
import { adviseMemory, requireMemory, type MemoryOffer } from './memoryAdvice.ts'

const GIB = 2 ** 30
const recipe = recipeSchema.parse({
  id: 'unet-compact',
  title: 'Compact',
  description: '',
  network: {
    kind: 'unet',
    channels: [12, 24, 48, 96],
    convolutionsPerLevel: 1,
    residual: false,
    deepSupervision: true,
  },
  patchSize: [48, 48, 48],
  batchSize: 1,
  learningRate: 0.003,
  steps: 400,
})
const plan = (resources: TrainingResources = {}) =>
  planTraining(
    {
      name: 'A',
      datasetId: 'data-set',
      recipeId: recipe.id,
      sequences: ['flair'],
      role: 'student',
      steps: null,
      seed: 1,
      backend: 'auto',
      resources,
    },
    recipe,
  )
const wasm: MemoryOffer = {
  device: { backend: 'wasm', gpu: false },
  availableBytes: 9 * GIB,
  card: null,
}

describe('the advice on memory', () => {
  it('lets what fits pass', () => {
    const advice = adviseMemory(plan(), null, wasm)
    expect(advice).toMatchObject({ fits: true, largestPatch: [48, 48, 48] })
    expect(advice.totalBytes).toBeGreaterThan(0.1 * GIB)
    expect(advice.totalBytes).toBeLessThan(0.5 * GIB)
    expect(() => requireMemory(advice)).not.toThrow()
  })

  it('refuses in a sentence with the largest patch that fits, which then passes', () => {
    const advice = adviseMemory(plan({ patchSize: [192, 192, 192] }), null, wasm)
    expect(advice).toMatchObject({ fits: false, limitedBy: 'WebAssembly', availableBytes: 4 * GIB })
    const patch = advice.largestPatch!
    expect(patch.every((n) => n % 8 === 0)).toBe(true)
    expect(() => requireMemory(advice)).toThrow(
      /^This training needs about \d+\.\d GiB of memory with patches of 192×192×192 voxels, and WebAssembly has 4\.0 GiB\.$/,
    )
    expect(adviseMemory(plan({ patchSize: patch }), null, wasm).fits).toBe(true)
    const next = patch.map((n) => n + 8) as [number, number, number]
    expect(adviseMemory(plan({ patchSize: next }), null, wasm).fits).toBe(false)
  })

  it('counts every process against the computer', () => {
    const tight = { ...wasm, availableBytes: 0.5 * GIB }
    expect(adviseMemory(plan(), null, tight).fits).toBe(true)
    const advice = adviseMemory(plan({ processes: 2 }), null, tight)
    expect(advice).toMatchObject({ fits: false, limitedBy: 'this computer' })
  })

  it('holds a card to what it has free', () => {
    const card = { name: 'NVIDIA RTX A2000', freeBytes: 1 * GIB }
    const offer = { ...wasm, device: { backend: 'tensorflow' as const, gpu: true }, card }
    expect(adviseMemory(plan(), null, offer).fits).toBe(true)
    const advice = adviseMemory(plan({ patchSize: [128, 128, 128] }), null, offer)
    expect(advice).toMatchObject({ fits: false, limitedBy: 'NVIDIA RTX A2000' })
    expect(() => requireMemory(advice)).toThrow(/NVIDIA RTX A2000 has 1\.0 GiB/)
  })

  it('says so where no patch fits', () => {
    const advice = adviseMemory(plan(), null, { ...wasm, availableBytes: 1e8 })
    expect(advice.largestPatch).toBeNull()
    expect(() => requireMemory(advice)).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('no patch') }),
    )
  })
})
