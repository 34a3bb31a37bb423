/**
 * Registration of four sequences on four grids and in four poses against the known truth, mean over the brain. With
 * `--full`, instead, a whole full-resolution case from its files to the files of its preparation, by stage; with `--bias`, what
 * bias correction finds of known fields.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import {
  DEFAULT_PREPARATION,
  SEQUENCES,
  SEQUENCE_TITLES,
  type Sequence,
} from '../src-main/contract/index.ts'
import { IDENTITY_AFFINE, voxelAt } from '../src-main/imaging/geometry/index.ts'
import { writeNifti } from '../src-main/imaging/nifti/index.ts'
import { correctBias } from '../src-main/imaging/preparation/bias/correctBias.ts'
import { registerRigid } from '../src-main/imaging/preparation/registration/registerRigid.ts'
import { correlation } from '../src-main/imaging/preparation/testing/correlation.ts'
import {
  createRawStudy,
  FOUR_GRIDS,
  type Acquisition,
} from '../src-main/imaging/preparation/testing/rawStudy.ts'
import { registrationError } from '../src-main/imaging/preparation/testing/registrationError.ts'
import { randomStream } from '../src-main/imaging/random/randomStream.ts'
import { generateSyntheticCase } from '../src-main/imaging/synthetic/index.ts'
import { createNoiseField } from '../src-main/imaging/synthetic/noiseField.ts'
import {
  prepareCaseFiles,
  type PreparationTask,
} from '../src-main/services/preparation/prepareCaseFiles.ts'

/** As scanners deliver them: a volume of 1 mm, the rest in slices with pixels of half a millimetre. */
const FULL_RESOLUTION: Record<Sequence, Acquisition> = {
  t1ce: FOUR_GRIDS.t1ce,
  t1: { ...FOUR_GRIDS.t1, inPlaneMm: 0.5, sliceMm: 3 },
  t2: { ...FOUR_GRIDS.t2, inPlaneMm: 0.45, sliceMm: 4 },
  flair: { ...FOUR_GRIDS.flair, inPlaneMm: 0.5, sliceMm: 5 },
}

async function prepareWholeCase(): Promise<void> {
  const { sequences, head } = createRawStudy({
    seed: 1,
    dims: [150, 180, 150],
    skull: true,
    acquisitions: FULL_RESOLUTION,
  })
  const folder = await mkdtemp(join(tmpdir(), 'gliadesk-preparation-'))
  try {
    const images: PreparationTask['images'] = {}
    for (const sequence of SEQUENCES) {
      const { grid, voxels } = sequences[sequence]
      const bytes = await writeNifti({ grid, voxels, voxelType: 'int16', gzip: true })
      const path = join(folder, `${sequence}.nii.gz`)
      await writeFile(path, bytes)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      Object.assign(images, { [sequence]: { image: { path, sha256, grid }, path } })
      console.log(`  ${sequence.padEnd(6)} ${grid.dims.join('×')}`)
    }
    const stages = stopwatch()
    const made = await prepareCaseFiles(
      { plan: DEFAULT_PREPARATION, folder: join(folder, 'prepared'), images },
      (_, message) => stages.enter(message),
    )
    stages.enter(null)
    for (const sequence of SEQUENCES.filter((name) => name !== made.reference)) {
      const { meanMm } = registrationError(
        made.sequences[sequence]?.preparedToSource ?? IDENTITY_AFFINE,
        sequences[sequence].referenceToSequence,
        head.brain,
        head.grid,
      )
      console.log(`  ${sequence.padEnd(6)} ${meanMm.toFixed(3)} mm from the truth`)
    }
    console.log(`  prepared to ${made.grid.dims.join('×')}`)
    stages.print()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Seconds that pass, and seconds of processor, between the messages of a preparation; those of one stage are added. */
function stopwatch(): { enter(stage: string | null): void; print(): void } {
  const taken = new Map<string, { wall: number; cpu: number }>()
  let stage: string | null = 'Reading'
  let wall = performance.now()
  let cpu = process.cpuUsage()
  return {
    enter: (next) => {
      const { user, system } = process.cpuUsage(cpu)
      if (stage !== null) {
        const before = taken.get(stage) ?? { wall: 0, cpu: 0 }
        taken.set(stage, {
          wall: before.wall + (performance.now() - wall) / 1000,
          cpu: before.cpu + (user + system) / 1e6,
        })
      }
      stage = next === null ? null : next.replace(/ to T1ce$/, '')
      wall = performance.now()
      cpu = process.cpuUsage()
    },
    print: () => {
      const line = (name: string, of: { wall: number; cpu: number }): void =>
        console.log(
          `  ${name.padEnd(22)} ${of.wall.toFixed(1)} s, processor ${of.cpu.toFixed(1)} s`,
        )
      const sum = (part: (name: string) => boolean): { wall: number; cpu: number } => {
        const all = [...taken].filter(([name]) => part(name)).map(([, of]) => of)
        return {
          wall: all.reduce((seconds, of) => seconds + of.wall, 0),
          cpu: all.reduce((seconds, of) => seconds + of.cpu, 0),
        }
      }
      for (const [name, of] of taken) line(name, of)
      line(
        'registering, together',
        sum((name) => name.startsWith('Registering')),
      )
      line(
        'the whole case',
        sum(() => true),
      )
    },
  }
}

function registerFour(skull: boolean): void {
  const { sequences, head } = createRawStudy({ seed: 1, dims: [112, 128, 112], skull })
  console.log(skull ? 'head with skull' : 'skull-stripped')
  let seconds = 0
  for (const sequence of SEQUENCES.filter((name) => name !== 't1ce')) {
    const moving = sequences[sequence]
    const start = performance.now()
    const { referenceToMoving, before, after } = registerRigid(sequences.t1ce, moving)
    const taken = (performance.now() - start) / 1000
    seconds += taken
    const error = (found: readonly number[]): string =>
      registrationError(found, moving.referenceToSequence, head.brain, head.grid).meanMm.toFixed(3)
    console.log(
      `  ${sequence.padEnd(6)} ${moving.grid.dims.join('×').padEnd(14)} ${error(IDENTITY_AFFINE)} → ${error(referenceToMoving)} mm, NMI ${before.normalised.toFixed(3)} → ${after.normalised.toFixed(3)}, ${taken.toFixed(1)} s`,
    )
  }
  console.log(`  together ${seconds.toFixed(1)} s`)
}

function findFields(seed: number, coil: boolean): void {
  const dims = [76, 88, 78] as const
  const scanner = { bias: 0, noise: 0.5 }
  const { grid, images } = generateSyntheticCase({ seed, index: 0, dims, kappa: 0.5, scanner })
  const mask = Uint8Array.from(images.t1, (value) => (value > 0 ? 1 : 0))
  const smooth = createNoiseField(randomStream(seed, 'coil'), 90)
  const mm = grid.spacingMm[0]
  const truth = Float32Array.from(mask, (_, n) => {
    const [i, j, k] = voxelAt(grid.dims, n)
    if (!coil) return 0.25 * smooth(i * mm, j * mm, k * mm)
    const [x, y, z] = [i / dims[0] - 0.5, j / dims[1] - 0.5, k / dims[2] - 0.5]
    return 0.5 * x - 0.6 * y + 0.7 * z * z - 0.4 * x * y
  })
  const agreement = SEQUENCES.map((sequence) => {
    const noise = randomStream(seed, `n${sequence}`)
    const image = Float32Array.from(images[sequence], (value, n) =>
      mask[n] ? Math.max(0, value * Math.exp(truth[n]) + 8 * noise.normal()) : 0,
    )
    const found = correctBias(image, grid, mask).field.map(Math.log)
    return `${SEQUENCE_TITLES[sequence]} ${correlation(found, truth, mask).toFixed(3)}`
  })
  console.log(`head ${seed}, ${coil ? 'surface coil' : 'random field'}: ${agreement.join(', ')}`)
}

if (process.argv.includes('--bias')) {
  findFields(1, false)
  findFields(2, false)
  findFields(2, true)
  findFields(3, true)
} else if (process.argv.includes('--full')) await prepareWholeCase()
else for (const skull of [true, false]) registerFour(skull)
