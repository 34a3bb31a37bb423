import { existsSync, readFileSync } from 'node:fs'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import type { CoreProcess } from '../src-main/core/testing/coreProcess.ts'
import { deltaToBase64, diffLabels } from '../src-main/imaging/index.ts'
import { installViewerProbe, type InputTiming, type ViewerProbe } from './viewerProbe.ts'

const STEP_PIXELS = 50
/** Of the brush below; the largest that readers commonly take. */
const BRUSH_MM = 20

/** The moments of one opening of a case, milliseconds since navigation began. */
export type Opening = Pick<ViewerProbe, 'firstSliceMs' | 'allSequencesMs' | 'caseReadyMs'>

/** Opens a case in a new tab and waits until every sequence is drawn and the labelmap can be edited. */
export async function openCase(
  context: BrowserContext,
  url: string,
): Promise<{ page: Page; opening: Opening }> {
  const page = await context.newPage()
  await page.addInitScript(installViewerProbe)
  await page.goto(url)
  await page.waitForSelector('[data-testid=case][data-ready=true]', { timeout: 120_000 })
  await page.waitForFunction(() => globalThis.viewerProbe.allSequencesMs !== null)
  const opening = await page.evaluate(() => {
    const { firstSliceMs, allSequencesMs, caseReadyMs } = globalThis.viewerProbe
    return { firstSliceMs, allSequencesMs, caseReadyMs }
  })
  return { page, opening }
}

async function middleOfFirstPane(page: Page): Promise<{ x: number; y: number }> {
  const box = await page.locator('.pane').first().boundingBox()
  if (!box) throw new Error('The page shows no image.')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** Does one input and waits until the probe saw its picture. */
async function timed(
  page: Page,
  kind: 'wheel' | 'pointermove',
  act: () => Promise<void>,
): Promise<InputTiming> {
  const count = await page.evaluate((name) => {
    globalThis.viewerProbe.expect(name)
    return globalThis.viewerProbe.timings.length
  }, kind)
  await act()
  await page.waitForFunction((before) => globalThis.viewerProbe.timings.length > before, count)
  return page.evaluate((at) => globalThis.viewerProbe.timings[at], count)
}

/** Scrolls all images one slice at a time, to and fro; the next notch follows when the last one is drawn. */
export async function measureScrolling(page: Page, slices: number): Promise<InputTiming[]> {
  const { x, y } = await middleOfFirstPane(page)
  await page.mouse.move(x, y)
  const timings: InputTiming[] = []
  for (let n = 0; n < slices; n++) {
    const step = n < slices / 2 ? -STEP_PIXELS : STEP_PIXELS
    timings.push(await timed(page, 'wheel', () => page.mouse.wheel(0, step)))
  }
  return timings
}

/** Takes the brush, class ET, its diameter and shape. */
async function chooseBrush(page: Page, shape: 'Circle' | 'Sphere'): Promise<void> {
  await page.locator('.pane').first().focus()
  await page.keyboard.press('p')
  await page.keyboard.press('3')
  const size = page.getByTestId('brush-size')
  const wanted = `${BRUSH_MM} mm`
  for (let n = 0; n < 20 && !(await size.innerText()).includes(wanted); n++) {
    await page.keyboard.press(']')
  }
  await size.click()
  await page.getByRole('radio', { name: shape }).click()
  await size.click()
}

export interface BrushTimings {
  /** Of every pointer event of the strokes. */
  readonly moves: InputTiming[]
  /** From the end of each stroke to its confirmation that it is in the journal, on disk. */
  readonly keptMs: number[]
}

/**
 * Paints strokes of ten pointer events each over one image; every event waits for the picture of the last.
 *
 * @throws Error where a stroke changes no voxel, so that an idle brush is never measured
 */
export async function measureBrush(
  page: Page,
  shape: 'Circle' | 'Sphere',
  strokes: number,
): Promise<BrushTimings> {
  await chooseBrush(page, shape)
  const middle = await middleOfFirstPane(page)
  const caseRoot = page.getByTestId('case')
  const moves: InputTiming[] = []
  const keptMs: number[] = []
  for (let stroke = 0; stroke < strokes; stroke++) {
    const y = middle.y - 60 + 24 * stroke
    let x = middle.x - 60
    const before = await caseRoot.getAttribute('data-label-hash')
    await page.mouse.move(x, y)
    await page.mouse.down()
    for (let n = 0; n < 10; n++) {
      x += 9
      moves.push(await timed(page, 'pointermove', () => page.mouse.move(x, y)))
    }
    keptMs.push(await endStroke(page))
    if ((await caseRoot.getAttribute('data-label-hash')) === before) {
      throw new Error('The stroke changed no voxel.')
    }
  }
  return { moves, keptMs }
}

async function endStroke(page: Page): Promise<number> {
  // Listening is confirmed before the button is let go: input overtakes scripts on its way into the page.
  await page.evaluate(() => {
    globalThis.viewerProbe.strokeKeptMs = new Promise((resolve) => {
      const root = document.querySelector<HTMLElement>('[data-testid=case]')
      const isPending = (): boolean => Number(root?.dataset['pending']) > 0
      let end: number | null = null
      const settle = (): void => {
        if (end === null || isPending()) return
        observer.disconnect()
        resolve(performance.now() - end)
      }
      const observer = new MutationObserver(settle)
      if (root) observer.observe(root, { attributes: true, attributeFilter: ['data-pending'] })
      window.addEventListener(
        'pointerup',
        (event) => {
          // After the page's own handlers, which queue the record, and the rendering that shows it as pending.
          requestAnimationFrame(() =>
            requestAnimationFrame(() => {
              end ??= event.timeStamp
              settle()
            }),
          )
        },
        { capture: true, once: true },
      )
    })
  })
  await page.mouse.up()
  return page.evaluate(() => globalThis.viewerProbe.strokeKeptMs)
}

/** Round trips of `labels.append` over HTTP, journal record on disk included, without a browser; milliseconds. */
export async function measureAppends(
  { client, origin, cookie }: CoreProcess,
  caseId: string,
  count: number,
): Promise<number[]> {
  const session = await client.labels.open({ caseId })
  const stored = await fetch(`${origin}/data/${session.volume.sha256}`, {
    headers: { cookie, origin },
  })
  let labels = new Uint8Array(await stored.arrayBuffer())
  let { cursor } = session
  const times: number[] = []
  for (let n = 0; n < count; n++) {
    const next = labels.slice()
    // A stroke of some 300 voxels in a row of rows.
    const from = Math.floor(labels.length / 2) + n * 240
    for (let i = 0; i < 300; i++) next[from + i] = next[from + i] === 3 ? 2 : 3
    const delta = deltaToBase64(diffLabels(labels, next))
    const started = performance.now()
    const result = await client.labels.append({ caseId, cursor, title: 'Brush ET', delta })
    times.push(performance.now() - started)
    cursor = result.cursor
    labels = next
  }
  return times
}

export interface PageMemory {
  /** JavaScript objects, without the voxels. */
  readonly heapMib: number
  /** Resident memory of the page's process and of the one that draws; null where the system does not tell. */
  readonly rendererMib: number | null
  readonly graphicsMib: number | null
}

/** Memory of an open page, after a collection of garbage. */
export async function measureMemory(browser: Browser, page: Page): Promise<PageMemory> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0
  const system = await browser.newBrowserCDPSession()
  const { processInfo } = await system.send('SystemInfo.getProcessInfo')
  const residentMib = (type: string): number | null => {
    const found = processInfo.filter((each) => each.type === type).map(({ id }) => residentOf(id))
    return found.length === 0 || found.includes(null) ? null : Math.max(...found.map(Number))
  }
  return {
    heapMib: heap / 2 ** 20,
    rendererMib: residentMib('renderer'),
    graphicsMib: residentMib('GPU'),
  }
}

function residentOf(processId: number): number | null {
  const path = `/proc/${processId}/status`
  const found = existsSync(path) ? /VmRSS:\s+(\d+)/.exec(readFileSync(path, 'utf8')) : null
  return found ? Number(found[1]) / 1024 : null
}
