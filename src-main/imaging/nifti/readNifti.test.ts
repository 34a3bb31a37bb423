import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createAxisAlignedGrid, orientationCode, toCanonical } from '../geometry/index.ts'
import { rejectionOf } from '../testing/rejection.ts'
import { hasSharedData, NEEDS_SHARED_DATA, readSharedData } from '../testing/sharedData.ts'
import golden from './nibabelGolden.json' with { type: 'json' }
import { readNifti, readNiftiHeader } from './readNifti.ts'
import { writeNifti } from './writeNifti.ts'

const closeTo = (expected: readonly number[]) =>
  expected.map((value) => expect.closeTo(value, 4) as unknown as number)

describe.each(Object.entries(golden.crafted))(
  'readNifti of a crafted file: %s',
  (name, expected) => {
    const packed = new Uint8Array(Buffer.from(expected.base64, 'base64'))

    it.each(['gzipped', 'plain'])('agrees with nibabel, %s', async (form) => {
      const bytes = form === 'plain' ? new Uint8Array(gunzipSync(packed)) : packed
      const { volume, header } = await readNifti(bytes, name)
      expect([...volume.grid.dims]).toEqual(expected.dims)
      expect(volume.grid.indexToWorld).toEqual(closeTo(expected.affine))
      expect(orientationCode(volume.grid.indexToWorld)).toBe(expected.axes)
      expect([...volume.voxels]).toEqual(expected.values.map((value) => relativelyClose(value)))
      expect(header.warnings).toEqual([])
    })
  },
)

/** float32 keeps 24 bits; anything an integer type holds is exact. */
function relativelyClose(value: number): unknown {
  const isExact = Number.isInteger(value) && Math.abs(value) < 2 ** 24
  return isExact ? value : Math.fround(value)
}

describe.skipIf(!hasSharedData)(`readNifti of real files${NEEDS_SHARED_DATA}`, () => {
  it.each(Object.entries(golden.files))('agrees with nibabel on %s', async (path, expected) => {
    const { volume } = await readNifti(readSharedData(path), path)
    expect([...volume.grid.dims]).toEqual(expected.dims)
    expect(volume.grid.indexToWorld).toEqual(closeTo(expected.affine))
    expect(orientationCode(volume.grid.indexToWorld)).toBe(expected.axes)
    let sum = 0
    let min = Infinity
    let max = -Infinity
    for (const value of volume.voxels) {
      sum += value
      min = Math.min(min, value)
      max = Math.max(max, value)
    }
    expect(Math.abs(sum - expected.sum)).toBeLessThanOrEqual(1e-6 * Math.abs(expected.sum))
    expect(min).toBeCloseTo(expected.min, 4)
    expect(max).toBeCloseTo(expected.max, 4)
    for (const [index, value] of expected.voxels) {
      expect(volume.voxels[index]).toBeCloseTo(value, 4)
    }
    expect(toCanonical(volume).volume.grid.indexToWorld).toEqual(closeTo(expected.canonicalAffine))
  })

  it('gives one head for every storage order', async () => {
    const read = async (axes: string) => {
      const { volume } = await readNifti(readSharedData(`nifti/orientations/${axes}.nii.gz`), axes)
      return toCanonical(volume).volume
    }
    const reference = await read('RAS')
    for (const axes of ['LAS', 'PSR', 'AIL']) {
      const other = await read(axes)
      expect(other.grid.dims).toEqual(reference.grid.dims)
      expect(Buffer.compare(bytesOf(other.voxels), bytesOf(reference.voxels))).toBe(0)
    }
  })

  it.each([
    'fuzz_artifacts_crash-08123ef33416bd6f0c5fa63d44b681b8581d62a0',
    'fuzz_artifacts_crash-d03c6346fe83a026738f6b8cd2a9335a3f8cb158',
  ])('refuses the malformed file %s', async (name) => {
    const bytes = readSharedData(`nifti/malformed/${name}`)
    const error = await rejectionOf(() => readNifti(bytes, 'scan.nii'))
    expect(error.code).toBe('BAD_FILE')
    expect(error.message).toMatch(/^scan\.nii: is not a NIfTI image/)
    expect(error.remedy).toContain('.nii')
  })

  it('refuses colours in words', async () => {
    const bytes = readSharedData('nifti/types/rgb_3D.nii')
    const error = await rejectionOf(() => readNifti(bytes, 'rgb.nii'))
    expect(error.message).toContain('colours (RGB), not intensities (code 128)')
    expect(error.remedy).toContain('16-bit integers')
  })

  it('reads the header from the first kilobytes of a large compressed file', async () => {
    const bytes = readSharedData('Brats18_TCIA03_265_1/Brats18_TCIA03_265_1_t1.nii.gz')
    const header = readNiftiHeader(bytes.subarray(0, 4096), 't1.nii.gz')
    expect(header.dims).toEqual([240, 240, 155])
    expect(orientationCode(header.grid.indexToWorld)).toBe('LPS')
  })
})

const bytesOf = (voxels: ArrayBufferView) =>
  Buffer.from(voxels.buffer, voxels.byteOffset, voxels.byteLength)

describe('readNifti of broken files', () => {
  const grid = createAxisAlignedGrid([5, 4, 3], [1, 1, 2])
  const voxels = Int16Array.from({ length: 60 }, (_, index) => index - 20)
  const plain = () => writeNifti({ grid, voxels, voxelType: 'int16', gzip: false })
  const changed = async (change: (view: DataView) => void) => {
    const bytes = await plain()
    change(new DataView(bytes.buffer, bytes.byteOffset))
    return bytes
  }
  const refusal = (bytes: Uint8Array) => rejectionOf(() => readNifti(bytes, 'case/t1.nii.gz'))

  it('says that a text file is no image', async () => {
    const error = await refusal(new TextEncoder().encode('patient,age\n1,54\n'.repeat(40)))
    expect(error.code).toBe('BAD_FILE')
    expect(error.message).toMatch(/^case\/t1\.nii\.gz: is not a NIfTI image/)
  })

  it('says that an empty file is no image', async () => {
    expect((await refusal(new Uint8Array(0))).message).toContain('is not a NIfTI image')
  })

  it('says that a gzipped text file is no image', async () => {
    const error = await refusal(new Uint8Array(gzipSync('not an image at all'.repeat(100))))
    expect(error.message).toContain('is not a NIfTI image')
  })

  it('names the size it needs where voxels are missing', async () => {
    const bytes = (await plain()).subarray(0, 400)
    const error = await refusal(bytes)
    expect(error.message).toContain('"dim" promises 5 × 4 × 3 voxels, which takes 472 bytes')
  })

  it('says that the header itself was cut off', async () => {
    expect((await refusal((await plain()).subarray(0, 200))).message).toContain(
      'ends inside the header (200 of 348 bytes)',
    )
  })

  it.each([0.2, 0.5, 0.9, 0.99])('refuses a gzip file cut at %f of its length', async (share) => {
    const noise = Uint8Array.from({ length: 64000 }, (_, index) => (index * index * 31) >> 3)
    const bytes = await writeNifti({
      grid: createAxisAlignedGrid([40, 40, 40], [1, 1, 1]),
      voxels: noise,
      voxelType: 'uint8',
      gzip: true,
    })
    const error = await refusal(bytes.subarray(0, Math.floor(bytes.length * share)))
    expect(error.code).toBe('BAD_FILE')
    expect(error.message).toMatch(/cut off/)
  })

  it('refuses a gzip file with a flipped bit in its voxels', async () => {
    const bytes = new Uint8Array(gzipSync(await plain(), { level: 0 }))
    bytes[bytes.length - 40] ^= 4
    expect((await refusal(bytes)).message).toContain('compression is damaged')
  })

  it('refuses a size that its bytes cannot hold, before allocating it', async () => {
    const bytes = await changed((view) => {
      for (const position of [42, 44, 46]) view.setInt16(position, 1000, true)
    })
    expect((await refusal(bytes)).message).toContain('cut off')
    expect((await refusal(new Uint8Array(gzipSync(bytes)))).message).toContain('cut off')
  })

  it('refuses a size beyond what it opens', async () => {
    const bytes = await changed((view) => {
      for (const position of [42, 44, 46]) view.setInt16(position, 32767, true)
    })
    expect((await refusal(bytes)).message).toContain('more than this program opens')
  })

  it('refuses a decompression bomb', async () => {
    const bomb = new Uint8Array(40 * 2 ** 20)
    bomb.set(await plain())
    expect((await refusal(new Uint8Array(gzipSync(bomb)))).message).toContain('far more data')
  })

  it.each([
    ['dim', 40, 9, '"dim" names 9 dimensions'],
    ['an axis of no voxels', 44, 0, '"dim" names an axis of 0 voxels'],
    ['a negative axis', 44, -3, '"dim" names an axis of -3 voxels'],
    ['an unknown number type', 70, 77, '"datatype" holds 77'],
    ['complex numbers', 70, 32, 'complex numbers (code 32)'],
    ['128-bit numbers', 70, 1536, '128-bit numbers (code 1536)'],
    ['RGBA', 70, 2304, 'colours (RGBA)'],
  ])('names the field: %s', async (_, position, value, message) => {
    const bytes = await changed((view) => view.setInt16(position, value, true))
    expect((await refusal(bytes)).message).toContain(message)
  })

  it('refuses several volumes in one file', async () => {
    const bytes = await changed((view) => {
      view.setInt16(40, 4, true)
      view.setInt16(46, 1, true)
      view.setInt16(48, 3, true)
    })
    const error = await refusal(bytes)
    expect(error.message).toContain('holds 3 volumes of 5 × 4 × 1')
    expect(error.remedy).toContain('Split')
  })

  it.each([4, 351.5, NaN])('refuses voxels that start at byte %f', async (offset) => {
    const bytes = await changed((view) => view.setFloat32(108, offset, true))
    expect((await refusal(bytes)).message).toContain('"vox_offset"')
  })

  it('explains a two-file NIfTI', async () => {
    const bytes = await plain()
    bytes.set(new TextEncoder().encode('ni1'), 344)
    expect((await refusal(bytes)).message).toContain('.hdr with .img')
  })

  it('explains an Analyze image', async () => {
    const bytes = await plain()
    bytes.fill(0, 344, 348)
    expect((await refusal(bytes)).remedy).toContain('Analyze')
  })
})

describe('readNifti of odd but usable files', () => {
  const grid = createAxisAlignedGrid([2, 2, 1], [1, 1, 2], [5, 6, 7])
  const floats = new Float32Array([1, 2, 3, 4])
  const file = async (change: (view: DataView) => void) => {
    const bytes = await writeNifti({ grid, voxels: floats, voxelType: 'float32', gzip: false })
    change(new DataView(bytes.buffer, bytes.byteOffset))
    return readNifti(bytes, 'odd.nii')
  }

  it('reads values that are not finite as 0 and says so', async () => {
    const { volume, header } = await file((view) => {
      view.setFloat32(352, NaN, true)
      view.setFloat32(356, -Infinity, true)
    })
    expect([...volume.voxels]).toEqual([0, 0, 3, 4])
    expect(header.warnings).toEqual(['2 voxels are not a finite number and read as 0.'])
  })

  it('passes over a singular sform and takes the qform', async () => {
    const { volume, header } = await file((view) => view.setFloat32(280, 0, true))
    expect(header.affineSource).toBe('qform')
    expect(volume.grid.indexToWorld).toEqual(grid.indexToWorld)
    expect(header.warnings).toEqual(['The sform matrix is singular and was passed over.'])
  })

  it.each([
    [1, 1000, 'metres'],
    [3, 0.001, 'micrometres'],
  ])('converts positions in unit %i to mm', async (unit, factor, name) => {
    const { volume, header } = await file((view) => view.setUint8(123, unit))
    expect(volume.grid.spacingMm).toEqual(closeTo([factor, factor, 2 * factor]))
    expect(header.warnings[0]).toContain(name)
  })

  it('finds the unit in a big-endian file of version 2', async () => {
    const packed = Buffer.from(golden.crafted['int16 big v2'].base64, 'base64')
    const bytes = new Uint8Array(gunzipSync(packed))
    bytes[503] = 3
    const { header } = await readNifti(bytes, 'micro.nii')
    expect(header.warnings[0]).toContain('micrometres')
  })

  it('takes 1 for pixel sizes of 0', async () => {
    const { volume, header } = await file((view) => {
      view.setInt16(252, 0, true)
      view.setInt16(254, 0, true)
      view.setFloat32(80, 0, true)
    })
    expect(volume.grid.spacingMm).toEqual([1, 1, 2])
    expect(header.warnings).toEqual(['The field pixdim[1] is 0; 1 was used.'])
  })

  it('never shares memory with the bytes it was given', async () => {
    const bytes = Buffer.from(
      await writeNifti({ grid, voxels: floats, voxelType: 'float32', gzip: false }),
    )
    const { volume, header } = await readNifti(bytes, 'a.nii')
    bytes.fill(0)
    expect([...volume.voxels]).toEqual([1, 2, 3, 4])
    expect(header.raw[0]).toBe(92)
  })
})
