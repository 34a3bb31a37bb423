import { describe, expect, it } from 'vitest'
import type { JobEvent } from '../../contract/index.ts'
import { crc32c } from '../../storage/index.ts'
import { encodeScalars } from './encodeScalars.ts'

const step = (number: number, loss: number): JobEvent => ({
  type: 'step',
  step: number,
  loss,
  terms: { dice: 0.25 },
  learningRate: 0.5,
  gradientNorm: 2,
  secondsPerStep: 1.5,
})

/** The payloads of a TFRecord file, every checksum checked. */
function records(file: Uint8Array): Uint8Array[] {
  const unmask = (value: number): number => {
    const rotated = (value - 0xa282ead8) >>> 0
    return ((rotated >>> 17) | (rotated << 15)) >>> 0
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const found = []
  for (let at = 0; at < file.length;) {
    const length = Number(view.getBigUint64(at, true))
    const data = file.subarray(at + 12, at + 12 + length)
    expect(unmask(view.getUint32(at + 8, true))).toBe(crc32c(file.subarray(at, at + 8)))
    expect(unmask(view.getUint32(at + 12 + length, true))).toBe(crc32c(data))
    found.push(data)
    at += 16 + length
  }
  return found
}

describe('curves for TensorBoard', () => {
  it('start as every tfevents file does', () => {
    const file = encodeScalars([], 0)
    // Length 24 and its masked checksum: the files' known signature. Then wall time 0 and the version.
    expect(Buffer.from(file.subarray(0, 12)).toString('hex')).toBe('1800000000000000a37f4b22')
    const version = Buffer.from('brain.Event:2').toString('hex')
    expect(Buffer.from(records(file)[0]).toString('hex')).toBe(`0900000000000000001a0d${version}`)
  })

  it('hold every step’s scalars at its step and time', () => {
    const [, first] = records(encodeScalars([step(300, 0.125)], 10))
    const bytes = Buffer.from(first)
    expect(bytes.readDoubleLE(1)).toBe(11.5)
    // Field 2, varint 300; field 5, the summary; in it field 1, a value with its tag and its float.
    expect(bytes.subarray(9, 12).toString('hex')).toBe('10ac02')
    const loss = `0a0a${Buffer.from('train/loss').toString('hex')}150000003e`
    expect(bytes.toString('hex')).toContain(`0a11${loss}`)
    expect(bytes.toString('latin1')).toContain('train/gradientNorm')
  })

  it('leave undefined scores and what is no curve out', () => {
    const undefinedScores: JobEvent = {
      type: 'validation',
      step: 4,
      dice: { WT: 0.5, TC: null, ET: null },
      meanDice: 0.5,
      cases: 1,
    }
    const log: JobEvent = { type: 'log', level: 'info', message: 'text' }
    const found = records(encodeScalars([log, undefinedScores], 0))
    expect(found).toHaveLength(2)
    const text = Buffer.from(found[1]).toString('latin1')
    expect(text).toContain('validation/dice/WT')
    expect(text).not.toContain('validation/dice/TC')
  })
})
