import { describe, expect, it } from 'vitest'
import type { ImportEvent } from '../../src-main/contract/index.ts'
import { advanceImport, STARTED, type ImportRun } from './importRun.ts'

const problem = { path: '/a/b.nii.gz', field: 'data', message: 'Too short.', remedy: 'Copy again.' }
const after = (...events: ImportEvent[]): ImportRun => events.reduce(advanceImport, STARTED)

describe('advanceImport', () => {
  it('follows the progress and keeps every problem', () => {
    expect(
      after(
        { type: 'problem', problem },
        { type: 'progress', done: 3, total: 7, caseName: 'GLI-003' },
      ),
    ).toEqual({
      phase: 'running',
      done: 3,
      total: 7,
      caseName: 'GLI-003',
      unit: 'cases',
      problems: [problem],
    })
  })

  it('says what is counted where it is not cases', () => {
    const run = after({ type: 'progress', done: 16, total: 80, caseName: '', unit: 'files' })
    expect(run).toMatchObject({ unit: 'files', done: 16, total: 80 })
  })

  it('tells an import that somebody stopped from one that ended', () => {
    const run = after(
      { type: 'problem', problem },
      { type: 'done', datasetId: null, imported: 2, skipped: 0, stopped: true },
    )
    expect(run).toEqual({ phase: 'stopped', problems: [problem] })
  })

  it('carries the problems into the summary', () => {
    expect(
      after(
        { type: 'problem', problem },
        { type: 'done', datasetId: 'set-one', imported: 6, skipped: 1 },
      ),
    ).toEqual({
      phase: 'done',
      datasetId: 'set-one',
      imported: 6,
      skipped: 1,
      problems: [problem],
    })
  })

  it('ignores events that arrive after the end', () => {
    const done = after({ type: 'done', datasetId: null, imported: 0, skipped: 0 })
    expect(advanceImport(done, { type: 'progress', done: 1, total: 1, caseName: 'x' })).toBe(done)
  })
})
