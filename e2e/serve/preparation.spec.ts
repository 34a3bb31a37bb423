import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readLabelmap } from '../../src-main/imaging/labelmap/index.ts'
import { readNifti } from '../../src-main/imaging/nifti/index.ts'
import { createRawStudy } from '../../src-main/imaging/preparation/testing/rawStudy.ts'
import { writeRawStudy } from '../../src-main/services/testing/rawStudyFiles.ts'
import { keepPicture } from '../fixtures/keepPicture.ts'
import { expect, test } from '../fixtures/test.ts'
import { violationsOf } from '../fixtures/violationsOf.ts'
import { CasePage } from '../pages/casePage.ts'
import { PreparationDialog } from '../pages/preparationDialog.ts'
import { WorklistPage } from '../pages/worklistPage.ts'

test('a raw study is prepared, labelled and its label exported on the grid of the original FLAIR', async ({
  page,
  emptyCore,
  scratch,
}) => {
  const folder = join(scratch, 'raw')
  const study = createRawStudy({ seed: 6, dims: [40, 46, 40], skull: true, coarsen: 3 })
  await writeRawStudy(folder, 'Raw', study, null)
  const worklist = new WorklistPage(page)
  const review = new CasePage(page)
  const dialog = new PreparationDialog(page)
  await page.goto(emptyCore.address)
  await worklist.importFolder(folder)
  await expect(worklist.summary).toContainText('1 case imported')
  await worklist.showCases.click()
  await worklist.link('Raw').click()

  await dialog.notice.click()
  await dialog.step('Remove skull and scalp').click()
  await dialog.advanced.click()
  await dialog.figure('Edge of a voxel').fill('3')
  await dialog.preview.click()
  await expect(dialog.row('FLAIR')).toContainText('mm', { timeout: 120_000 })
  await expect(dialog.row('T1ce')).toContainText('Reference')
  await expect(dialog.checkerboard).toHaveAccessibleName(/FLAIR and T1ce/)
  await expect(dialog.sides).toHaveText(['R', 'L', 'A', 'P'])
  const axial = await dialog.picture()
  await dialog.choose('Before')
  await expect.poll(() => dialog.picture()).not.toBe(axial)
  await dialog.choose('Coronal')
  await expect(dialog.sides).toHaveText(['R', 'L', 'S', 'I'])
  await dialog.choose('Sagittal')
  await expect(dialog.sides).toHaveText(['A', 'P', 'S', 'I'])
  await dialog.choose('After')
  await keepPicture(page, 'preparation')
  expect(await violationsOf(page)).toEqual([])
  await dialog.apply.click()
  await expect(dialog.root).toBeHidden()
  await expect(dialog.notice).toHaveCount(0)

  for (const sequence of ['flair', 't1', 't1ce', 't2'] as const) {
    await expect(review.pane(sequence)).toHaveAttribute('data-ready', 'true')
  }
  await expect(review.root).toHaveAttribute('data-ready', 'true')
  await review.tool('Brush').click()
  await review.paintClass('ET').click()
  // A ball, so that there is something to see on slices of 15 mm.
  await review.root.getByTestId('brush-size').click()
  await page.getByRole('radio', { name: 'Sphere' }).click()
  await page.getByRole('slider', { name: 'Size' }).press('End')
  await review.root.getByTestId('brush-size').click()
  await review.drag('t1ce', { from: [0.4, 0.45], to: [0.6, 0.5] })
  await expect.poll(() => review.state('unsaved')).not.toBe('0')
  await review.saveVersion('drawn on the prepared grid')

  await review.tab('Versions').click()
  await review.root.getByRole('button', { name: 'Export as NIfTI…' }).first().click()
  await expect(page.getByRole('menuitem')).toHaveText([
    'Prepared images',
    'FLAIR original',
    'T1 original',
    'T1ce original',
    'T2 original',
  ])
  await keepPicture(page, 'preparation-export')
  await page.getByRole('menuitem', { name: 'FLAIR original' }).click()
  await review.saveExport('Export label on an original grid', scratch, 'back.nii.gz')
  await expect(page.getByText('Exported on the original grid')).toBeVisible()

  const original = await readNifti(await readFile(join(folder, 'Raw', 'Raw_flair.nii.gz')), 'FLAIR')
  const back = await readLabelmap(await readFile(join(scratch, 'back.nii.gz')), 'back')
  expect(back.grid).toEqual(original.volume.grid)
  expect([...new Set(back.labels)].sort()).toEqual([0, 3])

  await review.tab('Case').click()
  await review.root.getByTestId('open-preparation').click()
  await expect(dialog.root).toContainText('A reader saved labels on the present grid')
})
