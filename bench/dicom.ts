/**
 * Time of importing DICOM: 1,000 slices of 256 × 256 × 16 bit (four sequences of 250 slices, one study), as loose files
 * and as one zip, into a new workspace. Files are made here; medians of several runs, in this process.
 *
 *     node bench/dicom.ts [--json]
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { readInstance, bytesAsSource } from '../src-main/imaging/dicom/index.ts'
import { mrSlice } from '../src-main/imaging/dicom/testing/mrSlices.ts'
import { writeDicom } from '../src-main/imaging/dicom/testing/writeDicom.ts'
import { randomStream } from '../src-main/imaging/index.ts'
import { createChangeFeed } from '../src-main/services/changes/index.ts'
import { createDatasetService } from '../src-main/services/datasets/index.ts'
import { createSettingsService } from '../src-main/services/settings/index.ts'
import { openWorkspace } from '../src-main/storage/index.ts'

const RUNS = 3
const SIDE = 256
const SLICES = 250
const SERIES = ['ax FLAIR', 'ax T1', 'ax T1 Gd', 'ax T2']

const stream = randomStream(1, 'bench/dicom')
const noise = Array.from({ length: 65_536 }, () => Math.abs(Math.round(400 + 80 * stream.normal())))

function makeFiles(): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  SERIES.forEach((description, series) => {
    for (let k = 0; k < SLICES; k++) {
      // A bright disc in noise: compresses about as well as a head.
      const values = noise.map((value, n) => {
        const radius = Math.hypot((n % SIDE) - 128, Math.floor(n / SIDE) - 128)
        return radius < 90 ? value + k + 100 * series : value % 7
      })
      const slice = mrSlice({
        ...{ rows: SIDE, columns: SIDE, positionMm: [-110, -110, k] as const, values },
        ...{ description, seriesNumber: series + 1, seriesUid: `1.2.${series}` },
        instanceNumber: k + 1,
      })
      files.set(`S${series}/IM${String(k).padStart(4, '0')}`, writeDicom(slice))
    }
  })
  return files
}

const scratch = await mkdtemp(join(tmpdir(), 'gliadesk-bench-dicom-'))
const timings: { what: string; seconds: number; best: number }[] = []

async function measure(what: string, run: () => Promise<void>): Promise<void> {
  const seconds: number[] = []
  for (let n = 0; n < RUNS; n++) {
    const start = performance.now()
    await run()
    seconds.push((performance.now() - start) / 1000)
  }
  seconds.sort((left, right) => left - right)
  timings.push({ what, seconds: seconds[Math.floor(RUNS / 2)], best: seconds[0] })
}

let count = 0
async function importInto(path: string): Promise<void> {
  const workspace = await openWorkspace({ path: join(scratch, `workspace-${count++}`) })
  const changes = createChangeFeed()
  const settings = createSettingsService(workspace, changes)
  const datasets = createDatasetService({ workspace, settings, changes })
  for await (const event of datasets.import({ path, name: null }).read()) {
    if (event.type === 'problem') throw new Error(event.problem.message)
    if (event.type === 'done' && event.imported !== 1) throw new Error('Not one case')
  }
  await workspace.close()
}

try {
  const files = makeFiles()
  const folder = join(scratch, 'files')
  for (const series of SERIES.keys()) await mkdir(join(folder, `S${series}`), { recursive: true })
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes)
  await writeFile(join(scratch, 'exam.zip'), zipSync(Object.fromEntries(files), { level: 1 }))
  const one = await readFile(join(folder, 'S0', 'IM0000'))
  await measure('read 1,000 heads from memory', async () => {
    for (let n = 0; n < 1000; n++) await readInstance(bytesAsSource('a', one))
  })
  await measure('import 1,000 files of a folder', () => importInto(folder))
  await measure('import 1,000 files of a zip', () => importInto(join(scratch, 'exam.zip')))
} finally {
  await rm(scratch, { recursive: true, force: true })
}

if (process.argv.includes('--json')) console.log(JSON.stringify(timings))
else {
  for (const { what, seconds, best } of timings) {
    console.log(
      `${what.padEnd(34)} ${seconds.toFixed(2).padStart(7)} s  (best ${best.toFixed(2)} s)`,
    )
  }
}
