/**
 * The viewer on a 240 × 240 × 155 case of four sequences, in headless Chromium, through the program in serve mode: time to
 * the first slice, scrolling, brush, journal, memory.
 *
 *     node bench/viewer.ts [--json]
 *
 * No other program shows the same page, so the yardstick is the display's frame, 16.7 ms. Headless Chromium draws WebGL on
 * the processor (SwiftShader): a desktop with a graphics card is faster.
 */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { HEADLESS_FLAGS, findBrowser } from '../scripts/findBrowser.ts'
import { startCoreProcess } from '../src-main/core/testing/coreProcess.ts'
import { makeBenchCohort } from './benchCohort.ts'
import { median } from './engineBenchPlan.ts'
import {
  measureAppends,
  measureBrush,
  measureMemory,
  measureScrolling,
  openCase,
  type Opening,
} from './viewerMeasurements.ts'
import type { InputTiming } from './viewerProbe.ts'

const FRAME_MS = 1000 / 60
const REOPENINGS = 4
const SCROLLED_SLICES = 60
const STROKES = 4
const APPENDS = 20

interface Row {
  readonly what: string
  readonly unit: 'ms' | 'MiB'
  readonly p50: number
  readonly p95: number | null
  /** p50 in frames of a 60 Hz display, where the reader waits for a picture. */
  readonly frames: number | null
}
const rows: Row[] = []
const add = (what: string, values: readonly number[], perFrame = false): void => {
  const sorted = [...values].sort((a, b) => a - b)
  const p50 = median(values)
  // A tail needs more than a handful of values.
  const p95 = values.length < 10 ? null : sorted[Math.ceil(0.95 * values.length) - 1]
  rows.push({ what, unit: 'ms', p50, p95, frames: perFrame ? p50 / FRAME_MS : null })
}
/** From the event's arrival in the page to the last drawing call, without the wait for the browser before it. */
const ownMs = ({ begunMs, drawnMs }: InputTiming): number => drawnMs - begunMs
const addMemory = (what: string, mib: number | null): void => {
  if (mib !== null) rows.push({ what, unit: 'MiB', p50: mib, p95: null, frames: null })
}

/** Says on standard error what is being measured: the section takes a minute. */
const tell = (what: string): void => void process.stderr.write(`measuring ${what} …\n`)
const json = process.argv.includes('--json')
const executablePath = findBrowser()
if (executablePath === null) {
  const absent = 'No Chromium here (GLIADESK_BROWSER names one), so the viewer is left out.'
  console.log(json ? JSON.stringify({ absent }) : absent)
  process.exit(0)
}
const project = join(import.meta.dirname, '..')
const built = spawnSync(process.execPath, [join('scripts', 'buildRenderer.ts')], { cwd: project })
if (built.status !== 0) throw new Error(`The page cannot be built: ${built.stderr.toString()}`)

const cohort = await makeBenchCohort()
const core = await startCoreProcess(join(cohort.scratch, 'workspace'))
const browser = await chromium.launch({
  executablePath,
  args: HEADLESS_FLAGS,
})
try {
  for await (const event of await core.client.datasets.import({
    path: cohort.folder,
    name: null,
  })) {
    if (event.type === 'problem') throw new Error(event.problem.message)
  }
  const [{ id: caseId }] = await core.client.cases.list({ datasetId: null })
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const [name, value] = core.cookie.split('=')
  await context.addCookies([{ name, value, url: core.origin }])
  const url = `${core.origin}/case/${caseId}`

  // The first opening after an import unpacks the images; later ones find them unpacked.
  tell('the first opening')
  let { page, opening } = await openCase(context, url)
  const first: Opening = opening
  const later: Opening[] = []
  for (let n = 0; n < REOPENINGS; n++) {
    tell(`opening ${n + 2}`)
    await page.close()
    ;({ page, opening } = await openCase(context, url))
    later.push(opening)
  }
  const moments = (key: keyof Opening): number[] => later.map((each) => each[key] ?? Number.NaN)
  add('first opening: first slice drawn', [first.firstSliceMs ?? Number.NaN])
  add('first opening: all four sequences drawn', [first.allSequencesMs ?? Number.NaN])
  add('opening again: first slice drawn', moments('firstSliceMs'))
  add('opening again: all four sequences drawn', moments('allSequencesMs'))
  add('opening again: labelmap editable too', moments('caseReadyMs'))

  tell('scrolling')
  const scrolled = await measureScrolling(page, SCROLLED_SLICES)
  add(
    'scroll by a slice: wheel → all four images drawn',
    scrolled.map(({ drawnMs }) => drawnMs),
    true,
  )
  add("  of it the page's own work", scrolled.map(ownMs), true)
  for (const shape of ['Circle', 'Sphere'] as const) {
    tell(`the ${shape.toLowerCase()} brush`)
    const { moves, keptMs } = await measureBrush(page, shape, STROKES)
    const title = `${shape.toLowerCase()} brush 20 mm`
    add(
      `${title}: pointer event → labelmap changed`,
      moves.map(({ handledMs }) => handledMs),
      true,
    )
    add(
      `${title}: pointer event → drawn in all four images`,
      moves.map(({ drawnMs }) => drawnMs),
      true,
    )
    add("  of it the page's own work", moves.map(ownMs), true)
    add(`${title}: end of stroke → in the journal on disk`, keptMs)
  }
  const { heapMib, rendererMib, graphicsMib } = await measureMemory(browser, page)
  addMemory('JavaScript heap of the page, without voxels', heapMib)
  addMemory("the page's process, resident", rendererMib)
  addMemory('the drawing process, resident (textures are in RAM here)', graphicsMib)
  await context.close()
  add(
    'labels.append over HTTP, journal record on disk',
    await measureAppends(core, caseId, APPENDS),
  )
} finally {
  await browser.close()
  core.child.ref()
  core.child.kill('SIGTERM')
  await once(core.child, 'exit')
  await cohort.remove()
}

if (json) console.log(JSON.stringify({ rows }))
else {
  console.log('Viewer, 240×240×155, four sequences, 1440×900, headless Chromium with SwiftShader')
  console.log(`${' '.repeat(56)}    p50      p95      p50 against a frame of 16.7 ms`)
  for (const { what, unit, p50, p95, frames } of rows) {
    const tail = p95 === null ? '' : p95.toFixed(1)
    const against = frames === null ? '' : `${frames.toFixed(2)}×`
    console.log(
      `${what.padEnd(56)}${p50.toFixed(1).padStart(8)} ${tail.padStart(8)} ${unit.padEnd(4)} ${against}`,
    )
  }
}
process.exit(0)
