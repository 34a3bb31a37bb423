import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GliadeskError } from '../../contract/errors.ts'
import { createAxisAlignedGrid } from '../geometry/index.ts'
import { readNifti, readNiftiHeader } from './readNifti.ts'
import { writeNifti } from './writeNifti.ts'

/** Reads, and lets nothing through but success or BAD_FILE. */
async function readsOrRefuses(bytes: Uint8Array): Promise<void> {
  try {
    const { volume } = await readNifti(bytes, 'fuzz.nii.gz')
    expect(volume.voxels.length).toBe(
      volume.grid.dims[0] * volume.grid.dims[1] * volume.grid.dims[2],
    )
  } catch (error) {
    if (!(error instanceof GliadeskError)) throw error
    expect(error.code).toBe('BAD_FILE')
    expect(error.message).toMatch(/^fuzz\.nii\.gz: /)
    expect(error.remedy).not.toBe('')
  }
}

describe('readNifti under attack', () => {
  const seed = (gzip: boolean, version: 1 | 2) =>
    writeNifti({
      grid: createAxisAlignedGrid([version === 2 ? 40000 : 7, 3, 2], [1, 1, 2]),
      voxels: new Int16Array((version === 2 ? 40000 : 7) * 6).fill(300),
      voxelType: 'int16',
      gzip,
    })

  it.each([
    [false, 1],
    [true, 1],
    [false, 2],
  ] as const)('survives mutated files (gzip %s, version %i)', async (gzip, version) => {
    const original = await seed(gzip, version)
    const reach = Math.min(original.length, 560)
    const mutation = fc.record({ at: fc.nat(reach - 1), value: fc.integer({ min: 0, max: 255 }) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(mutation, { minLength: 1, maxLength: 12 }),
        fc.option(fc.nat(original.length)),
        async (mutations, cut) => {
          const bytes = original.slice(0, cut ?? original.length)
          for (const { at, value } of mutations) if (at < bytes.length) bytes[at] = value
          await readsOrRefuses(bytes)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('survives random bytes, also with the marks of gzip and NIfTI', async () => {
    const prefix = fc.constantFrom(
      [],
      [0x1f, 0x8b],
      [0x1f, 0x8b, 8, 0],
      [92, 1, 0, 0],
      [0, 0, 2, 28],
    )
    await fc.assert(
      fc.asyncProperty(prefix, fc.uint8Array({ maxLength: 700 }), async (start, rest) => {
        await readsOrRefuses(Uint8Array.from([...start, ...rest]))
      }),
      { numRuns: 500 },
    )
  })

  it('allocates no more than four times the file and 16 MiB, and takes under 5 s, whatever the header says', async () => {
    const plain = await seed(false, 1)
    const sizes = fc.array(fc.constantFrom(1, 2, 7, 500, 32767), { minLength: 4, maxLength: 4 })
    const types = fc.constantFrom(2, 4, 16, 64, 512, 1024)
    let slowest = 0
    await fc.assert(
      fc.asyncProperty(sizes, types, fc.boolean(), async (dims, type, isPacked) => {
        const header = plain.slice()
        const view = new DataView(header.buffer)
        view.setInt16(40, dims[3] === 1 ? 3 : 4, true)
        dims.forEach((length, axis) => view.setInt16(42 + 2 * axis, length, true))
        view.setInt16(70, type, true)
        view.setInt16(72, { 2: 8, 4: 16, 16: 32, 64: 64, 512: 16, 1024: 64 }[type] ?? 8, true)
        const bytes = isPacked ? new Uint8Array(gzipSync(header)) : header
        const before = process.memoryUsage().arrayBuffers
        const started = performance.now()
        await readsOrRefuses(bytes)
        slowest = Math.max(slowest, performance.now() - started)
        const allocated = process.memoryUsage().arrayBuffers - before
        expect(allocated).toBeLessThan(4 * bytes.length + 16 * 2 ** 20)
      }),
      { numRuns: 150 },
    )
    expect(slowest).toBeLessThan(5000)
  })

  it('refuses random header bytes at once or parses them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        try {
          readNiftiHeader(bytes, 'x')
        } catch (error) {
          expect(error).toBeInstanceOf(GliadeskError)
        }
      }),
    )
  })
})
