import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GliadeskError } from '../../contract/index.ts'
import type { NamedArray } from '../namedArray.ts'
import { readSafetensors } from './readSafetensors.ts'
import { writeSafetensors } from './writeSafetensors.ts'

/** Written by the Python package safetensors 0.8.0: a.filter = 0…5 (1×2×3), b.scale = [1.5, −2], format = gliadesk. */
const FLOATS =
  'qAAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJnbGlhZGVzayJ9LCJhLmZpbHRlciI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMSwyLDNdLCJkYXRhX29mZnNldHMiOlswLDI0XX0sImIuc2NhbGUiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlsyNCwzMl19fSAgICAAAAAAAACAPwAAAEAAAEBAAACAQAAAoEAAAMA/AAAAwA=='
/** The same package: h = float16 [0.1, −65504, 6e−8, 2.5], n = int32 [[3, −7]], u = uint8 [0, 255, 9]. */
const OTHER_TYPES =
  'qAAAAAAAAAB7Im4iOnsiZHR5cGUiOiJJMzIiLCJzaGFwZSI6WzEsMl0sImRhdGFfb2Zmc2V0cyI6WzAsOF19LCJoIjp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOls0XSwiZGF0YV9vZmZzZXRzIjpbOCwxNl19LCJ1Ijp7ImR0eXBlIjoiVTgiLCJzaGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOlsxNiwxOV19fSAgICADAAAA+f///2Yu//sBAABBAP8J'

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))
const sample = (): Map<string, NamedArray> =>
  new Map([
    ['b.scale', { shape: [2], values: Float32Array.of(1.5, -2) }],
    ['a.filter', { shape: [1, 2, 3], values: Float32Array.of(0, 1, 2, 3, 4, 5) }],
  ])
const withHeader = (header: string, data: Uint8Array): Uint8Array => {
  const json = new TextEncoder().encode(header)
  const file = new Uint8Array(8 + json.length + data.length)
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true)
  file.set(json, 8)
  file.set(data, 8 + json.length)
  return file
}

describe('safetensors', () => {
  it('writes the bytes that the reference implementation writes', () => {
    expect(writeSafetensors(sample(), { format: 'gliadesk' })).toEqual(fromBase64(FLOATS))
  })

  it('reads what the reference implementation wrote', () => {
    const { tensors, metadata } = readSafetensors(fromBase64(FLOATS), 'a.safetensors')
    expect(tensors).toEqual(sample())
    expect(metadata).toEqual({ format: 'gliadesk' })
  })

  it('widens half precision and integers', () => {
    const { tensors } = readSafetensors(fromBase64(OTHER_TYPES), 'a.safetensors')
    const half = tensors.get('h')!.values
    expect(half[0]).toBeCloseTo(0.1, 4)
    expect([...half.slice(1)]).toEqual([-65504, 2 ** -24, 2.5])
    expect([...tensors.get('n')!.values]).toEqual([3, -7])
    expect([...tensors.get('u')!.values]).toEqual([0, 255, 9])
  })

  it('reads tensors of their own out of a Node buffer', () => {
    const { tensors } = readSafetensors(Buffer.from(fromBase64(FLOATS)), 'a.safetensors')
    expect(tensors).toEqual(sample())
  })

  it('returns every bit of any tensors it wrote', () => {
    const tensor = fc.array(fc.nat({ max: 4 }), { maxLength: 5 }).chain((shape) =>
      fc
        .float32Array({
          minLength: shape.reduce((a, b) => a * b, 1),
          maxLength: shape.reduce((a, b) => a * b, 1),
        })
        .map((values) => ({ shape, values })),
    )
    const names = fc.string({ maxLength: 12 }).filter((name) => !name.startsWith('__'))
    fc.assert(
      fc.property(fc.dictionary(names, tensor), (record) => {
        const written = new Map(Object.entries(record))
        expect(readSafetensors(writeSafetensors(written), 'a').tensors).toEqual(written)
      }),
      { numRuns: 60 },
    )
  })

  it('answers every damaged file with a typed error and never another', () => {
    const good = fromBase64(FLOATS)
    const outcome = (bytes: Uint8Array): void => {
      try {
        readSafetensors(bytes, 'a.safetensors')
      } catch (error) {
        expect(error).toBeInstanceOf(GliadeskError)
      }
    }
    for (let length = 0; length < good.length; length++) {
      expect(() => readSafetensors(good.subarray(0, length), 'a.safetensors')).toThrow(
        GliadeskError,
      )
    }
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (position, value) =>
        outcome(good.with(position, value)),
      ),
      { numRuns: 500 },
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), outcome), { numRuns: 300 })
  })

  it.each([
    [
      'a shape that its bytes do not fill',
      '{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}',
    ],
    ['a gap', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}'],
    ['bytes that no tensor owns', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'],
    ['an unknown type', '{"a":{"dtype":"F8","shape":[8],"data_offsets":[0,8]}}'],
    ['a negative size', '{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}'],
    [
      'an overlap',
      '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
    ],
    ['metadata that are not texts', '{"__metadata__":{"a":1}}'],
    ['a list in place of an object', '[]'],
  ])('refuses %s', (_what, header) => {
    expect(() => readSafetensors(withHeader(header, new Uint8Array(8)), 'a.safetensors')).toThrow(
      /a\.safetensors is not a valid safetensors file/,
    )
  })

  it('refuses a header length beyond the file without allocating it', () => {
    const file = new Uint8Array(16)
    new DataView(file.buffer).setBigUint64(0, 2n ** 60n, true)
    expect(() => readSafetensors(file, 'a.safetensors')).toThrow(/claims 1152921504606846976 bytes/)
  })
})
