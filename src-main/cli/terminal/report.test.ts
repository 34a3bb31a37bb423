import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { GliadeskError } from '../../contract/index.ts'
import { createReport, describeFailure } from './report.ts'

function captured(json: boolean) {
  const streams = { out: new PassThrough(), err: new PassThrough() }
  const report = createReport(json, streams)
  const text = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString() ?? ''
  return { report, out: () => text(streams.out), err: () => text(streams.err) }
}

describe('report', () => {
  it('renders a result for a person', () => {
    const { report, out } = captured(false)
    report.result({ cases: 3 }, (value) => `${value.cases} cases`)
    expect(out()).toBe('3 cases\n')
  })

  it('prints one JSON document and keeps the chatter on standard error', () => {
    const { report, out, err } = captured(true)
    report.line('Importing')
    report.result({ cases: 3 }, () => 'never shown')
    expect(JSON.parse(out())).toEqual({ cases: 3 })
    expect(err()).toBe('Importing\n')
  })

  it('says what failed and what to do', () => {
    const error = new GliadeskError('BAD_FILE', 'a.nii.gz is cut short.', 'Copy it again.')
    const plain = captured(false)
    plain.report.failure(error)
    expect(plain.err()).toBe('a.nii.gz is cut short.\nCopy it again.\n')
    const json = captured(true)
    json.report.failure(error)
    expect(JSON.parse(json.out())).toEqual({
      error: { code: 'BAD_FILE', message: 'a.nii.gz is cut short.', remedy: 'Copy it again.' },
    })
  })

  it('finds the remedy in the data of a typed remote error', () => {
    const error = Object.assign(new Error('No such case.'), {
      code: 'NOT_FOUND',
      data: { remedy: 'List the cases.' },
    })
    expect(describeFailure(error)).toEqual({
      code: 'NOT_FOUND',
      message: 'No such case.',
      remedy: 'List the cases.',
    })
    expect(describeFailure('odd')).toEqual({ code: 'INTERNAL', message: 'odd', remedy: '' })
  })
})
