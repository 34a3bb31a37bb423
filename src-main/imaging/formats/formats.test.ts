import fc from 'fast-check'
import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { GliadeskError } from '../../contract/errors.ts'
import { createAxisAlignedGrid, createGrid, swapRasLps } from '../geometry/index.ts'
import { writeMetaImage } from '../metaimage/index.ts'
import { writeNifti, writeNiftiPair } from '../nifti/index.ts'
import { writeDetachedNrrd, writeNrrd } from '../nrrd/index.ts'
import type { Voxels } from '../volume/index.ts'
import { readImage } from './readImage.ts'
import { readSegmentation } from './readSegmentation.ts'
import { SEGMENTATION_ENDINGS, writeSegmentation } from './writeSegmentation.ts'

const text = (content: string): Uint8Array => new TextEncoder().encode(content)
const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))

/** Oblique, anisotropic and left-handed grids of a few voxels. */
const grids = fc
  .record({
    dims: fc.tuple(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
    ),
    spacing: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: 0.3, max: 7, noNaN: true }))),
    angle: fc.double({ min: -1.5, max: 1.5, noNaN: true }),
    flip: fc.constantFrom(-1, 1),
    origin: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -200, max: 200, noNaN: true }))),
  })
  .map(({ dims, spacing: [sx, sy, sz], angle, flip, origin }) => {
    const c = Math.cos(angle)
    const s = Math.sin(angle)
    return createGrid(dims, [
      ...[c * sx * flip, -s * sy, 0, origin[0]],
      ...[s * sx * flip, c * sy, 0, origin[1]],
      ...[0, 0, sz, origin[2]],
      ...[0, 0, 0, 1],
    ])
  })
const arrays = [Uint8Array, Int16Array, Uint16Array, Float32Array] as const

function expectGrid(found: readonly number[], wanted: readonly number[]): void {
  found.forEach((value, place) => expect(Math.abs(value - wanted[place])).toBeLessThan(1e-4))
}

describe('every format brings voxels and geometry back', () => {
  const writers: Record<
    string,
    (
      grid: ReturnType<typeof createGrid>,
      voxels: Voxels,
    ) => Promise<{ file: Uint8Array; beside?: Uint8Array }>
  > = {
    'raw.nrrd': async (grid, voxels) => ({
      file: await writeNrrd({ grid, voxels, encoding: 'raw' }),
    }),
    'packed.nrrd': async (grid, voxels) => ({
      file: await writeNrrd({ grid, voxels, encoding: 'gzip' }),
    }),
    'detached.nhdr': async (grid, voxels) => {
      const { header, data } = await writeDetachedNrrd(
        { grid, voxels, encoding: 'gzip' },
        'x.raw.gz',
      )
      return { file: header, beside: data }
    },
    'packed.mha': async (grid, voxels) => {
      const { header, data } = await writeMetaImage({ grid, voxels, compressed: true })
      return { file: join(header, data) }
    },
    'plain.mhd': async (grid, voxels) => {
      const { header, data } = await writeMetaImage({ grid, voxels, compressed: false }, 'x.raw')
      return { file: header, beside: data }
    },
    'pair.hdr': async (grid, voxels) => {
      const voxelType = (['uint8', 'int16', 'uint16', 'float32'] as const)[
        arrays.findIndex((kind) => voxels instanceof kind)
      ]
      const { header, image } = await writeNiftiPair({ grid, voxels, voxelType })
      return { file: header, beside: image }
    },
  }
  it.each(Object.keys(writers))('%s', async (name) => {
    await fc.assert(
      fc.asyncProperty(grids, fc.nat(3), fc.nat(1000), async (grid, kind, seed) => {
        const count = grid.dims[0] * grid.dims[1] * grid.dims[2]
        const voxels = new arrays[kind](count).map((_: number, i: number) => (i * 37 + seed) % 251)
        const { file, beside } = await writers[name](grid, voxels)
        const read = await readImage(file, name, () => Promise.resolve(beside ?? new Uint8Array()))
        expect([...read.volumes[0].voxels]).toEqual([...voxels])
        expect(read.volumes[0].grid.dims).toEqual(grid.dims)
        expectGrid(read.volumes[0].grid.indexToWorld, grid.indexToWorld)
      }),
      { numRuns: 25 },
    )
  })

  it.each(SEGMENTATION_ENDINGS)('labels as %s in both conventions', async (ending) => {
    const grid = createAxisAlignedGrid([3, 2, 2], [1, 2, 3], [5, -7, 11])
    const labels = Uint8Array.of(0, 1, 2, 3, 3, 0, 1, 1, 2, 0, 0, 3)
    for (const convention of ['et3', 'et4'] as const) {
      const [main, image] = await writeSegmentation({ labels, grid, convention }, ending)
      const read = await readSegmentation(main.bytes, `x${ending}`, {
        conventionIfAbsent: 'et4',
        companion: () => Promise.resolve(image.bytes),
      })
      expect([...read.labels]).toEqual([...labels])
      expect(read.grid).toEqual(grid)
      if (ending !== '.seg.nrrd') expect(read.convention).toBe(convention)
    }
  })
})

describe('NRRD as other programs write it', () => {
  const header = (...lines: string[]): Uint8Array => text(['NRRD0005', ...lines, '', ''].join('\n'))

  it('reads text, big-endian and 64-bit numbers, and other spaces', async () => {
    const ascii = join(
      header(
        'type: int',
        'dimension: 3',
        'space: RAS',
        'sizes: 2 1 2',
        'encoding: ascii',
        'space directions: (2,0,0) (0,3,0) (0,0,4)',
        'space origin: (1,2,3)',
      ),
      text('1 -2\n300000 4\n'),
    )
    const fromText = await readImage(ascii, 'a.nrrd')
    expect([...fromText.volumes[0].voxels]).toEqual([1, -2, 300000, 4])
    expect(fromText.volumes[0].grid.indexToWorld).toEqual([
      2, 0, 0, 1, 0, 3, 0, 2, 0, 0, 4, 3, 0, 0, 0, 1,
    ])
    const big = join(
      header(
        'type: ushort',
        'dimension: 3',
        'space: left-posterior-superior',
        'sizes: 2 1 1',
        'endian: big',
        'encoding: raw',
        'space directions: (1,0,0) (0,1,0) (0,0,1)',
        'space origin: (10,20,30)',
      ),
      Uint8Array.of(1, 2, 255, 255),
    )
    const { volumes } = await readImage(big, 'b.nrrd')
    expect([...volumes[0].voxels]).toEqual([258, 65535])
    expect(volumes[0].grid.indexToWorld).toEqual([
      -1, 0, 0, -10, 0, -1, 0, -20, 0, 0, 1, 30, 0, 0, 0, 1,
    ])
  })

  it('takes the layers of a segmentation apart and its regions together', async () => {
    // Layer 0: whole tumour; layer 1: enhancing (value 1) inside the core (value 2), interleaved voxel by voxel.
    const file = join(
      header(
        'type: uchar',
        'dimension: 4',
        'space: LPS',
        'sizes: 2 4 1 1',
        'kinds: list domain domain domain',
        'space directions: none (1,0,0) (0,1,0) (0,0,1)',
        'space origin: (0,0,0)',
        'encoding: gzip',
        'Segment0_Name:=Whole tumor',
        'Segment0_LabelValue:=1',
        'Segment0_Layer:=0',
        'Segment1_Name:=Segment_2',
        'Segment1_LabelValue:=1',
        'Segment1_Layer:=1',
        'Segment1_Tags:=TerminologyEntry:list~SCT^49755003^Altered~NCIt^C113842^Enhancing Lesion~^^~a~^^~^^|',
        'Segment2_Name:=tumour core',
        'Segment2_LabelValue:=2',
        'Segment2_Layer:=1',
      ),
      gzipSync(Uint8Array.of(1, 0, 1, 1, 1, 2, 0, 0)),
    )
    const read = await readSegmentation(file, 's.seg.nrrd', { conventionIfAbsent: 'et4' })
    expect([...read.labels]).toEqual([2, 3, 1, 0])
  })

  it('opens no file outside the folder of a header', async () => {
    for (const path of ['../secret', '/etc/passwd', 'a/b.raw', '..', 'C:x']) {
      const file = header(
        'type: uchar',
        'dimension: 3',
        'sizes: 1 1 1',
        'encoding: raw',
        `data file: ${path}`,
      )
      const opened: string[] = []
      const read = readImage(file, 'x.nhdr', (name) => {
        opened.push(name)
        return Promise.resolve(new Uint8Array(1))
      })
      await expect(read).rejects.toMatchObject({ code: 'BAD_FILE' })
      expect(opened).toEqual([])
    }
  })
})

describe('labels by the table of a data set', () => {
  const grid = createAxisAlignedGrid([4, 1, 1], [1, 1, 1])
  it('maps the values of the Decathlon, and refuses a value that the table lacks', async () => {
    const lookup = new Map([
      [1, [2]],
      [2, [1]],
      [3, [3]],
    ])
    const bytes = await writeNifti({
      grid,
      voxels: Uint8Array.of(0, 1, 2, 3),
      voxelType: 'uint8',
      gzip: true,
    })
    const read = await readSegmentation(bytes, 'l.nii.gz', { conventionIfAbsent: 'et4', lookup })
    expect([...read.labels]).toEqual([0, 2, 1, 3])
    const other = await writeNifti({
      grid,
      voxels: Uint8Array.of(0, 9, 2, 3),
      voxelType: 'uint8',
      gzip: true,
    })
    await expect(
      readSegmentation(other, 'l.nii.gz', { conventionIfAbsent: 'et4', lookup }),
    ).rejects.toThrow(/value 9/)
  })
})

describe('readers under attack', () => {
  const grid = createGrid([4, 3, 2], swapRasLps([1, 0, 0, 3, 0, 1, 0, 4, 0, 0, 2, 5, 0, 0, 0, 1]))
  const voxels = new Int16Array(24).fill(300)

  it('refuses mutated NRRD, MetaImage and pair files with a sentence, and never allocates beyond the header’s promise', async () => {
    const meta = await writeMetaImage({ grid, voxels, compressed: true })
    const pair = await writeNiftiPair({ grid, voxels, voxelType: 'int16' })
    const seeds = [
      await writeNrrd({ grid, voxels, encoding: 'gzip' }),
      await writeNrrd({ grid, voxels, encoding: 'raw', keyValues: [['Segment0_Name', 'ET']] }),
      join(meta.header, meta.data),
      pair.header,
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { minLength: 1, maxLength: 10 }),
        fc.option(fc.nat(700)),
        async (seed, mutations, cut) => {
          const bytes = seed.slice(0, cut ?? seed.length)
          for (const [at, value] of mutations) if (at < bytes.length) bytes[at] = value
          const before = process.memoryUsage().arrayBuffers
          try {
            await readSegmentation(bytes, 'fuzz', {
              conventionIfAbsent: 'et4',
              companion: () => Promise.resolve(pair.image),
            })
          } catch (error) {
            if (!(error instanceof GliadeskError)) throw error
            expect(error.code).toBe('BAD_FILE')
          }
          expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 2 ** 20)
        },
      ),
      { numRuns: 1500 },
    )
  }, 20_000)

  it('stops a decompression bomb at what the header promises', async () => {
    const zeros = new Uint8Array(64 * 2 ** 20)
    const nrrd = join(
      text(
        'NRRD0004\ntype: uchar\ndimension: 3\nspace: LPS\nsizes: 2 2 2\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nencoding: gzip\n\n',
      ),
      gzipSync(zeros),
    )
    await expect(readImage(nrrd, 'bomb.nrrd')).rejects.toThrow(/far more data/)
    const mha = join(
      text(
        'ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nCompressedData = True\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n',
      ),
      deflateSync(zeros),
    )
    await expect(readImage(mha, 'bomb.mha')).rejects.toThrow(/far more data/)
    const claim = text(
      'NRRD0004\ntype: double\ndimension: 3\nspace: LPS\nsizes: 600 600 600\nencoding: gzip\n\nx',
    )
    await expect(readImage(claim, 'claim.nrrd')).rejects.toThrow(/can hold/)
  })
})
