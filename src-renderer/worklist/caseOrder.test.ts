import { describe, expect, it } from 'vitest'
import { rankCases, sortCases } from './caseOrder.ts'
import { buildCase } from './buildCase.ts'

const cases = rankCases([
  buildCase({ id: 'case-b', name: 'Case 10', uncertaintyScore: 0.4, reviewState: 'approved' }),
  buildCase({ id: 'case-a', name: 'Case 9', uncertaintyScore: null, reviewState: 'unseen' }),
  buildCase({ id: 'case-c', name: 'Case 2', uncertaintyScore: 0.9, reviewState: 'flagged' }),
  buildCase({ id: 'case-d', name: 'Case 2', uncertaintyScore: 0.4, reviewState: 'unseen' }),
])
const idsBy = (...how: [Parameters<typeof sortCases>[1], boolean]) =>
  sortCases(cases, ...how).map((entry) => entry.id)

describe('sortCases', () => {
  it('keeps the order of the core by priority and reverses it', () => {
    expect(idsBy('priority', false)).toEqual(['case-b', 'case-a', 'case-c', 'case-d'])
    expect(idsBy('priority', true)).toEqual(['case-d', 'case-c', 'case-a', 'case-b'])
  })

  it('orders names by their numbers, equal names by priority', () => {
    expect(idsBy('name', false)).toEqual(['case-c', 'case-d', 'case-a', 'case-b'])
  })

  it('puts a case without a prediction last in both directions', () => {
    expect(idsBy('uncertainty', true)).toEqual(['case-c', 'case-b', 'case-d', 'case-a'])
    expect(idsBy('uncertainty', false)).toEqual(['case-b', 'case-d', 'case-c', 'case-a'])
  })

  it('puts flagged cases before unseen and approved ones', () => {
    expect(idsBy('state', false)).toEqual(['case-c', 'case-a', 'case-d', 'case-b'])
  })

  it('does not change its input', () => {
    const before = cases.map((entry) => entry.id)
    sortCases(cases, 'name', true)
    expect(cases.map((entry) => entry.id)).toEqual(before)
  })
})
