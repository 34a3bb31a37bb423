import { describe, expect, it } from 'vitest'
import { findByName } from './findByName.ts'

const models = [
  { id: 'model-1', name: 'Teacher', createdAt: '2026-01-01T00:00:00.000Z' },
  { id: 'model-2', name: 'teacher', createdAt: '2026-02-01T00:00:00.000Z' },
  { id: 'model-3', name: 'Student', createdAt: '2026-01-01T00:00:00.000Z' },
]

describe('findByName', () => {
  it('finds by id and by name whatever its case', () => {
    expect(findByName('model', 'model-1', models).id).toBe('model-1')
    expect(findByName('model', 'STUDENT', models).id).toBe('model-3')
  })

  it('takes the newest of several with one name', () => {
    expect(findByName('model', 'Teacher', models).id).toBe('model-2')
  })

  it('lists what there is when nothing fits', () => {
    expect(() => findByName('model', 'x', models)).toThrow('no model "x"')
    expect(() => findByName('model', 'x', [])).toThrow('no model "x"')
  })
})
