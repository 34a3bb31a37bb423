import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GliadeskError } from '../../../contract/errors.ts'
import { bytesAsSource } from '../read/byteSource.ts'
import { enhancedMr, mrSlice } from '../testing/mrSlices.ts'
import { without, writeDicom, type Elements, type WriteOptions } from '../testing/writeDicom.ts'
import { openForRewrite } from './openForRewrite.ts'
import { writeRewritten } from './writeRewritten.ts'

const IMPLICIT = '1.2.840.10008.1.2'
const EXPLICIT = '1.2.840.10008.1.2.1'
const BIG_ENDIAN = '1.2.840.10008.1.2.2'
const DEFLATED = '1.2.840.10008.1.2.1.99'
const RLE = '1.2.840.10008.1.2.5'

async function rewrite(bytes: Uint8Array): Promise<Uint8Array | null> {
  const opened = await openForRewrite(bytesAsSource('a.dcm', bytes))
  if (!opened) return null
  const pieces: Uint8Array[] = []
  const meta = opened.meta.filter(({ tag }) => tag !== 0x0002_0000)
  for await (const piece of writeRewritten({ ...opened, meta })) pieces.push(piece)
  return new Uint8Array(Buffer.concat(pieces))
}

const nested: Elements = {
  ...enhancedMr({
    positionsMm: [
      [0, 0, 0],
      [0, 0, 2],
    ],
  }),
  0x0009_0010: ['LO', 'MAKER'],
  0x0009_1001: ['UN', new Uint8Array([1, 2, 3, 4])],
  0x0028_9110: ['SQ', []],
}
const styles: readonly [string, WriteOptions][] = [
  ['implicit little endian', { transferSyntax: IMPLICIT }],
  ['explicit little endian', { transferSyntax: EXPLICIT }],
  ['explicit big endian', { transferSyntax: BIG_ENDIAN }],
  ['undefined lengths', { transferSyntax: EXPLICIT, undefinedLengths: true }],
  ['undefined lengths, implicit', { transferSyntax: IMPLICIT, undefinedLengths: true }],
]

describe('rewriting a DICOM file without changing it', () => {
  it.each(styles)('gives back the same bytes: %s', async (_, style) => {
    const bytes = writeDicom(nested, style)
    expect(await rewrite(bytes)).toEqual(bytes)
  })

  it('copies compressed pixels fragment by fragment', async () => {
    const frames = [new Uint8Array(5001).fill(7), new Uint8Array(300).fill(9)]
    const bytes = writeDicom(without(nested, 0x7fe0_0010), {
      transferSyntax: RLE,
      frames,
      fragmentsPerFrame: 3,
    })
    expect(await rewrite(bytes)).toEqual(bytes)
  })

  it('reads a head longer than the first piece, and pixels over several pieces', async () => {
    const values = new Array<number>(3000 * 1000).fill(3)
    const slice = mrSlice({ rows: 3000, columns: 1000, positionMm: [0, 0, 0], values })
    const bytes = writeDicom({ ...slice, 0x0009_1001: ['UN', new Uint8Array(200_000)] })
    expect(Buffer.compare((await rewrite(bytes)) ?? new Uint8Array(), bytes)).toBe(0)
  })

  it('deflates again what was deflated', async () => {
    const { deflateSync } = await import('fflate')
    const bare = writeDicom(nested, { bare: true })
    const head = writeDicom({}, { transferSyntax: DEFLATED })
    const bytes = new Uint8Array(Buffer.concat([head, deflateSync(bare)]))
    const again = await rewrite((await rewrite(bytes)) ?? new Uint8Array())
    const opened = await openForRewrite(bytesAsSource('a', again ?? new Uint8Array()))
    expect(opened?.transferSyntaxUid).toBe(DEFLATED)
    expect(await opened?.content.read(0, 1e6)).toEqual(bare)
  })

  it('leaves out what follows the pixels and says how much it was', async () => {
    const bytes = writeDicom(nested)
    const longer = new Uint8Array([...bytes, ...new TextEncoder().encode('Doe^Jane')])
    expect((await openForRewrite(bytesAsSource('a', longer)))?.trailingBytes).toBe(8)
    expect(await rewrite(longer)).toEqual(bytes)
  })

  it('looks into a sequence that a converter wrote as UN', async () => {
    const item = writeDicom(
      { 0x0010_0010: ['PN', 'Doe^Jane'] },
      { transferSyntax: IMPLICIT, bare: true },
    )
    const value = new Uint8Array(8 + item.length)
    value.set([0xfe, 0xff, 0x00, 0xe0, item.length])
    value.set(item, 8)
    const bytes = writeDicom({ ...nested, 0x0008_1140: ['UN', value] })
    const opened = await openForRewrite(bytesAsSource('a', bytes))
    const sequence = opened?.elements.find(({ tag }) => tag === 0x0008_1140)
    expect(sequence).toMatchObject({
      kind: 'sequence',
      items: [{ elements: [{ tag: 0x0010_0010 }] }],
    })
    expect(await rewrite(bytes)).toEqual(bytes)
  })

  it('says that something else is no DICOM, and that a file is cut short', async () => {
    expect(await rewrite(new TextEncoder().encode('%PDF-1.7 and some more text'))).toBeNull()
    const bytes = writeDicom(nested)
    await expect(rewrite(bytes.subarray(0, bytes.length - 3))).rejects.toThrow(
      'a.dcm: the file is cut short',
    )
  })
})

it('meets damaged files with a typed error and nothing else', async () => {
  const seeds = styles.map(([, style]) => writeDicom(nested, style))
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      fc.nat(3000),
      async (seed, changes, length) => {
        const bytes = seed.slice(0, Math.max(200, length))
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        try {
          await rewrite(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(GliadeskError)
        }
      },
    ),
    { numRuns: 600 },
  )
})
