import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { convolveForward, convolveInputGradient } from './convolution.ts'
import type { ConvolutionGeometry } from './convolutionGeometry.ts'
import { convolveFilterGradient } from './filterGradient.ts'
import { KernelModule } from './kernelModule.ts'
import { compileKernels, KERNEL_BUILDS } from './testing/compileKernels.ts'

describe('compiled kernels', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gliadesk-kernels-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('are current: compiling the sources again gives the committed bytes', async () => {
    const paths = await compileKernels(folder)
    KERNEL_BUILDS.forEach(({ file }, i) => {
      const committed = readFileSync(new URL(`./build/${file}`, import.meta.url))
      expect(
        readFileSync(paths[i]!).equals(committed),
        `${file}: run "npm run build:kernels"`,
      ).toBe(true)
    })
  })
})

const GEOMETRY: ConvolutionGeometry = {
  batch: 2,
  inSize: [9, 20, 17],
  inChannels: 5,
  outSize: [9, 20, 17],
  outChannels: 12,
  taps: [3, 3, 3],
  stride: [1, 1, 1],
  pad: [1, 1, 1],
}

function convolutionBytes(threads: number, relaxedSimd: boolean): Buffer[] {
  const module = new KernelModule({ threads, relaxedSimd })
  const { heap } = module
  const voxels = 2 * 9 * 20 * 17
  const counts = {
    x: voxels * 5,
    filter: 27 * 5 * 12,
    y: voxels * 12,
    dx: voxels * 5,
    dFilter: 27 * 5 * 12,
  }
  const at = Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [name, heap.allocate(count * 4)]),
  ) as Record<keyof typeof counts, number>
  heap.floats(at.x, counts.x).forEach((_, i, all) => (all[i] = Math.sin(i)))
  heap.floats(at.filter, counts.filter).forEach((_, i, all) => (all[i] = Math.cos(i)))
  convolveForward(module, GEOMETRY, at.x, at.filter, at.y)
  convolveInputGradient(module, GEOMETRY, at.y, at.filter, at.dx)
  convolveFilterGradient(module, GEOMETRY, at.x, at.y, at.dFilter)
  const results = (['y', 'dx', 'dFilter'] as const).map((name) =>
    Buffer.from(heap.floats(at[name], counts[name]).slice().buffer),
  )
  void module.close()
  return results
}

describe('KernelModule', () => {
  it.each([true, false])(
    'gives the same bits on 1, 2 and 5 threads (relaxed SIMD: %s)',
    (relaxed) => {
      const single = convolutionBytes(1, relaxed)
      for (const threads of [2, 5]) {
        convolutionBytes(threads, relaxed).forEach((bytes, i) => {
          expect(bytes.equals(single[i]!)).toBe(true)
        })
      }
    },
  )

  it('releases every block it took for a convolution', () => {
    const module = new KernelModule({ threads: 1, relaxedSimd: false })
    const before = module.heap.usedBytes
    const address = module.heap.allocate(4)
    module.heap.release(address)
    convolveSmall(module)
    expect(module.heap.usedBytes).toBe(before)
  })
})

function convolveSmall(module: KernelModule): void {
  const { heap } = module
  const geometry: ConvolutionGeometry = {
    ...GEOMETRY,
    batch: 1,
    inSize: [2, 3, 4],
    outSize: [1, 2, 2],
    stride: [2, 2, 2],
    pad: [0, 0, 0],
  }
  const blocks = [24 * 5, 27 * 60, 4 * 12].map((count) => heap.allocate(count * 4))
  convolveForward(module, geometry, blocks[0]!, blocks[1]!, blocks[2]!)
  convolveInputGradient(module, geometry, blocks[2]!, blocks[1]!, blocks[0]!)
  convolveFilterGradient(module, geometry, blocks[0]!, blocks[2]!, blocks[1]!)
  blocks.forEach((block) => heap.release(block))
}
