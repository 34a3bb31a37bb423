import { describe, expect, it } from 'vitest'
import { canRead } from './models.ts'

describe('whether a network can read a case', () => {
  const strict = { sequences: ['flair', 't1ce'] as const, network: {} }
  const flexible = { sequences: ['flair', 't1ce'] as const, network: { acceptsMissing: true } }

  it('needs all of its sequences', () => {
    expect(canRead(strict, ['flair', 't1ce', 't2'])).toBe(true)
    expect(canRead(strict, ['flair', 't2'])).toBe(false)
  })

  it('needs one where it was trained to do without the others', () => {
    expect(canRead(flexible, ['t1ce'])).toBe(true)
    expect(canRead(flexible, ['t1', 't2'])).toBe(false)
    expect(canRead(flexible, [])).toBe(false)
  })
})
