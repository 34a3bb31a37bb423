import { describe, expect, it } from 'vitest'
import { openBackend } from './openBackend.ts'
import { findTensorflow } from './tensorflowBackend.ts'
import { prepareTensorflowEnvironment } from './tensorflowEnvironment.ts'

describe('the environment of TensorFlow', () => {
  it('lets the memory of a card grow, unless a person has said otherwise', () => {
    const empty: NodeJS.ProcessEnv = {}
    prepareTensorflowEnvironment(empty)
    expect(empty.TF_FORCE_GPU_ALLOW_GROWTH).toBe('true')
    const chosen = { TF_FORCE_GPU_ALLOW_GROWTH: 'false' }
    prepareTensorflowEnvironment(chosen)
    expect(chosen.TF_FORCE_GPU_ALLOW_GROWTH).toBe('false')
  })

  it.runIf(findTensorflow().state === 'found')('is in place once it is open', async () => {
    await openBackend('tensorflow')
    expect(process.env.TF_FORCE_GPU_ALLOW_GROWTH).toBe('true')
  })
})
