import { describe, expect, it } from 'vitest'
import { createGrid } from '../geometry/index.ts'
import { readNifti, writeNifti } from '../nifti/index.ts'
import { createChangeTally } from './changeTally.ts'
import { scrubNiftiHeader } from './scrubNiftiHeader.ts'

const grid = createGrid([3, 4, 5], [-1, 0, 0, 9, 0, 2, 0, -8, 0, 0, 3, 7, 0, 0, 0, 1])
const voxels = Int16Array.from({ length: 60 }, (_, index) => index - 20)
const words = new TextEncoder().encode('Doe^Jane')

async function dressed(): Promise<Uint8Array> {
  const plain = await writeNifti({
    grid,
    voxels,
    voxelType: 'int16',
    gzip: false,
    description: 'Doe^Jane',
  })
  for (const offset of [4, 14, 228, 328]) plain.set(words, offset)
  // An extension of 32 bytes (code 2, DICOM) moves the voxels from byte 352 to 384.
  const longer = new Uint8Array(plain.length + 32)
  longer.set(plain.subarray(0, 352))
  longer[348] = 1
  longer.set([32, 0, 0, 0, 2, 0, 0, 0], 352)
  longer.set(words, 360)
  longer.set(plain.subarray(352), 384)
  new DataView(longer.buffer).setFloat32(108, 384, true)
  return longer
}

describe('scrubbing a NIfTI header', () => {
  it('empties every text, drops extensions, and keeps geometry and voxels', async () => {
    const bytes = await dressed()
    expect(Buffer.from(bytes).includes('Doe')).toBe(true)
    const tally = createChangeTally()
    const header = scrubNiftiHeader(bytes.subarray(0, 544), 'a.nii', tally)
    const { dataOffset, dataBytes } = header
    const copy = new Uint8Array(header.bytes.length + dataBytes)
    copy.set(header.bytes)
    copy.set(bytes.subarray(dataOffset, dataOffset + dataBytes), header.bytes.length)
    expect(Buffer.from(copy).includes('Doe')).toBe(false)
    const [before, after] = await Promise.all([readNifti(bytes, 'a'), readNifti(copy, 'b')])
    expect(after.volume).toEqual(before.volume)
    expect(after.volume.voxels).toEqual(voxels)
    const tags = tally.changes().map(({ tag, action }) => `${tag} ${action}`)
    expect(tags).toEqual([
      'aux_file emptied',
      'data_type emptied',
      'db_name emptied',
      'descrip emptied',
      'extension removed',
      'intent_name emptied',
    ])
  })

  it('says nothing of a header without texts', async () => {
    const bytes = await writeNifti({
      grid,
      voxels,
      voxelType: 'int16',
      gzip: false,
      description: '',
    })
    bytes.fill(0, 4, 40)
    const tally = createChangeTally()
    scrubNiftiHeader(bytes, 'a.nii', tally)
    expect(tally.changes()).toEqual([])
  })

  it.each([
    ['an ANALYZE header', (bytes: Uint8Array) => bytes.fill(0, 344, 348), 'it is no NIfTI file'],
    ['a file cut short', (bytes: Uint8Array) => bytes.subarray(0, 300), 'it is no NIfTI file'],
    ['an unknown type', (bytes: Uint8Array) => bytes.fill(9, 70, 72), 'no possible size'],
    ['no dimensions', (bytes: Uint8Array) => bytes.fill(0, 40, 42), 'no possible size'],
    ['a negative dimension', (bytes: Uint8Array) => bytes.fill(0xff, 42, 44), 'no possible size'],
    [
      'voxels inside the header',
      (bytes: Uint8Array) => bytes.fill(0, 108, 112),
      'no possible size',
    ],
  ])('refuses %s', async (_, damage, words) => {
    const bytes = damage(await dressed())
    expect(() => scrubNiftiHeader(bytes, 'a.nii', createChangeTally())).toThrow(words)
  })
})
