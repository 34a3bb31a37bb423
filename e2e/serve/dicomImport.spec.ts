import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { seriesFiles, studyFiles, writeFiles } from '../../src-main/services/testing/dicomStudy.ts'
import { keepPicture } from '../fixtures/keepPicture.ts'
import { SHARED_DATA } from '../fixtures/sharedStudy.ts'
import { expect, test } from '../fixtures/test.ts'
import { CasePage } from '../pages/casePage.ts'
import { WorklistPage } from '../pages/worklistPage.ts'

const BRAIN = join(SHARED_DATA, 'dicom', 'series-brain-fse-pd')

test('makes a case of a DICOM study and lets the reader say what a series is', async ({
  page,
  emptyCore,
  scratch,
}) => {
  const folder = join(scratch, 'export')
  await writeFiles(folder, studyFiles('DICOM/ST1'))
  await writeFiles(folder, seriesFiles('LOC', { seriesUid: '1.2.90', description: 'localizer' }))
  const worklist = new WorklistPage(page)
  await page.goto(emptyCore.address)
  await worklist.importFolder(folder)
  await expect(worklist.summary).toContainText('1 case imported')
  await expect(worklist.problems).toHaveCount(0)
  const notes = worklist.importDialog.getByRole('region', { name: 'Left out, as expected' })
  await expect(notes).toContainText('localizer')
  await keepPicture(page, 'dicom-import')
  await worklist.showCases.click()
  await worklist.table.getByRole('link', { name: /^Patient [0-9a-f]{6}, 2024-05-02$/ }).click()

  const opened = new CasePage(page)
  await expect(opened.root).toHaveAttribute('data-ready', 'true')
  await opened.tab('Case').click()
  const series = opened.root.getByRole('region', { name: 'Series' })
  await expect(series.getByRole('listitem')).toHaveCount(4)
  await series.getByRole('combobox', { name: /2: ax T1 se is$/ }).click()
  await page.getByRole('option', { name: 'Not used' }).click()
  await expect(opened.pane('t1')).toHaveCount(0)
  await expect(opened.pane('t2')).toBeVisible()
})

test('shows an oblique series of a scanner where its headers put it', async ({
  page,
  emptyCore,
}) => {
  test.skip(!existsSync(BRAIN), '../shared/data is absent')
  const worklist = new WorklistPage(page)
  await page.goto(emptyCore.address)
  await worklist.importFolder(BRAIN)
  await expect(worklist.summary).toContainText('1 case imported')
  await worklist.showCases.click()
  await worklist.table.getByRole('link', { name: /^Patient .*, 2001-03-16$/ }).click()

  const opened = new CasePage(page)
  await expect(opened.root).toHaveAttribute('data-ready', 'true')
  await opened.tab('Case').click()
  await expect(opened.root).toContainText('proton density')
  await expect(opened.root).toContainText('256 × 256 × 20 voxels')
  await keepPicture(page, 'dicom-brain')
  await opened.root.getByRole('radio', { name: 'Three planes (MPR)' }).click()
  await expect(opened.root).toHaveAttribute('data-ready', 'true')
  await keepPicture(page, 'dicom-brain-mpr')
})

test('asks for the path where a browser does not tell it with a dropped folder', async ({
  page,
  emptyCore,
}) => {
  const worklist = new WorklistPage(page)
  await page.goto(emptyCore.address)
  await worklist.importButton.first().waitFor()
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File(['x'], 'export'))
    return transfer
  })
  const target = page.getByRole('heading', { name: 'No cases yet' })
  await target.dispatchEvent('dragover', { dataTransfer: dropped })
  await expect(page.getByText('Drop a folder or a zip archive to import it')).toBeVisible()
  await target.dispatchEvent('drop', { dataTransfer: dropped })
  await expect(worklist.importDialog).toContainText('A browser does not tell where')
})
