import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createAxisAlignedGrid } from '../../src-main/imaging/geometry/index.ts'
import { writeNifti } from '../../src-main/imaging/nifti/index.ts'
import {
  labelsWith,
  TEST_GRID,
  TEST_VOXELS,
  writeBratsCase,
} from '../../src-main/services/testing/bratsFolder.ts'
import { expect, test } from '../fixtures/test.ts'
import { CasePage } from '../pages/casePage.ts'
import { WorklistPage } from '../pages/worklistPage.ts'

/** One good study and four that each have one bad file. */
async function writeMixedFolder(root: string): Promise<void> {
  await writeBratsCase(root, 'Good_Case', { labels: labelsWith(2, 1, 2) })

  const truncated = await writeBratsCase(root, 'Truncated_Case')
  const flair = join(truncated, 'Truncated_Case_flair.nii.gz')
  await writeFile(flair, (await readFile(flair)).subarray(0, 400))

  const text = await writeBratsCase(root, 'Text_Case')
  await writeFile(join(text, 'Text_Case_t1.nii.gz'), 'Dear colleague, the images follow by post.')

  const shifted = await writeBratsCase(root, 'Shifted_Case')
  await writeFile(
    join(shifted, 'Shifted_Case_t2.nii.gz'),
    await writeNifti({
      grid: createAxisAlignedGrid([8, 7, 5], [1, 1, 2], [10, -5, 3]),
      voxels: new Int16Array(8 * 7 * 5).fill(7),
      voxelType: 'int16',
      gzip: true,
    }),
  )

  const labelled = await writeBratsCase(root, 'Seven_Case')
  await writeFile(
    join(labelled, 'Seven_Case_seg.nii.gz'),
    await writeNifti({
      grid: TEST_GRID,
      voxels: new Uint8Array(TEST_VOXELS).fill(7, 10, 13),
      voxelType: 'uint8',
      gzip: true,
    }),
  )
}

test('says in one sentence each what is wrong with four bad files, and imports the rest', async ({
  page,
  emptyCore,
  scratch,
}) => {
  const folder = join(scratch, 'studies')
  await writeMixedFolder(folder)
  const worklist = new WorklistPage(page)
  await page.goto(emptyCore.address)
  await worklist.importFolder(folder)

  await expect(worklist.summary).toContainText('5 cases imported')
  await expect(worklist.problems).toHaveCount(4)
  const problem = (file: string) => worklist.problems.filter({ hasText: file }).locator('p')
  await expect(problem('Truncated_Case_flair.nii.gz')).toHaveText([
    /cut off|ends too early|damaged|incomplete/i,
    /copy|download|export/i,
  ])
  await expect(problem('Text_Case_t1.nii.gz')).toHaveText([/not a NIfTI|no NIfTI/i, /\.$/])
  await expect(problem('Shifted_Case_t2.nii.gz')).toHaveText([
    /needs preparation.*8 × 7 × 5/s,
    /press Prepare/,
  ])
  await expect(problem('Seven_Case_seg.nii.gz')).toHaveText([/\b7\b/, /\.$/])
  for (const sentence of await worklist.problems.locator('p').allInnerTexts()) {
    expect(sentence).not.toMatch(/Error:|undefined|at .*\.ts/)
  }

  await worklist.showCases.click()
  await expect(worklist.row('Shifted_Case')).toBeVisible()
  await worklist.link('Good_Case').click()
  const review = new CasePage(page)
  await expect(review.root).toHaveAttribute('data-ready', 'true')
  await expect(review.root).not.toHaveAttribute('data-label-hash', '00000000')
  for (const sequence of ['flair', 't1', 't1ce', 't2'] as const) {
    await expect(review.pane(sequence)).toHaveAttribute('data-ready', 'true')
  }
})

test('says that a folder is not there instead of importing nothing', async ({
  page,
  emptyCore,
  scratch,
}) => {
  const worklist = new WorklistPage(page)
  await page.goto(emptyCore.address)
  await worklist.importButton.first().click()
  await worklist.folder.fill(join(scratch, 'no-such-folder'))
  await worklist.startImport.click()
  await expect(worklist.importDialog.getByRole('alert')).toContainText('no-such-folder')
})
