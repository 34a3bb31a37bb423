/**
 * `npm run formats [-- FOLDER]`: reads every image under a folder of test data, compares it with golden figures of
 * independent readers and writes the table into docs/formats.md.
 */
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { GliadeskError } from '../src-main/contract/index.ts'
import {
  assembleVolume,
  bytesAsSource,
  readInstance,
  readSegmentationObject,
} from '../src-main/imaging/dicom/index.ts'
import { FORMAT_TITLES, readImage, splitImageName } from '../src-main/imaging/formats/index.ts'
import { createAxisAlignedGrid } from '../src-main/imaging/geometry/index.ts'
import type { Volume } from '../src-main/imaging/volume/index.ts'
import golden from './formatsGolden.json' with { type: 'json' }

interface Golden {
  readonly reader: string
  readonly shape?: readonly number[]
  readonly affine?: readonly number[] | null
  readonly min?: number
  readonly max?: number
  readonly sum?: number
  readonly moment?: number
}
interface Reading {
  readonly what: string
  readonly volume: Volume | null
}

const START = '<!-- table: npm run formats -->'
const END = '<!-- end of table -->'
const root = resolve(process.argv[2] ?? join(import.meta.dirname, '../../shared/data'))
const page = join(import.meta.dirname, '../docs/formats.md')

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const nested = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? filesUnder(path) : [path]
    }),
  )
  return nested.flat().sort()
}

async function read(path: string): Promise<Reading> {
  const bytes = await readFile(path)
  const name = relative(root, path)
  if (!/\.dcm$/i.test(path)) {
    const { volumes, format } = await readImage(bytes, name)
    const [volume] = volumes
    return { what: `${FORMAT_TITLES[format]}, ${volume.grid.dims.join('×')}`, volume }
  }
  const found = await readInstance(bytesAsSource(name, bytes))
  if (found.kind === 'not-dicom') return { what: 'no DICOM file', volume: null }
  if (found.kind === 'other') {
    return (await readSegmentation(name, bytes)) ?? { what: `DICOM, ${found.what}`, volume: null }
  }
  const { frames, pixels } = found.instance
  // Slices as they lie in the file: this table is about voxels; how stacks are built has its own tests.
  const dims = [pixels.columns, pixels.rows, frames.length] as const
  const volume = await assembleVolume({
    slices: frames,
    grid: createAxisAlignedGrid(dims, [1, 1, 1]),
    warnings: [],
  })
  return { what: `DICOM image, ${dims.join('×')}`, volume }
}

/** Stored values of a segmentation's frames, one after the other; null where the file is something else. */
async function readSegmentation(name: string, bytes: Uint8Array): Promise<Reading | null> {
  const object = await readSegmentationObject(bytesAsSource(name, bytes)).catch(() => null)
  if (!object) return null
  const { kind, columns, rows, frames, segments } = object
  const dims = [columns, rows, frames.length] as const
  const voxels = new Uint8Array(columns * rows * frames.length)
  for (let frame = 0; frame < frames.length; frame++) {
    voxels.set(Array.from(await object.readPixels(frame)), frame * columns * rows)
  }
  return {
    what: `DICOM segmentation, ${kind.toLowerCase()}, segments: ${segments.length}, ${dims.join('×')}`,
    volume: { grid: createAxisAlignedGrid(dims, [1, 1, 1]), voxelType: 'uint8', voxels },
  }
}

/** Sum of values, and of values weighted by their place, so that a moved voxel shows. */
function figuresOf({ voxels }: Volume): Required<Pick<Golden, 'min' | 'max' | 'sum' | 'moment'>> {
  const figures = { min: Infinity, max: -Infinity, sum: 0, moment: 0 }
  for (let i = 0; i < voxels.length; i++) {
    const value = voxels[i]
    figures.min = Math.min(figures.min, value)
    figures.max = Math.max(figures.max, value)
    figures.sum += value
    figures.moment += value * ((i + 1) % 9973)
  }
  return figures
}

/** Empty where the reading agrees with the reference. */
function differences(volume: Volume, reference: Golden): string[] {
  const figures = figuresOf(volume)
  const scale = Math.max(1, Math.abs(figures.max), Math.abs(figures.min)) * volume.voxels.length
  const wrong = (['min', 'max', 'sum', 'moment'] as const).filter((name) => {
    const allowed = 1e-6 * scale * (name === 'moment' ? 9973 : 1)
    return !(Math.abs(figures[name] - (reference[name] ?? NaN)) <= allowed)
  })
  const affine = reference.affine ?? null
  const isMoved = affine?.some((value, n) => Math.abs(value - volume.grid.indexToWorld[n]) > 1e-4)
  return isMoved ? [...wrong, 'affine'] : wrong
}

if (!existsSync(root)) {
  console.log(`There is no folder ${root}; docs/formats.md keeps its table.`)
  process.exit(0)
}
const references = golden as Record<string, Golden>
const rows: string[] = []
let wrong = 0
for (const path of await filesUnder(root)) {
  const name = relative(root, path)
  if (!/\.dcm$/i.test(name) && !splitImageName(name) && !name.includes('malformed')) continue
  const start = performance.now()
  let what: string
  let verdict: string
  try {
    const reading = await read(path)
    what = reading.what
    const reference = references[name] as Golden | undefined
    if (!reading.volume) verdict = 'not read as an image'
    else if (reference?.sum === undefined) verdict = 'read; no reference could read it'
    else {
      const different = differences(reading.volume, reference)
      wrong += different.length > 0 ? 1 : 0
      verdict =
        different.length > 0
          ? `**differs from ${reference.reader} in ${different.join(', ')}**`
          : `equal to ${reference.reader}${reference.affine ? ', voxels and affine' : ', voxels'}`
    }
  } catch (error) {
    if (!(error instanceof GliadeskError)) wrong++
    what = error instanceof GliadeskError ? 'refused' : '**failed**'
    verdict =
      error instanceof Error ? error.message.replaceAll(root, '').replaceAll('|', '\\|') : ''
  }
  const milliseconds = performance.now() - start
  rows.push(`| \`${name}\` | ${what} | ${verdict} | ${milliseconds.toFixed(0)} ms |`)
}
const table = ['| file | what it is | result | time |', '| --- | --- | --- | --: |', ...rows]
const text = await readFile(page, 'utf8')
const [before, rest] = text.split(START)
const after = rest.split(END)[1]
await writeFile(page, `${before}${START}\n\n${table.join('\n')}\n\n${END}${after}`)
console.log(`${rows.length} files, ${wrong} not as their reference.`)
process.exit(wrong > 0 ? 1 : 0)
