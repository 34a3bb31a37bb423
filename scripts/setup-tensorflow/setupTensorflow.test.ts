import { describe, expect, it } from 'vitest'
import { TENSORFLOW_VERSION } from '../../src-main/engine/backends/index.ts'
import { isCurrent } from './setupTensorflow.ts'

const RECORD = {
  tensorflow: TENSORFLOW_VERSION,
  variant: 'cpu',
  wheelSha256: 'wheel',
  bindingSourcesSha256: 'sources',
} as const

describe('isCurrent', () => {
  it('keeps a folder built from the same wheel and sources', () => {
    expect(isCurrent(RECORD, 'wheel', 'sources')).toBe(true)
    expect(isCurrent(RECORD, null, 'sources')).toBe(true)
  })

  it('builds again after a change of library, wheel or sources, or when nothing was finished', () => {
    expect(isCurrent({ ...RECORD, tensorflow: '2.9.1' }, 'wheel', 'sources')).toBe(false)
    expect(isCurrent(RECORD, 'other', 'sources')).toBe(false)
    expect(isCurrent(RECORD, 'wheel', 'other')).toBe(false)
    expect(isCurrent(null, 'wheel', 'sources')).toBe(false)
  })
})
