import { describe, expect, it } from 'vitest'
import { bytesAsSource, openForRewrite } from '../dicom/index.ts'
import { mrSlice } from '../dicom/testing/mrSlices.ts'
import {
  without,
  writeDicom,
  type Elements,
  type WriteOptions,
} from '../dicom/testing/writeDicom.ts'
import { pixelWarnings } from './pixelWarnings.ts'

const slice = mrSlice({ positionMm: [0, 0, 0] })

async function warningsOf(more: Elements, options?: WriteOptions): Promise<string[]> {
  const opened = await openForRewrite(
    bytesAsSource('a', writeDicom({ ...slice, ...more }, options)),
  )
  if (!opened) throw new Error('no DICOM')
  return pixelWarnings(opened)
}

describe('what a person has to look at', () => {
  it('is nothing in a thick slice of an MR', async () => {
    expect(await warningsOf({})).toEqual([])
  })

  it.each<[string, Elements, RegExp]>([
    ['text burnt in', { 0x0028_0301: ['CS', 'YES'] }, /says that text is burnt/],
    [
      'a secondary capture',
      { 0x0008_0016: ['UI', '1.2.840.10008.5.1.4.1.1.7'] },
      /secondary capture/,
    ],
    ['a saved screen', { 0x0008_0008: ['CS', 'DERIVED\\SECONDARY\\SCREEN SAVE'] }, /of a screen/],
    ['ultrasound', { 0x0008_0060: ['CS', 'US'] }, /its modality often|Images of its modality/],
    ['an overlay in the pixels', { 0x6000_0102: ['US', [12]] }, /unused bits/],
    ['an enclosed PDF', { 0x0042_0011: ['OB', new Uint8Array(8)] }, /enclosed document/],
    ['a thin head', { 0x0018_0050: ['DS', '1'] }, /face/],
    ['a head of unknown thickness', { 0x0018_0050: ['DS', ''] }, /face/],
  ])('%s', async (_, more, words) => {
    const warnings = await warningsOf(more)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(words)
  })

  it('is not what the header denies, another part of the body, or an object without pixels', async () => {
    const capture: Elements = { 0x0008_0016: ['UI', '1.2.840.10008.5.1.4.1.1.7'] }
    expect(await warningsOf({ ...capture, 0x0028_0301: ['CS', 'NO'] })).toEqual([])
    expect(await warningsOf({ 0x0018_0050: ['DS', '1'], 0x0018_0015: ['CS', 'KNEE'] })).toEqual([])
    const report = without({ ...slice, ...capture }, 0x7fe0_0010)
    const opened = await openForRewrite(bytesAsSource('a', writeDicom(report)))
    expect(opened && pixelWarnings(opened)).toEqual([])
  })

  it('is that comments in compressed pixels are not looked into', async () => {
    const bare = without(slice, 0x7fe0_0010)
    const bytes = writeDicom(bare, {
      transferSyntax: '1.2.840.10008.1.2.5',
      frames: [new Uint8Array(64)],
    })
    const opened = await openForRewrite(bytesAsSource('a', bytes))
    expect(opened && pixelWarnings(opened)).toEqual([
      'Comments inside the compressed pixels are not looked into.',
    ])
  })

  it('never repeats a value', async () => {
    const warnings = await warningsOf({
      0x0008_0060: ['CS', 'KARLOTTA'],
      0x0008_0008: ['CS', 'SCREEN SAVE KARLOTTA'],
      0x0018_0015: ['CS', 'HEAD KARLOTTA'],
      0x0018_0050: ['DS', '1'],
    })
    expect(warnings.length).toBeGreaterThan(0)
    expect(warnings.join()).not.toContain('KARLOTTA')
  })
})
