import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  deidentificationOptionsSchema,
  type DeidentificationOptions,
} from '../../contract/index.ts'
import { bytesAsSource, dictionaryVr, openForRewrite, writeRewritten } from '../dicom/index.ts'
import { mrSlice } from '../dicom/testing/mrSlices.ts'
import { writeDicom, type Elements, type WriteOptions } from '../dicom/testing/writeDicom.ts'
import { createChangeTally } from './changeTally.ts'
import { chooseAction } from './chooseAction.ts'
import { deidentifyDicom } from './deidentifyDicom.ts'
import { textOf } from './headerFacts.ts'
import { PROFILE_ROWS, type ProfileRow } from './profile.ts'

const BASIC = deidentificationOptionsSchema.parse({})
const identity = {
  pseudonym: 'P-0123456789ab',
  shiftDays: -40,
  mapUid: (uid: string) =>
    `2.25.${uid.length}${[...uid].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 1e9, 7)}`,
}

async function deidentify(
  elements: Elements,
  options: Partial<DeidentificationOptions> = {},
  style: WriteOptions = {},
) {
  const opened = await openForRewrite(bytesAsSource('a.dcm', writeDicom(elements, style)))
  if (!opened) throw new Error('no DICOM')
  const tally = createChangeTally()
  const pieces: Uint8Array[] = []
  const rewritten = deidentifyDicom(opened, { ...BASIC, ...options }, identity, tally)
  for await (const piece of writeRewritten(rewritten)) pieces.push(piece)
  const bytes = new Uint8Array(Buffer.concat(pieces))
  const again = await openForRewrite(bytesAsSource('b.dcm', bytes))
  if (!again) throw new Error('the copy is no DICOM')
  return { bytes, elements: again.elements, meta: again.meta, changes: tally.changes() }
}

/** A value of the row's VR that could not come about by chance, and how to find it again in the bytes. */
function planted({ tag, vr }: ProfileRow): {
  value: [string, string | Uint8Array | number[]]
  mark: Buffer
} {
  const text = {
    DA: '19630417',
    TM: '031415.926535',
    DT: '19630417031415.926',
    AS: '073Y',
    DS: '4711.081563',
    IS: '471108156',
    UI: '1.3.6.1.4.1.4711.815.63',
    CS: 'KARLOTTA',
  }[vr]
  if (text !== undefined) return { value: [vr, text], mark: Buffer.from(text) }
  if (vr === 'US')
    return {
      value: [vr, [0xbeef, 0xcafe, 0xbabe]],
      mark: Buffer.from([0xef, 0xbe, 0xfe, 0xca, 0xbe, 0xba]),
    }
  const word = `Karlotta${tag.replace(',', '')}`
  return { value: [vr, new TextEncoder().encode(word)], mark: Buffer.from(word) }
}

const numberOf = ({ tag }: ProfileRow): number =>
  Number.parseInt(tag.replace(',', '').replace('xxxx', '3000').replace('xx', '02'), 16)
const rows = PROFILE_ROWS.filter(({ tag }) => tag !== 'private' && !tag.startsWith('0000'))
const slice = mrSlice({ positionMm: [1, 2, 3] })
/** A standard sequence that the table does not name, so that it is looked into. */
const SEQUENCE = 0x0040_0440

/** All rows at once, at the top and in an item of an item. */
function withEveryRow(): { elements: Elements; marks: Map<string, Buffer> } {
  const inner: Record<number, [string, string | number[] | Uint8Array | Elements[]]> = {}
  const marks = new Map<string, Buffer>()
  for (const row of rows) {
    if (row.vr === 'SQ') {
      inner[numberOf(row)] = ['SQ', [{ 0x0010_4000: ['LT', 'Quixote^Karlotta'] }]]
      continue
    }
    const { value, mark } = planted(row)
    inner[numberOf(row)] = value
    marks.set(row.tag, mark)
  }
  return {
    elements: { ...slice, ...inner, [SEQUENCE]: ['SQ', [{ [SEQUENCE]: ['SQ', [inner]] }]] },
    marks,
  }
}

describe('the basic profile', () => {
  it('knows every row of the table once, with its value representation', () => {
    expect(PROFILE_ROWS).toHaveLength(623)
    expect(new Set(PROFILE_ROWS.map(({ tag }) => tag)).size).toBe(623)
    for (const row of rows.filter(({ tag }) => !tag.includes('x'))) {
      expect(dictionaryVr(numberOf(row)), row.tag).toBe(row.vr)
    }
  })

  it.each([
    ['explicit little endian', {}],
    ['implicit little endian', { transferSyntax: '1.2.840.10008.1.2' }],
    ['explicit big endian', { transferSyntax: '1.2.840.10008.1.2.2' }],
    ['undefined lengths', { undefinedLengths: true }],
  ] as const)('lets no planted value of any row survive: %s', async (_, style) => {
    const { elements, marks } = withEveryRow()
    const before = Buffer.from(writeDicom(elements, style))
    const after = Buffer.from((await deidentify(elements, {}, style)).bytes)
    for (const [tag, mark] of marks) {
      if (mark.length !== 6) expect(before.includes(mark), tag).toBe(true)
      expect(after.includes(mark), tag).toBe(false)
    }
    expect(after.includes('Karlotta')).toBe(false)
  })

  it('lets none survive either when cleaning and moving dates are chosen', async () => {
    const { elements, marks } = withEveryRow()
    const flag = fc.boolean()
    const options = fc.record({
      dates: fc.constantFrom('remove', 'shift'),
      cleanDescriptors: flag,
      cleanStructuredContent: flag,
      cleanGraphics: flag,
      retainSafePrivate: flag,
    })
    await fc.assert(
      fc.asyncProperty(options, async (chosen) => {
        const after = Buffer.from((await deidentify(elements, chosen)).bytes)
        for (const [tag, mark] of marks) {
          // Times of day stay when dates are moved by whole days.
          if (chosen.dates === 'shift' && mark.toString().startsWith('031415')) continue
          expect(after.includes(mark), tag).toBe(false)
        }
        expect(after.includes('Karlotta')).toBe(false)
      }),
      { numRuns: 24 },
    )
  })

  it('keeps what an option says to keep, and only that', async () => {
    const { elements } = withEveryRow()
    const options = { ...BASIC, retainDeviceIdentity: true, retainInstitutionIdentity: true }
    const after = await deidentify(elements, options)
    for (const row of rows.filter(({ vr, tag }) => vr === 'LO' && !tag.includes('x'))) {
      const isKept = chooseAction(row, options) === 'keep'
      expect(
        textOf(after.elements, numberOf(row)) === `Karlotta${row.tag.replace(',', '')}`,
        row.tag,
      ).toBe(isKept)
    }
  })

  it('changes nothing else', async () => {
    const { elements } = await deidentify(slice)
    for (const tag of [0x0008_0008, 0x0018_0080, 0x0020_0032, 0x0020_0037, 0x0028_0030]) {
      expect(textOf(elements, tag)).toBe(slice[tag][1])
    }
  })

  it('says in the copy what was done', async () => {
    const { elements, meta } = await deidentify(slice, { dates: 'shift', cleanDescriptors: true })
    expect(textOf(elements, 0x0010_0010)).toBe('P-0123456789ab')
    expect(textOf(elements, 0x0010_0020)).toBe('P-0123456789ab')
    expect(textOf(elements, 0x0012_0062)).toBe('YES')
    expect(textOf(elements, 0x0028_0303)).toBe('MODIFIED')
    const codes = elements.find(({ tag }) => tag === 0x0012_0064)
    const values =
      codes?.kind === 'sequence'
        ? codes.items.map((item) => textOf(item.elements, 0x0008_0100))
        : []
    expect(values).toEqual(['113100', '113105', '113107'])
    expect(textOf(meta, 0x0002_0003)).toBe(textOf(elements, 0x0008_0018))
  })

  it('reports tags and counts, and no value', async () => {
    const { elements } = withEveryRow()
    const { changes } = await deidentify(elements)
    expect(changes.find(({ tag }) => tag === '(0010,0030)')).toEqual({
      tag: '(0010,0030)',
      name: "Patient's Birth Date",
      action: 'emptied',
      count: 2,
    })
    expect(JSON.stringify(changes)).not.toMatch(/Karlotta|KARLOTTA|4711|1963/)
  })
})

describe('beyond the table', () => {
  it('takes out private elements, unknown ones, other dates and names', async () => {
    const after = await deidentify({
      ...slice,
      0x0009_0010: ['LO', 'Karlotta'],
      0x0009_1001: ['LO', 'Karlotta'],
      0x0018_fff0: ['LO', 'Karlotta'],
      0x0014_2006: ['PN', 'Karlotta'],
      0x0014_0102: ['DA', '19630417'],
      0x6000_3000: ['OW', [0x614b, 0x6c72]],
      0x6000_0022: ['LO', 'Karlotta'],
    })
    expect(Buffer.from(after.bytes).includes('Karl')).toBe(false)
    expect(Buffer.from(after.bytes).includes('19630417')).toBe(false)
  })

  it('keeps safe private numbers where asked for, and no text in their place', async () => {
    const { elements } = await deidentify(
      {
        ...slice,
        0x0019_0010: ['LO', 'SIEMENS MR HEADER'],
        0x0019_100c: ['IS', '1000'],
        0x0019_100d: ['CS', 'KARLOTTA'],
        0x0019_1027: ['IS', 'Karlotta'],
        0x0019_1008: ['IS', '5'],
      },
      { retainSafePrivate: true },
    )
    const kept = elements.filter(({ tag }) => tag >> 16 === 0x19).map(({ tag }) => tag)
    expect(kept).toEqual([0x0019_0010, 0x0019_100c])
  })
})

describe('options', () => {
  it('moves all dates of a patient by the same days', async () => {
    const { elements } = await deidentify(
      {
        ...slice,
        0x0008_0020: ['DA', '20240301'],
        0x0008_0021: ['DA', '20240311'],
        0x0008_002a: ['DT', '20240301101112.5'],
        0x0008_0030: ['TM', '101112'],
      },
      { dates: 'shift' },
    )
    expect(textOf(elements, 0x0008_0020)).toBe('20240121')
    expect(textOf(elements, 0x0008_0021)).toBe('20240131')
    expect(textOf(elements, 0x0008_002a)).toBe('20240121101112.5')
    expect(textOf(elements, 0x0008_0030)).toBe('101112')
  })

  it('keeps patient characteristics, with ages above 89 as 90', async () => {
    const { elements } = await deidentify(
      { ...slice, 0x0010_0040: ['CS', 'F'], 0x0010_1010: ['AS', '093Y'] },
      { retainPatientCharacteristics: true },
    )
    expect(textOf(elements, 0x0010_0040)).toBe('F')
    expect(textOf(elements, 0x0010_1010)).toBe('090Y')
  })

  it('keeps the technical words of a description', async () => {
    const { elements } = await deidentify(
      {
        ...slice,
        0x0008_103e: ['LO', 'ax T2 tse Karlotta Q. 3mm 04171963'],
        0x0008_1030: ['LO', 'Karlotta'],
      },
      { cleanDescriptors: true },
    )
    expect(textOf(elements, 0x0008_103e)).toBe('ax T2 tse 3mm')
    expect(elements.some(({ tag }) => tag === 0x0008_1030)).toBe(false)
  })

  it('keeps numbers and codes of a report, and replaces its texts, names and dates', async () => {
    const item = (type: string, more: Elements): Elements => ({
      0x0040_a010: ['CS', 'CONTAINS'],
      0x0040_a040: ['CS', type],
      ...more,
    })
    const content: Elements = {
      ...slice,
      0x0040_a730: [
        'SQ',
        [
          item('TEXT', { 0x0040_a160: ['UT', 'Seen by Karlotta'] }),
          item('PNAME', { 0x0040_a123: ['PN', 'Quixote^Karlotta'] }),
          item('NUM', { 0x0040_a300: ['SQ', [{ 0x0040_a30a: ['DS', '12.5'] }]] }),
          item('UIDREF', { 0x0040_a124: ['UI', '1.2.3.4711'] }),
        ],
      ],
    }
    const after = Buffer.from((await deidentify(content, { cleanStructuredContent: true })).bytes)
    expect(after.includes('Karlotta')).toBe(false)
    expect(after.includes('12.5')).toBe(true)
    expect(after.includes(identity.mapUid('1.2.3.4711'))).toBe(true)
    const basic = Buffer.from((await deidentify(content)).bytes)
    expect(basic.includes('12.5')).toBe(false)
    expect(basic.includes('Karlotta')).toBe(false)
  })
})

it('maps UIDs alike in images and in a segmentation that refers to them', async () => {
  const image = await deidentify(slice)
  const reference: Elements = {
    ...mrSlice({ positionMm: [1, 2, 3], sopInstanceUid: '1.2.3.99' }),
    0x0008_1115: [
      'SQ',
      [
        {
          0x0020_000e: ['UI', '1.2.3'],
          0x0008_114a: [
            'SQ',
            [{ 0x0008_1150: ['UI', '1.2.840.10008.5.1.4.1.1.4'], 0x0008_1155: ['UI', '1.2.3.1'] }],
          ],
        },
      ],
    ],
  }
  const { elements } = await deidentify(reference)
  const series = elements.find(({ tag }) => tag === 0x0008_1115)
  const inSeries = series?.kind === 'sequence' ? series.items[0].elements : []
  const instances = inSeries.find(({ tag }) => tag === 0x0008_114a)
  const inInstance = instances?.kind === 'sequence' ? instances.items[0].elements : []
  expect(textOf(inSeries, 0x0020_000e)).toBe(textOf(image.elements, 0x0020_000e))
  expect(textOf(inInstance, 0x0008_1155)).toBe(textOf(image.elements, 0x0008_0018))
  expect(textOf(inInstance, 0x0008_1150)).toBe('1.2.840.10008.5.1.4.1.1.4')
  expect(textOf(elements, 0x0008_0018)).not.toBe(textOf(image.elements, 0x0008_0018))
})
