import { describe, expect, it } from 'vitest'
import { createChangeTally } from './changeTally.ts'
import { cleanText } from './cleanText.ts'
import { imageNameParts } from './imageNames.ts'
import { scrubSidecar } from './scrubSidecar.ts'
import { shiftDate } from './shiftDate.ts'

describe('cleaning a description', () => {
  it.each([
    ['AX T1 MPRAGE +GD 1.0mm', 'AX T1 MPRAGE +GD 1.0mm'],
    ['t2_tse_tra_Schmidt_H', 't2 tse tra'],
    ['MRN 00471108 FLAIR', 'FLAIR'],
    ['Dr. House, 12 Main St', '12'],
    ['', ''],
  ])('%j becomes %j', (text, cleaned) => {
    expect(cleanText(text)).toBe(cleaned)
  })
})

describe('moving dates', () => {
  it.each([
    ['20240301', -1, '20240229'],
    ['2024.03.01', 1, '20240302'],
    ['20231231\\20240101', 1, '20240101\\20240102'],
    ['20240301101112.123456+0100', -60, '20240101101112.123456+0100'],
    ['', 5, ''],
  ])('%s by %i days is %s', (text, days, moved) => {
    expect(shiftDate(text, days)).toBe(moved)
  })

  it.each(['2024', '20240230', '20241301', 'yesterday', '20240101\\x', '00010101'])(
    'does not move %s',
    (text) => {
      expect(shiftDate(text, -3)).toBeNull()
    },
  )
})

describe('taking the name of an image apart', () => {
  it.each([
    ['BraTS_001/BraTS_001_flair', 'BraTS_001', 'flair'],
    ['imagesTr/case7_0001', 'case7', '0001'],
    ['labelsTr/case7', 'case7', 'image'],
    ['sub-07/ses-1/anat/sub-07_ses-1_acq-x_T1w', 'sub-07/ses-1', 't1w'],
    ['Doe, Jane/T2', 'Doe, Jane', 't2'],
    ['Doe_Jane_1963', 'Doe_Jane_1963', 'image'],
  ])('%s', (stem, subject, suffix) => {
    expect(imageNameParts(stem)).toEqual({ subject, suffix })
  })
})

describe('scrubbing a sidecar', () => {
  it('keeps listed keys with technical values and counts the rest', () => {
    const tally = createChangeTally()
    const text = JSON.stringify({
      EchoTime: 0.1,
      RepetitionTime: 'Doe',
      SliceTiming: [0, 0.5],
      Manufacturer: 'Siemens',
      PatientName: 'Doe',
      InstitutionName: 'Doe Clinic',
      Doe: 1,
      MRAcquisitionType: 'Doe',
      __proto__: 1,
    })
    expect(JSON.parse(scrubSidecar(text, 'a.json', tally))).toEqual({
      EchoTime: 0.1,
      SliceTiming: [0, 0.5],
      Manufacturer: 'Siemens',
    })
    expect(tally.changes()).toEqual([
      { tag: 'sidecar', name: 'Keys outside of the technical list', action: 'removed', count: 5 },
    ])
  })

  it.each(['[]', '7', '{"a": Doe', ''])('refuses %j without quoting it', (text) => {
    expect(() => scrubSidecar(text, 'a.json', createChangeTally())).toThrow(
      /^a.json: it is no JSON object.$/,
    )
  })
})
