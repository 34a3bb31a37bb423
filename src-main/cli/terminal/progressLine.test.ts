import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createProgressLine, formatDuration } from './progressLine.ts'

describe('formatDuration', () => {
  it.each([
    [null, ''],
    [Number.POSITIVE_INFINITY, ''],
    [8.4, '8 s'],
    [130, '2 min 10 s'],
    [3900, '1 h 05 min'],
  ])('%s → "%s"', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })
})

describe('progress without a terminal', () => {
  it('writes a line every five percent and at the end, and nothing twice', () => {
    const stream = new PassThrough()
    const line = createProgressLine(stream as unknown as NodeJS.WriteStream)
    for (let done = 0; done <= 100; done++) {
      line.update({ done, total: 100, message: `step ${done}`, etaSeconds: 100 - done })
    }
    line.update({ done: 100, total: 100, message: 'step 100', etaSeconds: 0 })
    line.stop()
    const lines = (stream.read() as Buffer).toString().trimEnd().split('\n')
    expect(lines).toHaveLength(21)
    expect(lines[1]).toBe('5 %  step 5  (1 min 35 s left)')
    expect(lines.at(-1)).toBe('100 %  step 100  (0 s left)')
  })
})
