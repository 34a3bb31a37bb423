import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAxisAlignedGrid, createGrid } from '../geometry/index.ts'
import { hasSharedData, NEEDS_SHARED_DATA, readSharedData } from '../testing/sharedData.ts'
import { createVoxels, voxelCount } from '../volume/index.ts'
import golden from './nibabelGolden.json' with { type: 'json' }
import { isGzip } from '../compression/index.ts'
import { readNifti, readNiftiHeader } from './readNifti.ts'
import { writeNifti } from './writeNifti.ts'

const plainBytes = (bytes: Uint8Array) =>
  isGzip(bytes) ? new Uint8Array(gunzipSync(bytes)) : bytes

/** Types that come back as the type they are stored in. */
const KEPT = /^(uint8|int16|uint16|float32) (little|big) v[12]$|^extension$|^one slice$|form/

describe('writeNifti with a template', () => {
  it.each(Object.entries(golden.crafted).filter(([name]) => KEPT.test(name)))(
    'writes an untouched file back byte for byte: %s',
    async (name, { base64 }) => {
      const original = plainBytes(new Uint8Array(Buffer.from(base64, 'base64')))
      const { volume, header } = await readNifti(original, name)
      const written = await writeNifti({ ...volume, template: header, gzip: false })
      expect(Buffer.compare(written, original)).toBe(0)
    },
  )

  it.skipIf(!hasSharedData).each(['t1', 't2', 't1ce', 'flair', 'seg'])(
    `writes the glioma case back byte for byte: %s${NEEDS_SHARED_DATA}`,
    async (name) => {
      const original = readSharedData(`Brats18_TCIA03_265_1/Brats18_TCIA03_265_1_${name}.nii.gz`)
      const { volume, header } = await readNifti(original, name)
      const written = await writeNifti({ ...volume, template: header, gzip: true })
      expect(Buffer.compare(plainBytes(written), plainBytes(original))).toBe(0)
    },
  )

  it('resets the scaling, because values are written as physical ones', async () => {
    const bytes = new Uint8Array(Buffer.from(golden.crafted['whole slope'].base64, 'base64'))
    const { volume, header } = await readNifti(bytes, 'scaled')
    const again = await readNifti(
      await writeNifti({ ...volume, template: header, gzip: true }),
      'again',
    )
    expect(again.header.slope).toBe(1)
    expect(again.header.intercept).toBe(0)
    expect(again.volume.voxels).toEqual(volume.voxels)
  })

  it('keeps the extensions where type and grid change', async () => {
    const bytes = new Uint8Array(Buffer.from(golden.crafted.extension.base64, 'base64'))
    const { header } = await readNifti(bytes, 'extension')
    const grid = createAxisAlignedGrid([3, 3, 3], [2, 2, 2], [-4, 5, 6])
    const again = await readNifti(
      await writeNifti({
        grid,
        voxels: new Uint8Array(27).fill(9),
        voxelType: 'uint8',
        template: header,
        gzip: true,
      }),
      'again',
    )
    expect(again.volume.grid).toEqual(grid)
    expect(new TextDecoder().decode(again.header.raw.subarray(360))).toContain('kept as it came')
    expect(again.volume.voxels).toEqual(new Uint8Array(27).fill(9))
  })

  it('leaves extensions out where only the header was read', async () => {
    const bytes = plainBytes(new Uint8Array(Buffer.from(golden.crafted.extension.base64, 'base64')))
    const template = readNiftiHeader(bytes.subarray(0, 352), 'extension')
    const { volume } = await readNifti(bytes, 'extension')
    const written = await writeNifti({ ...volume, template, gzip: false })
    expect(written.length).toBe(352 + volume.voxels.byteLength)
    expect((await readNifti(written, 'again')).volume).toEqual(volume)
  })

  it('does not change the template', async () => {
    const bytes = new Uint8Array(Buffer.from(golden.crafted.extension.base64, 'base64'))
    const { header } = await readNifti(bytes, 'extension')
    const before = Buffer.from(header.raw).toString('hex')
    const grid = createAxisAlignedGrid([1, 1, 1], [2, 2, 2])
    const voxels = new Uint8Array(1)
    await writeNifti({ grid, voxels, voxelType: 'uint8', template: header, gzip: false })
    expect(Buffer.from(header.raw).toString('hex')).toBe(before)
  })
})

/** Rotation about x, then y, then z. */
function eulerRotation([a, b, c]: readonly number[]): number[] {
  const [ca, sa, cb, sb] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b)]
  const [cc, sc] = [Math.cos(c), Math.sin(c)]
  return [
    ...[cc * cb, cc * sb * sa - sc * ca, cc * sb * ca + sc * sa],
    ...[sc * cb, sc * sb * sa + cc * ca, sc * sb * ca - cc * sa],
    ...[-sb, cb * sa, cb * ca],
  ]
}

describe('writeNifti without a template', () => {
  const dims = fc.tuple(
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 6 }),
  )
  const voxelType = fc.constantFrom('uint8', 'int16', 'uint16', 'float32')
  // Multiples of 1/8 are exact in float32, so the matrix must come back unchanged.
  const exact = (limit: number) => fc.integer({ min: -limit, max: limit }).map((n) => n / 8)
  const affine = fc
    .tuple(
      fc.array(exact(40), { minLength: 9, maxLength: 9 }),
      fc.array(exact(4000), { minLength: 3, maxLength: 3 }),
    )
    .map(([m, t]) => [
      ...[m[0], m[1], m[2], t[0]],
      ...[m[3], m[4], m[5], t[1]],
      ...[m[6], m[7], m[8], t[2]],
      ...[0, 0, 0, 1],
    ])
    .filter((m) => {
      const [a, b, c, , d, e, f, , g, h, i] = m
      return Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)) > 0.01
    })

  it('reads back what it wrote, whatever the grid and type', async () => {
    await fc.assert(
      fc.asyncProperty(
        dims,
        voxelType,
        affine,
        fc.infiniteStream(fc.integer()),
        fc.boolean(),
        async (size, type, matrix, numbers, isGzipped) => {
          const grid = createGrid(size, matrix)
          const voxels = createVoxels(type, voxelCount(size))
          for (let i = 0; i < voxels.length; i++) voxels[i] = numbers.next().value
          const bytes = await writeNifti({ grid, voxels, voxelType: type, gzip: isGzipped })
          const { volume } = await readNifti(bytes, 'x')
          expect(volume.voxelType).toBe(type)
          expect(volume.grid.dims).toEqual(grid.dims)
          expect(volume.grid.indexToWorld.map((n) => n + 0)).toEqual(matrix.map((n) => n + 0))
          expect(volume.voxels).toEqual(voxels)
        },
      ),
      { numRuns: 150 },
    )
  })

  describe('a qform beside the sform', () => {
    const spacing = fc.double({ min: 0.3, max: 7, noNaN: true })
    const spacings = fc.tuple(spacing, spacing, spacing)

    /** What a reader that has only the qform makes of a grid, and the grid itself. */
    async function throughQform(rotation: readonly number[], scale: readonly number[]) {
      const affine = [0, 1, 2].flatMap((row) => [
        ...[0, 1, 2].map((axis) => rotation[3 * row + axis] * scale[axis]),
        10 * row,
      ])
      const grid = createGrid([2, 2, 2], [...affine, 0, 0, 0, 1])
      const voxels = new Uint8Array(8)
      const bytes = await writeNifti({ grid, voxels, voxelType: 'uint8', gzip: false })
      bytes.fill(0, 254, 256)
      const header = readNiftiHeader(bytes, 'qform')
      expect(header.affineSource).toBe('qform')
      return { read: header.grid.indexToWorld, written: grid.indexToWorld }
    }

    /** Real part of the unit quaternion of a rotation matrix; 0 for a half turn. */
    const realPart = (rotation: readonly number[]): number =>
      Math.sqrt(Math.max(0, 1 + rotation[0] + rotation[4] + rotation[8])) / 2

    it('says the same as the sform, for any rotation that is no half turn', async () => {
      const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true })
      await fc.assert(
        fc.asyncProperty(
          fc.tuple(angle, angle, angle),
          spacings,
          fc.boolean(),
          async (angles, [dx, dy, dz], isMirrored) => {
            const rotation = eulerRotation(angles)
            fc.pre(realPart(rotation) > 0.03)
            const { read, written } = await throughQform(rotation, [dx, dy, isMirrored ? -dz : dz])
            read.forEach((value, index) => expect(value).toBeCloseTo(written[index], 4))
          },
        ),
        { numRuns: 300 },
      )
    })

    it('is off by less than a thousandth of a voxel near a half turn', async () => {
      // The format leaves the real part out: a = √(1 − b² − c² − d²). In float32 the sum is known to about 1.2e-7 only,
      // so next to a = 0 the part is known to √1.2e-7 = 3.5e-4, and a column of the matrix to twice that.
      const aside = fc.double({ min: -0.06, max: 0.06, noNaN: true })
      const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true })
      await fc.assert(
        fc.asyncProperty(aside, angle, spacings, async (offset, turn, scale) => {
          const rotation = eulerRotation([Math.PI + offset, 0, turn])
          const { read, written } = await throughQform(rotation, scale)
          read.forEach((value, index) => {
            const voxelMm = scale[index % 4] ?? 1
            expect(Math.abs(value - written[index])).toBeLessThan(1e-3 * voxelMm)
          })
        }),
        {
          numRuns: 300,
          examples: [[3.1251649798864904 - Math.PI, 0.21370422421550261, [0.3, 0.3, 7]]],
        },
      )
    })
  })

  it('writes no qform for a sheared grid', async () => {
    const grid = createGrid([1, 1, 1], [1, 0.5, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
    const voxels = new Uint8Array(1)
    const bytes = await writeNifti({ grid, voxels, voxelType: 'uint8', gzip: false })
    const header = readNiftiHeader(bytes, 'sheared')
    expect(header.qformCode).toBe(0)
    expect(header.grid.indexToWorld).toEqual(grid.indexToWorld)
  })

  it('gives equal bytes for equal input', async () => {
    const grid = createAxisAlignedGrid([4, 4, 4], [1, 1, 1])
    const voxels = new Uint8Array(64).fill(2)
    const write = () => writeNifti({ grid, voxels, voxelType: 'uint8', gzip: true })
    expect(Buffer.compare(await write(), await write())).toBe(0)
  })

  it('takes version 2 where an axis is too long for version 1', async () => {
    const grid = createAxisAlignedGrid([40000, 1, 1], [1, 1, 1])
    const voxels = new Uint8Array(40000).fill(3)
    const bytes = await writeNifti({ grid, voxels, voxelType: 'uint8', gzip: true })
    const { header, volume } = await readNifti(bytes, 'long')
    expect(header.version).toBe(2)
    expect(volume.grid.dims).toEqual([40000, 1, 1])
  })

  it('writes a description of at most 79 characters', async () => {
    const grid = createAxisAlignedGrid([1, 1, 1], [1, 1, 1])
    const bytes = await writeNifti({
      grid,
      voxels: new Uint8Array(1),
      voxelType: 'uint8',
      gzip: false,
      description: 'x'.repeat(200),
    })
    expect(readNiftiHeader(bytes, 'x').description).toBe('x'.repeat(79))
  })

  it('refuses voxels that do not fit the grid', async () => {
    const grid = createAxisAlignedGrid([2, 2, 2], [1, 1, 1])
    await expect(
      writeNifti({ grid, voxels: new Uint8Array(7), voxelType: 'uint8', gzip: false }),
    ).rejects.toThrow(RangeError)
  })
})
