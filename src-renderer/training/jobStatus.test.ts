import { describe, expect, it } from 'vitest'
import type { Job } from '../../src-main/contract/index.ts'
import { elapsedSeconds, fractionOf, orderJobs, statusLine } from './jobStatus.ts'

const NOW = Date.parse('2026-01-01T10:10:00Z')
const job = (parts: Partial<Job>): Job => ({
  id: 'job-one',
  kind: 'predict',
  title: 'Predict',
  state: 'running',
  plan: {
    schema: 1,
    kind: 'predict',
    modelId: 'model-one',
    caseIds: ['case-one'],
    inference: { stepFraction: 0.5, mirror: false, minEnhancingMl: 0.2 },
    backend: 'auto',
  },
  progress: { done: 30, total: 120, unit: 'step', etaSeconds: 90, message: '' },
  device: null,
  error: null,
  resultModelId: null,
  createdAt: '2026-01-01T10:00:00Z',
  startedAt: '2026-01-01T10:00:00Z',
  endedAt: null,
  ...parts,
})

describe('fractionOf', () => {
  it('is unknown without a total', () => {
    expect(fractionOf(job({ progress: null }))).toBeNull()
    expect(
      fractionOf(
        job({ progress: { done: 0, total: 0, unit: 'step', etaSeconds: null, message: '' } }),
      ),
    ).toBeNull()
  })
})

describe('elapsedSeconds', () => {
  it('counts to now while the job lasts and to its end afterwards', () => {
    expect(elapsedSeconds(job({}), NOW)).toBe(600)
    expect(elapsedSeconds(job({ endedAt: '2026-01-01T10:01:00Z' }), NOW)).toBe(60)
    expect(elapsedSeconds(job({ startedAt: null }), NOW)).toBeNull()
  })
})

describe('statusLine', () => {
  it.each([
    [{}, '1 min 30 s left'],
    [{ state: 'queued' }, 'Waits for a free device'],
    [{ state: 'paused' }, 'Paused at 25 %'],
    [{ state: 'failed', endedAt: '2026-01-01T10:00:42Z' }, 'Failed, took 42 s'],
    [{ state: 'cancelled', startedAt: null }, 'Cancelled'],
  ] as const)('says of %j: %s', (parts, line) => {
    expect(statusLine(job(parts), NOW)).toBe(line)
  })
})

describe('orderJobs', () => {
  it('shows what runs, then the next that waits, then what is paused; the rest by its end', () => {
    const at = (minute: number) => `2026-01-01T10:0${minute}:00Z`
    const { active, finished } = orderJobs([
      job({ id: 'waits-second', state: 'queued', createdAt: at(4) }),
      job({ id: 'paused', state: 'paused', createdAt: at(1) }),
      job({ id: 'waits-first', state: 'queued', createdAt: at(3) }),
      job({ id: 'ended-early', state: 'done', endedAt: at(5) }),
      job({ id: 'runs', state: 'running', createdAt: at(2) }),
      job({ id: 'ended-late', state: 'failed', endedAt: at(6) }),
    ])
    expect(active.map((entry) => entry.id)).toEqual([
      'runs',
      'waits-first',
      'waits-second',
      'paused',
    ])
    expect(finished.map((entry) => entry.id)).toEqual(['ended-late', 'ended-early'])
  })
})
