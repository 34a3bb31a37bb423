import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEFAULT_PREPARATION, type PreparationPlan, type VolumeGrid } from '../contract/index.ts'
import { IDENTITY_AFFINE, indexToWorld, invertAffine } from '../imaging/geometry/index.ts'
import { deltaToBase64, diffLabels, readLabelmap } from '../imaging/labelmap/index.ts'
import { resampleLabels } from '../imaging/preparation/index.ts'
import { diceOf } from '../imaging/preparation/testing/diceOf.ts'
import { createRawStudy } from '../imaging/preparation/testing/rawStudy.ts'
import { writeFiles } from '../services/testing/dicomStudy.ts'
import { rawSeriesFiles } from '../services/testing/rawStudyFiles.ts'
import type { Application } from './openApplication.ts'
import { importAll, openTestApplication, temporaryFolder } from './testing/testApplication.ts'

const SERIES = ['flair', 't1ce', 't2'] as const
const plan: PreparationPlan = {
  ...DEFAULT_PREPARATION,
  resample: { spacingMm: 4 },
  brainExtraction: null,
}
const study = createRawStudy({ seed: 6, dims: [36, 42, 36], skull: true, coarsen: 4 })

const middleOf = (grid: VolumeGrid): number[] =>
  indexToWorld(grid, [(grid.dims[0] - 1) / 2, (grid.dims[1] - 1) / 2, (grid.dims[2] - 1) / 2])

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let application: Application
beforeAll(async () => {
  folder = await temporaryFolder('preparation-dicom')
  await writeFiles(join(folder.path, 'study'), rawSeriesFiles(study, SERIES))
  application = await openTestApplication(join(folder.path, 'workspace'), {})
  await importAll(application, join(folder.path, 'study'))
})
afterAll(async () => {
  await application.close()
  await folder.remove()
})

it('takes a DICOM study on three grids to a drawn label on the grid of each series', async () => {
  const { client } = application
  const [{ id: caseId }] = await client.cases.list({ datasetId: null })
  const series = await client.cases.series({ caseId })
  expect(series.map(({ state }) => state).sort()).toEqual(['off-grid', 'off-grid', 'used'])
  const { originals, needed } = await client.preparation.status({ caseId })
  expect(needed).toBe(true)
  expect(Object.keys(originals).sort()).toEqual([...SERIES])

  let preparationId = ''
  for await (const event of await client.preparation.run({ caseId, plan })) {
    if (event.type === 'done') preparationId = event.record.id
  }
  const { grid } = await client.preparation.apply({ preparationId })
  expect((await client.cases.get({ caseId })).sequences).toEqual([...SERIES])

  const { head } = study
  const drawn = resampleLabels({ grid: head.grid, labels: head.labels }, grid, [...IDENTITY_AFFINE])
  const { cursor } = await client.labels.open({ caseId })
  const delta = deltaToBase64(diffLabels(new Uint8Array(drawn.length), drawn))
  const edited = await client.labels.append({ caseId, cursor, title: 'Brush', delta })
  const version = await client.labels.saveVersion({ caseId, cursor: edited.cursor, note: '' })

  for (const sequence of SERIES) {
    const { path } = await client.preparation.exportVersion({
      caseId,
      versionId: version.id,
      sequence,
      path: join(folder.path, `${sequence}.nii.gz`),
    })
    const back = await readLabelmap(await readFile(path), sequence)
    // The series' grid, which is the study's, its slices perhaps counted from the other end.
    const taken = series.find((each) => each.sequence === sequence)?.grid
    expect(back.grid.dims).toEqual(taken?.dims)
    back.grid.indexToWorld.forEach((value, n) =>
      expect(value).toBeCloseTo(taken?.indexToWorld[n] ?? NaN, 4),
    )
    const { grid: own, referenceToSequence } = study.sequences[sequence]
    middleOf(back.grid).forEach((mm, axis) => expect(mm).toBeCloseTo(middleOf(own)[axis], 4))
    const truth = resampleLabels(
      { grid: head.grid, labels: head.labels },
      back.grid,
      invertAffine(referenceToSequence),
    )
    expect(diceOf(back.labels, truth), sequence).toBeGreaterThan(0.8)
  }
})
