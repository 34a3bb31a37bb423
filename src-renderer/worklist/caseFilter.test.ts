import { describe, expect, it } from 'vitest'
import { buildCase } from './buildCase.ts'
import { countByState, filterCases, NO_FILTER } from './caseFilter.ts'

const cases = [
  buildCase({ id: 'one', name: 'GLI-001', reviewState: 'unseen', split: 'train' }),
  buildCase({ id: 'two', name: 'GLI-002', reviewState: 'flagged', flagReason: 'Motion in T1ce' }),
  buildCase({ id: 'three', name: 'SYN-001', datasetId: 'set-two', split: 'test' }),
]
const idsOf = (filter: Partial<typeof NO_FILTER>) =>
  filterCases(cases, { ...NO_FILTER, ...filter }).map((entry) => entry.id)

describe('filterCases', () => {
  it('shows everything without a filter', () => {
    expect(idsOf({})).toEqual(['one', 'two', 'three'])
  })

  it('needs every word of the search, in any order and case', () => {
    expect(idsOf({ search: '001 gli' })).toEqual(['one'])
  })

  it('searches the reason of a flag', () => {
    expect(idsOf({ search: 'motion' })).toEqual(['two'])
  })

  it('combines data set, split and state', () => {
    expect(idsOf({ datasetId: 'set-two', split: 'test', state: 'unseen' })).toEqual(['three'])
    expect(idsOf({ datasetId: 'set-two', split: 'train' })).toEqual([])
  })
})

describe('countByState', () => {
  it('counts within the other filters and ignores the state filter itself', () => {
    const counts = countByState(cases, { ...NO_FILTER, search: 'gli', state: 'approved' })
    expect(counts).toMatchObject({ all: 2, unseen: 1, flagged: 1, approved: 0 })
  })
})
