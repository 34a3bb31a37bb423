import { describe, expect, it } from 'vitest'
import { recipeSchema } from '../../contract/index.ts'
import { planResources, recipeWithResources } from './planResources.ts'

const recipe = recipeSchema.parse({
  id: 'small-net',
  title: 'Small',
  description: '',
  network: {
    kind: 'unet',
    channels: [8, 16, 32],
    convolutionsPerLevel: 1,
    residual: false,
    deepSupervision: false,
  },
  patchSize: [32, 32, 32],
  batchSize: 2,
  learningRate: 0.001,
  steps: 10,
})

describe('the resources of a plan', () => {
  it('are one batch in one process unless asked otherwise', () => {
    expect(planResources()).toEqual({ accumulate: 1, processes: 1 })
    expect(recipeWithResources(recipe)).toEqual(recipe)
  })

  it('give every process a batch of its own', () => {
    expect(planResources({ processes: 3 })).toEqual({ accumulate: 3, processes: 3 })
    expect(planResources({ processes: 2, accumulate: 6, device: 'cpu' })).toEqual({
      accumulate: 6,
      processes: 2,
      device: 'cpu',
    })
    expect(planResources({ checkpointing: true })).toMatchObject({ checkpointing: true })
  })

  it('refuse batches that cannot be shared evenly, and patches the network cannot halve', () => {
    expect(() => planResources({ processes: 2, accumulate: 3 })).toThrow(/shared evenly among 2/)
    expect(() => recipeWithResources(recipe, { patchSize: [30, 32, 32] })).toThrow(/multiples of 4/)
    expect(recipeWithResources(recipe, { patchSize: [36, 32, 24], batchSize: 1 })).toMatchObject({
      patchSize: [36, 32, 24],
      batchSize: 1,
    })
  })
})
