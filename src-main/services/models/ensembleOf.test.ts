import { describe, expect, it } from 'vitest'
import type { Model } from '../../contract/index.ts'
import { ensembleOf } from './ensembleOf.ts'

const model = (id: string, changes: Partial<Model> = {}): Model => ({
  id,
  name: id,
  role: 'student',
  sequences: ['flair'],
  network: {
    kind: 'unet',
    channels: [4, 8],
    convolutionsPerLevel: 1,
    residual: false,
    deepSupervision: true,
    spacingMm: 2,
  },
  parameterCount: 100,
  origin: 'train',
  strategy: 'none',
  parentId: null,
  teacherId: null,
  jobId: null,
  weightsSha256: 'a'.repeat(64),
  status: 'challenger',
  trainedOnSynthetic: false,
  validationDice: null,
  createdAt: '2026-11-24T00:00:00.000Z',
  ...changes,
})

describe('an ensemble', () => {
  it('stands for its members: their ids, all their parameters, synthetic if one is', () => {
    const members = [model('model-a'), model('model-b', { trainedOnSynthetic: true })]
    const { memberIds, parameterCount, trainedOnSynthetic, jobId } = ensembleOf('Both', members)
    expect(memberIds).toEqual(['model-a', 'model-b'])
    expect(parameterCount).toBe(200)
    expect(trainedOnSynthetic).toBe(true)
    expect(jobId).toBeNull()
  })

  it('refuses models that do not read alike, a single one, and ensembles', () => {
    const a = model('model-a')
    const finer = model('model-b', { network: { ...a.network, spacingMm: 1 } })
    expect(() => ensembleOf('E', [a, finer])).toThrow('cannot be averaged')
    expect(() => ensembleOf('E', [a, model('model-c', { sequences: ['t1'] })])).toThrow('averaged')
    expect(() => ensembleOf('E', [a])).toThrow('at least two')
    const nested = model('model-d', { memberIds: ['model-x', 'model-y'] })
    expect(() => ensembleOf('E', [a, nested])).toThrow('is an ensemble itself')
  })
})
