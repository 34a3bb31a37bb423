import { describe, expect, it } from 'vitest'
import { rejectionOf } from '../../testing/rejection.ts'
import { bytesAsSource } from '../read/byteSource.ts'
import { mrSlice } from '../testing/mrSlices.ts'
import { writeDicom, type Elements } from '../testing/writeDicom.ts'
import { readPatientStudy } from './readPatientStudy.ts'

const read = (more: Elements) =>
  readPatientStudy(bytesAsSource('slice.dcm', writeDicom(mrSlice({ positionMm: [0, 0, 0], more }))))
const name = (...bytes: number[]) => ['PN', Uint8Array.from(bytes)] as const

describe('readPatientStudy', () => {
  it('copies patient and study, and nothing else', async () => {
    expect(await read({ 0x0008_0050: ['SH', 'A7'], 0x0010_1030: ['DS', '80'] })).toEqual({
      PatientName: 'Secret^Person',
      PatientID: 'PID-4711',
      PatientBirthDate: '19600131',
      StudyInstanceUID: '1.2',
      StudyDate: '20240502',
      AccessionNumber: 'A7',
    })
  })

  it.each([
    ['ISO_IR 100', [0x4d, 0xfc, 0x6c, 0x6c], 'Müll'],
    ['ISO_IR 144', [0xb8, 0xd2, 0xd0, 0xdd], 'Иван'],
    ['\\ISO 2022 IR 144', [0xb8, 0xd2, 0xd0, 0xdd], 'Иван'],
    ['ISO_IR 192', [0x4d, 0xc3, 0xbc, 0x6c], 'Mül'],
    ['GB18030', [0xcd, 0xf5, 0x5e, 0x41], '王^A'],
  ])('reads a name in %s', async (set, bytes, expected) => {
    const study = await read({ 0x0008_0005: ['CS', set], 0x0010_0010: name(...bytes) })
    expect(study.PatientName).toBe(expected)
  })

  it('refuses a name that it would have to guess', async () => {
    const error = await rejectionOf(() => read({ 0x0010_0010: name(0xfc, 0x41) }))
    expect(error.message).toContain('character set')
  })

  it('refuses what is no image of a study', async () => {
    const bytes = new TextEncoder().encode('no DICOM at all'.repeat(20))
    const error = await rejectionOf(() => readPatientStudy(bytesAsSource('a.txt', bytes)))
    expect(error).toMatchObject({ code: 'BAD_FILE' })
  })
})
