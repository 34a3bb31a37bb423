import fc from 'fast-check'
import { expect, it } from 'vitest'
import { deidentificationOptionsSchema, GliadeskError } from '../../contract/index.ts'
import { bytesAsSource, openForRewrite, writeRewritten } from '../dicom/index.ts'
import { enhancedMr } from '../dicom/testing/mrSlices.ts'
import { writeDicom } from '../dicom/testing/writeDicom.ts'
import { createChangeTally } from './changeTally.ts'
import { deidentifyDicom } from './deidentifyDicom.ts'
import { pixelWarnings } from './pixelWarnings.ts'
import { scrubNiftiHeader } from './scrubNiftiHeader.ts'
import { scrubSidecar } from './scrubSidecar.ts'

const identity = { pseudonym: 'P-1', shiftDays: -9, mapUid: (uid: string) => `2.25.${uid.length}` }
const chosen = {
  ...{ dates: 'shift', cleanDescriptors: true, cleanStructuredContent: true, cleanGraphics: true },
  ...{ retainSafePrivate: true, retainPatientCharacteristics: true },
}
const options = deidentificationOptionsSchema.parse(chosen)
const seeds = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2'].map(
  (transferSyntax) =>
    writeDicom(
      {
        ...enhancedMr({
          positionsMm: [
            [0, 0, 0],
            [0, 0, 2],
          ],
        }),
        0x0008_1030: ['LO', 'head T1 of somebody'],
        0x0008_002a: ['DT', '20240502101112'],
        0x0019_0010: ['LO', 'SIEMENS MR HEADER'],
        0x0019_100c: ['IS', '1000'],
        0x0040_a730: ['SQ', [{ 0x0040_a160: ['UT', 'text'], 0x0040_a123: ['PN', 'A^B'] }]],
      },
      { transferSyntax, undefinedLengths: transferSyntax.endsWith('.1') },
    ),
)
const typed = async (act: () => unknown): Promise<void> => {
  try {
    await act()
  } catch (error) {
    expect(error).toBeInstanceOf(GliadeskError)
  }
}
const changes = fc.array(fc.tuple(fc.nat(2500), fc.nat(255)), { minLength: 1, maxLength: 12 })

it('meets damaged DICOM files with a copy that can be read, or a typed error', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...seeds), changes, async (seed, list) => {
      const bytes = seed.slice()
      for (const [at, value] of list) bytes[at % bytes.length] = value
      await typed(async () => {
        const opened = await openForRewrite(bytesAsSource('a.dcm', bytes))
        if (!opened) return
        pixelWarnings(opened)
        const rewritten = deidentifyDicom(opened, options, identity, createChangeTally())
        const pieces: Uint8Array[] = []
        for await (const piece of writeRewritten(rewritten)) pieces.push(piece)
        const copy = new Uint8Array(Buffer.concat(pieces))
        const again = await openForRewrite(bytesAsSource('b.dcm', copy))
        expect(again?.transferSyntaxUid).toBe(opened.transferSyntaxUid)
        expect(again?.trailingBytes).toBe(0)
      })
    }),
    { numRuns: 500 },
  )
})

it('meets any bytes with a scrubbed header or sidecar, or a typed error', async () => {
  const header = new Uint8Array(544)
  const view = new DataView(header.buffer)
  view.setInt32(0, 348, true)
  for (const axis of [0, 1, 2, 3]) view.setInt16(40 + 2 * axis, 3, true)
  view.setInt16(70, 4, true)
  view.setFloat32(108, 352, true)
  header.set([0x6e, 0x2b, 0x31], 344)
  await fc.assert(
    fc.asyncProperty(changes, fc.string(), fc.json(), async (list, text, json) => {
      const bytes = header.slice()
      for (const [at, value] of list) bytes[at % bytes.length] = value
      await typed(() => scrubNiftiHeader(bytes, 'a.nii', createChangeTally()))
      await typed(() => scrubSidecar(text, 'a.json', createChangeTally()))
      await typed(() => scrubSidecar(json, 'a.json', createChangeTally()))
    }),
    { numRuns: 500 },
  )
})
