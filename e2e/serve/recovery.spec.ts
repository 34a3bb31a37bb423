import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LabelTally } from '../../src-renderer/editing/labelTally.ts'
import type { Job, JobEvent } from '../../src-main/contract/index.ts'
import { startCoreProcess, type CoreProcess } from '../../src-main/core/testing/coreProcess.ts'
import { synthesizeCohort } from '../../src-main/services/datasets/index.ts'
import { clientOf } from '../fixtures/clientOf.ts'
import { startCore } from '../fixtures/startCore.ts'
import { expect, test } from '../fixtures/test.ts'
import { CasePage } from '../pages/casePage.ts'
import { WorklistPage } from '../pages/worklistPage.ts'

const DIMS = [64, 64, 48] as const
const STROKES = 6
/** Checkpoints come every 25 steps. */
const STEPS = 30
const KILLED_AFTER = 27

test('a core killed in the middle of painting loses no acknowledged stroke, and the page says what came back', async ({
  page,
  scratch,
  workspace,
}) => {
  const cohort = join(scratch, 'cohort')
  await synthesizeCohort({ folder: cohort, caseCount: 1, dims: DIMS, seed: 11, kappa: 0.5 })
  const first = await startCore(workspace, { demo: false })
  const worklist = new WorklistPage(page)
  const review = new CasePage(page)
  await page.goto(first.address)
  await worklist.importFolder(cohort)
  await worklist.showCases.click()
  await worklist.table.getByRole('link').first().click()
  await expect(review.root).toHaveAttribute('data-ready', 'true')
  await review.tool('Brush').click()
  await review.paintClass('NCR').click()

  /** The label after every stroke that the core has acknowledged, by their number. */
  const acknowledged = new Map<number, string>()
  for (let stroke = 1; stroke <= STROKES; stroke++) {
    const y = 0.25 + 0.07 * stroke
    await review.drag('flair', { from: [0.3, y], to: [0.7, y] })
    await expect(review.root).toHaveAttribute('data-history', String(stroke))
    await expect(review.root).toHaveAttribute('data-pending', '0')
    acknowledged.set(stroke, await review.state('label-hash'))
  }
  expect(new Set(acknowledged.values()).size).toBe(STROKES)

  // The core dies with the mouse button down and another stroke half drawn.
  const box = await review.pane('flair').boundingBox()
  if (!box) throw new Error('The FLAIR pane is not on screen.')
  await page.mouse.move(box.x + 0.3 * box.width, box.y + 0.75 * box.height)
  await page.mouse.down()
  await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.75 * box.height, { steps: 4 })
  await first.kill()
  await page.mouse.up()
  await expect(page.getByText('Connection to the core lost').first()).toBeVisible()

  const second = await startCore(workspace, { demo: false })
  try {
    await page.goto(second.address)
    await worklist.table.getByRole('link').first().click()
    await expect(review.root).toHaveAttribute('data-ready', 'true')
    await expect(review.recovered).toContainText(`${STROKES} edits were recovered`)
    await expect(review.root).toHaveAttribute('data-history', String(STROKES))
    await expect(review.root).toHaveAttribute(
      'data-label-hash',
      acknowledged.get(STROKES) ?? 'none',
    )
    const { api, data } = await clientOf(page)
    const caseId = (await review.root.getAttribute('data-case')) ?? ''
    const { volume } = await api.labels.open({ caseId })
    expect(LabelTally.of(await data(volume.sha256)).fingerprint).toBe(acknowledged.get(STROKES))

    // Undo works across the crash, stroke by stroke.
    await review.undo.click()
    await expect(review.root).toHaveAttribute(
      'data-label-hash',
      acknowledged.get(STROKES - 1) ?? 'none',
    )
  } finally {
    await second.stop()
  }
})

const ended = (job: Job): boolean => job.state === 'done' || job.state === 'failed'

async function train({ client }: CoreProcess): Promise<Job> {
  const [dataset] = await client.datasets.list({})
  return client.jobs.train({
    name: 'Student',
    datasetId: dataset.id,
    recipeId: 'unet-compact',
    sequences: ['flair'],
    role: 'student',
    steps: STEPS,
    seed: 3,
    backend: 'wasm',
  })
}

async function follow(
  { client }: CoreProcess,
  jobId: string,
  until: (job: Job) => boolean,
): Promise<Job> {
  for await (const job of await client.jobs.watch({ jobId })) if (until(job)) return job
  return client.jobs.get({ jobId })
}

/** The process that computes a job, as the workspace knows it. */
function engineOf(workspace: string, jobId: string): number {
  const database = new DatabaseSync(join(workspace, 'workspace.db'), { readOnly: true })
  const row = database.prepare('SELECT process_id FROM jobs WHERE id = ?').get(jobId)
  database.close()
  return Number(row?.['process_id'])
}

/** What a run computed, step by step, without what depends on the machine's speed. */
async function curveOf(workspace: string, jobId: string): Promise<JobEvent[]> {
  const curve: JobEvent[] = []
  const text = await readFile(join(workspace, 'jobs', jobId, 'events.jsonl'), 'utf8')
  for (const line of text.trimEnd().split('\n')) {
    const event = JSON.parse(line) as JobEvent
    if (event.type === 'step') {
      curve.push({ ...event, secondsPerStep: 0, secondsWaiting: 0 })
    }
    if (event.type === 'validation') curve.push(event)
  }
  return curve
}

test('an engine killed in the middle of training goes on to the same curve', async ({
  scratch,
  workspace,
}) => {
  const cohort = join(scratch, 'cohort')
  await synthesizeCohort({ folder: cohort, caseCount: 5, dims: DIMS, seed: 12, kappa: 0.5 })
  const core = await startCoreProcess(workspace)
  try {
    for await (const event of await core.client.datasets.import({ path: cohort, name: null })) {
      void event
    }
    const whole = await train(core)
    expect(await follow(core, whole.id, ended)).toMatchObject({ state: 'done', error: null })

    const broken = await train(core)
    await follow(core, broken.id, ({ progress }) => (progress?.done ?? 0) >= KILLED_AFTER)
    process.kill(engineOf(workspace, broken.id), 'SIGKILL')
    const stopped = await follow(core, broken.id, ended)
    expect(stopped).toMatchObject({ state: 'failed', resultModelId: null })
    expect(stopped.error?.remedy).toMatch(/resume/i)
    expect((await curveOf(workspace, broken.id)).length).toBeGreaterThan(0)
    await core.client.jobs.resume({ jobId: broken.id })
    expect(await follow(core, broken.id, ended)).toMatchObject({ state: 'done', error: null })

    const manifest = join(workspace, 'jobs', broken.id, 'manifest.json')
    expect(await readFile(manifest, 'utf8')).toMatch(/"resumeFrom": *"[^"]*last\.safetensors"/)
    const curve = await curveOf(workspace, whole.id)
    expect(curve.filter(({ type }) => type === 'step')).toHaveLength(STEPS)
    expect(curve.filter(({ type }) => type === 'validation').length).toBeGreaterThan(1)
    expect(await curveOf(workspace, broken.id)).toEqual(curve)
  } finally {
    await core.kill()
  }
})
