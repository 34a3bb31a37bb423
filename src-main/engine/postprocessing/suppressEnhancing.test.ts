import { describe, expect, it } from 'vitest'
import { suppressEnhancing } from './suppressEnhancing.ts'

describe('suppressEnhancing', () => {
  it('takes less than the threshold for necrotic core', () => {
    const labels = Uint8Array.of(0, 1, 2, 3, 3)
    suppressEnhancing(labels, 0.05, 0.2)
    expect([...labels]).toEqual([0, 1, 2, 1, 1])
  })

  it('leaves the threshold and more as it is', () => {
    const labels = Uint8Array.of(3, 3, 3, 3, 2)
    suppressEnhancing(labels, 0.05, 0.2)
    expect([...labels]).toEqual([3, 3, 3, 3, 2])
  })

  it('can be switched off', () => {
    const labels = Uint8Array.of(3)
    suppressEnhancing(labels, 0.001, 0)
    expect([...labels]).toEqual([3])
  })
})
