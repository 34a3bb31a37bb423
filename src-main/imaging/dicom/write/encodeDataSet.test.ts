import { describe, expect, it } from 'vitest'
import { decimalString } from './decimalString.ts'
import { encodeDataSet } from './encodeDataSet.ts'
import { textValue } from './textValue.ts'
import { uidFromBytes } from './uid.ts'
import { writeDicomFile } from './writeDicomFile.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('encodeDataSet', () => {
  it('writes elements in ascending order, as PS3.5 lays them out', () => {
    const bytes = encodeDataSet({
      Rows: 300,
      PixelSpacing: [0.5, 0.25],
      SOPClassUID: '1.2.3',
      SegmentSequence: [{ SegmentNumber: 1 }],
      PixelData: new Uint8Array([7]),
      DimensionIndexPointer: 0x0062_000b,
      PatientName: '',
      GraphicData: [0.5],
    })
    // By pydicom 3.0.2 (explicit VR little endian, defined lengths), with PixelData as OB.
    expect(hex(bytes)).toBe(
      [
        '08001600554906003 12e322e3300',
        '10001000504e0000',
        '20006591415404006200 0b00',
        '280010005553020 02c01',
        '280030004453080 0302e355c302e3235',
        '62000200535100001200000 0feff00e00a0000006200040055530200 0100',
        '70002200464c0400 0000003f',
        'e07f10004f42000002000000 0700',
      ]
        .join('')
        .replaceAll(' ', ''),
    )
  })

  it('writes a text too long for its length field as UN', () => {
    const bytes = encodeDataSet({ ContourData: new Array<number>(30_000).fill(-12.5) })
    expect(Buffer.from(bytes.subarray(4, 6)).toString()).toBe('UN')
    const length = new DataView(bytes.buffer).getUint32(8, true)
    expect(length).toBe(30_000 * 6 - 1 + 1)
    expect(bytes).toHaveLength(12 + length)
  })

  it('refuses a text that its VR cannot hold', () => {
    expect(() => encodeDataSet({ ContentLabel: 'much too long for a CS' })).toThrow('ContentLabel')
  })

  it('a file begins with its meta group, whose length is right', () => {
    const bytes = writeDicomFile({ SOPClassUID: '1.2.3', SOPInstanceUID: '1.2.3.4' })
    expect(Buffer.from(bytes.subarray(128, 132)).toString()).toBe('DICM')
    const length = new DataView(bytes.buffer).getUint32(140, true)
    // What follows the group is the character set, the first element of the data set.
    expect(hex(bytes.subarray(144 + length, 144 + length + 6))).toBe('080005004353')
  })
})

describe('values', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [0.1, '0.1'],
    [-235.199997, '-235.199997'],
    [1 / 3, '0.33333333333333'],
    [-Math.PI * 1e-9, '-3.1415926536e-9'],
    [123456789.12345678, '123456789.123457'],
  ])('%d is written as %s', (value, text) => {
    expect(decimalString(value)).toBe(text)
    expect(text.length).toBeLessThanOrEqual(16)
  })

  it('UIDs are UUIDs below 2.25 and no longer than 64 characters', () => {
    expect(uidFromBytes(new Uint8Array(16))).toBe(`2.25.${(8n << 76n) + (8n << 60n)}`)
    expect(uidFromBytes(new Uint8Array(32).fill(255)).length).toBeLessThanOrEqual(64)
  })

  it('a person’s words cannot break out of a value', () => {
    expect(textValue('a\\b\nc', 64)).toBe('a/b c')
    expect(textValue('ä'.repeat(70), 64)).toBe('ä'.repeat(64))
  })
})
