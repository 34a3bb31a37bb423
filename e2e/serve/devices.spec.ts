import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from '../fixtures/test.ts'

test('the settings show every device and measure it, and allow more jobs on the processor', async ({
  page,
  emptyCore,
}) => {
  await page.goto(emptyCore.address)
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  const panel = page.getByRole('region', { name: 'Devices' })
  // Looking loads every backend once, in processes of their own.
  const rows = panel.getByRole('row').filter({ hasText: 'WebAssembly' })
  await expect(rows).toHaveCount(1, { timeout: 60_000 })
  await expect(panel.getByText('In use')).toHaveCount(1)
  await expect(rows).not.toContainText('GFLOP/s')

  await panel.getByRole('button', { name: 'Measure' }).click()
  await expect(panel.getByRole('status')).toHaveText(/^Measuring/)
  await expect(panel.getByRole('button', { name: 'Measure again' })).toBeEnabled({
    timeout: 90_000,
  })
  await expect(rows).toContainText(/\d GFLOP\/s/)
  await expect(panel.getByRole('status')).toHaveText(/^Measured/)
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`))).toEqual(
    [],
  )

  const jobs = page.getByRole('spinbutton', { name: 'Jobs on the processor at the same time' })
  await jobs.fill('2')
  await jobs.press('Enter')
  await page.reload()
  await expect(jobs).toHaveValue('2')
})
