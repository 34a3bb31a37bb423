import { expect, test } from '../fixtures/test.ts'
import { violationsOf } from '../fixtures/violationsOf.ts'
import { CasePage } from '../pages/casePage.ts'
import { WorklistPage } from '../pages/worklistPage.ts'

test('no page has an accessibility violation that axe finds', async ({ page, core }) => {
  const worklist = new WorklistPage(page)
  await page.goto(core.address)
  await expect(worklist.link('Demo_0001')).toBeVisible()
  await test.step('worklist', async () => expect(await violationsOf(page)).toEqual([]))

  await worklist.importButton.first().click()
  await expect(worklist.folder).toBeFocused()
  await test.step('import dialog', async () => expect(await violationsOf(page)).toEqual([]))
  await page.keyboard.press('Escape')

  await worklist.link('Demo_0001').click()
  const review = new CasePage(page)
  await expect(review.root).toHaveAttribute('data-ready', 'true')
  await test.step('case', async () => expect(await violationsOf(page)).toEqual([]))

  await page.keyboard.press('Shift+?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await test.step('keyboard shortcuts', async () => expect(await violationsOf(page)).toEqual([]))
  await page.keyboard.press('Escape')

  for (const name of ['Data sets', 'Training', 'Models', 'Settings']) {
    await page.getByRole('link', { name, exact: true }).click()
    await expect(page.getByRole('link', { name, exact: true })).toHaveAttribute(
      'aria-current',
      'page',
    )
    await expect(page.getByRole('status', { name: 'Loading the page' })).toBeHidden()
    await test.step(name.toLowerCase(), async () => expect(await violationsOf(page)).toEqual([]))
  }
})
