import { expect, test } from '../fixtures/test.ts'
import { violationsOf } from '../fixtures/violationsOf.ts'
import { CasePage } from '../pages/casePage.ts'
import { WorklistPage } from '../pages/worklistPage.ts'

test('a drawn class is grown from the form on the toolbar, as one undo step', async ({
  page,
  core,
}) => {
  const review = new CasePage(page)
  await page.goto(core.address)
  await new WorklistPage(page).link('Demo_0002').click()
  await expect(review.root).toHaveAttribute('data-ready', 'true')
  await review.tool('Brush').click()
  await review.paintClass('ED').click()
  await review.drag('flair', { from: [0.4, 0.4], to: [0.5, 0.45] })
  await expect(review.root).toHaveAttribute('data-history', '1')
  await expect(review.root).toHaveAttribute('data-pending', '0')
  const drawn = await review.state('label-hash')

  await page.getByTestId('refine').click()
  const form = page.getByRole('dialog', { name: 'Refine' })
  await form.getByRole('combobox', { name: 'What to do' }).click()
  await page.getByRole('option', { name: 'Grow', exact: true }).click()
  // What lies over the images must hide them.
  const ground = await form.evaluate((element) => getComputedStyle(element).backgroundColor)
  expect(ground).toMatch(/^rgb\(/)
  expect(await violationsOf(page)).toEqual([])
  await form.getByTestId('refine-apply').click()
  await expect(review.root).toHaveAttribute('data-history', '2')
  await expect(page.getByText(/Grow ED by [\d.]+ mm/)).toBeVisible()
  await expect(review.root).not.toHaveAttribute('data-label-hash', drawn)

  await page.keyboard.press('Escape')
  await review.undo.click()
  await expect(review.root).toHaveAttribute('data-label-hash', drawn)
})
