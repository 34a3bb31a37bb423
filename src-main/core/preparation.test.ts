import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  DEFAULT_PREPARATION,
  SEQUENCES,
  type PreparationPlan,
  type PreparationRecord,
} from '../contract/index.ts'
import { sameGrid } from '../imaging/geometry/index.ts'
import { readLabelmap } from '../imaging/labelmap/index.ts'
import { readNifti } from '../imaging/nifti/index.ts'
import { resampleLabels } from '../imaging/preparation/index.ts'
import { diceOf } from '../imaging/preparation/testing/diceOf.ts'
import { createRawStudy } from '../imaging/preparation/testing/rawStudy.ts'
import { truthOn, writeRawStudy } from '../services/testing/rawStudyFiles.ts'
import type { Application } from './openApplication.ts'
import { importAll, openTestApplication, temporaryFolder } from './testing/testApplication.ts'

const plan: PreparationPlan = {
  ...DEFAULT_PREPARATION,
  resample: { spacingMm: 4 },
  brainExtraction: null,
}
const study = createRawStudy({ seed: 6, dims: [36, 42, 36], skull: true, coarsen: 4 })
const { head } = study
const pathOf = (suffix: string): string => join(folder.path, 'data', 'Raw', `Raw_${suffix}.nii.gz`)

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let application: Application
let caseId: string

async function prepare(wanted = plan): Promise<PreparationRecord> {
  const seen: number[] = []
  for await (const event of await application.client.preparation.run({ caseId, plan: wanted })) {
    if (event.type === 'done') return event.record
    seen.push(event.share)
  }
  throw new Error(`ended after ${seen.length} events without a result`)
}

beforeAll(async () => {
  folder = await temporaryFolder('preparation')
  // Drawn on FLAIR, whose grid no other sequence has.
  await writeRawStudy(join(folder.path, 'data'), 'Raw', study, 'flair')
  application = await openTestApplication(join(folder.path, 'workspace'), {})
  await importAll(application, join(folder.path, 'data'))
  const [found] = await application.client.cases.list({ datasetId: null })
  caseId = found.id
})
afterAll(async () => {
  await application.close()
  await folder.remove()
})

describe('preparing a raw case', () => {
  it('is asked for at import, which keeps every sequence', async () => {
    const found = await application.client.cases.get({ caseId })
    expect(found.needsPreparation).toBe(true)
    expect(found.sequences).toHaveLength(1)
    expect(found.warnings.join(' ')).toContain('needs preparation')
    const status = await application.client.preparation.status({ caseId })
    expect(Object.keys(status.originals)).toEqual([...SEQUENCES])
    expect(status).toMatchObject({ needed: true, reference: 't1ce', blocked: null, applied: null })
    expect(status.originals.t1ce?.difference).toBeNull()
    expect(status.originals.flair?.difference).toContain('FLAIR and T1ce')
  })

  it('gives a preview that can be discarded, and the same bytes when asked again', async () => {
    const { client } = application
    const headersBelieved = { ...plan, register: false }
    const first = await prepare(headersBelieved)
    expect(first.state).toBe('preview')
    const record = await prepare(headersBelieved)
    expect(record.sequences).toEqual(first.sequences)
    await client.preparation.discard({ preparationId: record.id })
    expect((await client.preparation.status({ caseId })).preview).toBeNull()
  })

  it('ends when its reader leaves', async () => {
    const leaving = new AbortController()
    const run = await application.client.preparation.run(
      { caseId, plan },
      { signal: leaving.signal },
    )
    for await (const event of run) {
      if (event.type === 'progress' && event.share > 0) leaving.abort()
    }
    expect((await application.client.preparation.status({ caseId })).preview).toBeNull()
  })

  it('shows the four before and after, makes one grid of them, carries the label over and back onto every original grid', async () => {
    const { client, services } = application
    const record = await prepare()
    expect((await client.cases.get({ caseId })).sequences).toHaveLength(1)
    const shownAt = (stage: 'before' | 'after') =>
      client.preparation.volume({ preparationId: record.id, sequence: 't2', stage })
    const [before, after] = [await shownAt('before'), await shownAt('after')]
    expect(sameGrid(before.grid, record.grid)).toBe(true)
    expect(before.sha256).not.toBe(after.sha256)

    await client.labels.open({ caseId })
    await client.preparation.apply({ preparationId: record.id })

    const found = await client.cases.get({ caseId })
    expect(found.sequences).toEqual([...SEQUENCES])
    expect(found.needsPreparation).toBe(false)
    expect(found.warnings.join(' ')).not.toContain('needs preparation')
    for (const sequence of SEQUENCES) {
      expect(sameGrid(found.images[sequence]?.grid ?? head.grid, record.grid)).toBe(true)
      const shown = await client.cases.volume({ caseId, source: { kind: 'sequence', sequence } })
      expect(shown.grid.dims).toEqual(record.grid.dims)
    }
    const session = await client.labels.open({ caseId })
    expect(session.volume.grid.dims).toEqual(record.grid.dims)
    expect(found.versions).toHaveLength(1)
    const drawn = await readLabelmap(
      await readFile((await services.volumes.findData(found.versions[0].objectSha256)) ?? ''),
      'carried',
    )
    const truth = resampleLabels(
      { grid: head.grid, labels: head.labels },
      record.grid,
      [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    )
    // It was drawn on slices 20 mm thick.
    expect(diceOf(drawn.labels, truth)).toBeGreaterThan(0.7)

    for (const sequence of SEQUENCES) {
      const { path } = await client.preparation.exportVersion({
        caseId,
        versionId: found.versions[0].id,
        sequence,
        path: join(folder.path, `back_${sequence}.nii.gz`),
      })
      const back = await readLabelmap(await readFile(path), sequence)
      const original = await readNifti(await readFile(pathOf(sequence)), sequence)
      expect(back.grid).toEqual(original.volume.grid)
      expect(back.header.description).toBe(sequence)
      expect(diceOf(back.labels, truthOn(study, sequence)), sequence).toBeGreaterThan(0.7)
    }
    const made = await client.cases.provenance({ caseId })
    expect(made.filter(({ operation }) => operation === 'prepare a raw sequence')).toHaveLength(4)
  })

  it('survives importing the folder again', async () => {
    await importAll(application, join(folder.path, 'data'))
    const found = await application.client.cases.get({ caseId })
    expect(found.sequences).toHaveLength(4)
    const { applied, originals } = await application.client.preparation.status({ caseId })
    expect(applied?.state).toBe('applied')
    expect(originals.flair?.image.path).toBe(pathOf('flair'))
  })

  it('is refused once a reader has saved a label', async () => {
    const { client } = application
    const { cursor } = await client.labels.open({ caseId })
    await client.labels.saveVersion({ caseId, cursor, note: '' })
    await expect(prepare()).rejects.toThrow('A reader saved labels')
  })
})
