import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from '../fixtures/test.ts'
import { keepPicture } from '../fixtures/keepPicture.ts'
import { writeCohort } from '../fixtures/writeCohort.ts'
import { WorklistPage } from '../pages/worklistPage.ts'

test('a data set shows what is wrong with it, is locked and drawn anew, and is found again when it moved', async ({
  page,
  emptyCore,
  scratch,
}) => {
  const folder = join(scratch, 'cohort')
  await writeCohort(folder, 7)
  const worklist = new WorklistPage(page)
  await page.goto(emptyCore.address)
  await worklist.importFolder(folder)
  await worklist.showCases.click()
  await page.getByRole('link', { name: 'Quality and split' }).click()

  const findings = page.getByRole('region', { name: 'Findings' })
  const swapped = findings.getByRole('region', { name: 'Left and right may be swapped' })
  await expect(swapped).toContainText('T1 fits the other sequences')
  await expect(findings.getByRole('region', { name: 'Sequence missing' })).toContainText('Lacks T2')
  await expect(page.getByRole('img', { name: 'T2: 6 of 7' })).toBeVisible()
  await expect(page.getByRole('img', { name: /^FLAIR: 7 cases/ })).toBeVisible()
  await test.step('axe', async () => {
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0].target.join(' ')}`)).toEqual([])
  })
  await keepPicture(page, 'dataset-quality')

  await page.getByRole('button', { name: 'Draw anew…' }).click()
  const confirm = page.getByRole('alertdialog')
  await expect(confirm).toContainText('Every patient is drawn again')
  await confirm.getByRole('button', { name: 'Draw anew' }).click()
  await expect(page.getByText('The split was drawn anew')).toBeVisible()
  await page.getByRole('button', { name: 'Lock', exact: true }).click()
  await expect(page.getByText('Locked since')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Draw anew…' })).toBeHidden()

  const moved = join(scratch, 'moved')
  await rename(folder, moved)
  await page.reload()
  await expect(page.getByText('27 files of this data set are no longer there.')).toBeVisible()
  await page.getByRole('button', { name: 'Find folder…' }).first().click()
  const browser = page.getByRole('dialog')
  await browser.getByRole('textbox', { name: 'Folder' }).fill(moved)
  await page.keyboard.press('Enter')
  await browser.getByRole('button', { name: 'Choose this folder' }).click()
  await expect(page.getByText('27 files found again')).toBeVisible()
  await expect(page.getByText('no longer there')).toBeHidden()
})
