import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GliadeskError } from '../../../contract/errors.ts'
import { hasSharedData, NEEDS_SHARED_DATA, readSharedData } from '../../testing/sharedData.ts'
import { enhancedMr, mrSlice } from '../testing/mrSlices.ts'
import { without, writeDicom } from '../testing/writeDicom.ts'
import { bytesAsSource } from './byteSource.ts'
import { readDirectory } from './readDirectory.ts'
import { readInstance } from './readInstance.ts'
import { createPixelReader } from './readPixels.ts'

const slice = mrSlice({ positionMm: [1, 2, 3] })
const enhanced = enhancedMr({
  positionsMm: [
    [0, 0, 0],
    [0, 0, 5],
  ],
})
const header = without(slice, 0x7fe0_0010)
const SEEDS = [
  writeDicom(slice),
  writeDicom(slice, { transferSyntax: '1.2.840.10008.1.2' }),
  writeDicom(slice, { transferSyntax: '1.2.840.10008.1.2.2' }),
  writeDicom(slice, { bare: true }),
  writeDicom(enhanced),
  writeDicom(enhanced, { undefinedLengths: true }),
  writeDicom(header, { transferSyntax: '1.2.840.10008.1.2.5', frames: [new Uint8Array(200)] }),
  writeDicom(header, { transferSyntax: '1.2.840.10008.1.2.4.70', frames: [new Uint8Array(200)] }),
]

const mutated = fc
  .record({
    seed: fc.nat(SEEDS.length - 1),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        byte: fc.oneof(fc.nat(255), fc.constantFrom(0, 0xff, 0xfe, 0x7f, 0x51, 0x53)),
      }),
      { maxLength: 12 },
    ),
    cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map(({ seed, edits, cut }) => {
    const bytes = SEEDS[seed].slice(
      0,
      cut === null ? undefined : Math.floor(cut * SEEDS[seed].length),
    )
    for (const { at, byte } of edits) bytes[Math.floor(at * bytes.length)] = byte
    return bytes
  })

/** Reads everything there is and lets only typed errors pass. Gives the bytes that were handed out for pixels. */
async function readAll(bytes: Uint8Array): Promise<number> {
  let handedOut = 0
  try {
    const source = bytesAsSource('mutated.dcm', bytes)
    await readDirectory(source)
    const read = await readInstance(source)
    if (read.kind !== 'image') return 0
    const reader = createPixelReader()
    for (const frame of read.instance.frames) {
      const values = await reader.read(frame)
      handedOut = Math.max(handedOut, values.byteLength)
    }
  } catch (error) {
    if (!(error instanceof GliadeskError)) throw error
    expect(error.message).toContain('mutated.dcm')
  }
  return handedOut
}

describe('the DICOM reader under mutated files', () => {
  it('ends in pixels or in a sentence, in time and memory bounded by the file', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (bytes) => {
        const start = performance.now()
        const handedOut = await readAll(bytes)
        expect(performance.now() - start).toBeLessThan(1000)
        // Run lengths may honestly unpack to 64 times their size and more; native pixels never.
        expect(handedOut).toBeLessThanOrEqual(Math.max(4 * bytes.length, 16_384 * 128))
      }),
      { numRuns: 3000 },
    )
  })

  it('ends in words for arbitrary bytes after a good start', async () => {
    const start = writeDicom({})
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (tail) => {
        await readAll(new Uint8Array([...start, ...tail]))
      }),
      { numRuns: 1500 },
    )
  })

  it
    .skipIf(!hasSharedData)
    .each([
      'odd/MR_small_jpeg_ls_lossless.dcm',
      'odd/MR_small_RLE.dcm',
      'transfer-syntaxes/jpeg_2000.dcm',
    ])(`ends in pixels or words for damaged codestreams: %s${NEEDS_SHARED_DATA}`, async (path) => {
    const whole = readSharedData(`dicom/${path}`)
    const place = fc.double({ min: 0.5, max: 1, noNaN: true, maxExcluded: true })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(place, fc.nat(255)), { maxLength: 6 }), async (edits) => {
        const bytes = whole.slice()
        for (const [at, byte] of edits) bytes[Math.floor(at * bytes.length)] = byte
        const start = performance.now()
        await readAll(bytes)
        expect(performance.now() - start).toBeLessThan(5000)
      }),
      { numRuns: 40 },
    )
  })

  it('does not follow sequences that nest without end', async () => {
    // Each level is 20 bytes: an open sequence with an open item in it.
    const level = [0x00, 0x52, 0x30, 0x92, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff]
    const item = [0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff]
    const nest = new Array<number[]>(20_000).fill([...level, ...item]).flat()
    const bytes = new Uint8Array([...writeDicom({}), ...nest])
    await expect(readInstance(bytesAsSource('nest.dcm', bytes))).rejects.toThrow(/nest too deep/)
  })
})
