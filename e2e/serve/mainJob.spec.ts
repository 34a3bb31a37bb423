import { LabelTally } from '../../src-renderer/editing/labelTally.ts'
import { clientOf } from '../fixtures/clientOf.ts'
import { keepPicture } from '../fixtures/keepPicture.ts'
import { storedLabel } from '../fixtures/storedLabel.ts'
import { expect, test } from '../fixtures/test.ts'
import { CasePage } from '../pages/casePage.ts'
import { ModelsPage } from '../pages/modelsPage.ts'
import { TrainingPage } from '../pages/trainingPage.ts'
import { WorklistPage } from '../pages/worklistPage.ts'

const CASE = 'Demo_0001'
const DEMO_CASES = 8
const TRAINING_STEPS = 4

test('from a new workspace to a corrected case, a better-or-not verdict, a promotion and the way back', async ({
  page,
  core,
  workspace,
}) => {
  const worklist = new WorklistPage(page)
  const review = new CasePage(page)
  await page.goto(core.address)
  await worklist.link(CASE).click()
  await expect(review.root).toHaveAttribute('data-ready', 'true')
  const { api, data } = await clientOf(page)
  const caseId = (await review.root.getAttribute('data-case')) ?? ''

  await test.step('the network draws a proposal that leaves the label alone', async () => {
    // The demo asks for one by itself; the reader who does not want to wait, or wants another, asks too.
    await review.predictNow()
    await expect(review.root).toHaveAttribute('data-proposal', 'open')
    await expect(review.root).toHaveAttribute('data-label-hash', '00000000')
    await keepPicture(page, '1-proposal')
  })

  const stroked = await test.step('a stroke is painted, undone and redone', async () => {
    await review.tool('Brush').click()
    await review.paintClass('ED').click()
    await review.drag('flair', { from: [0.4, 0.4], to: [0.5, 0.45] })
    await expect(review.root).toHaveAttribute('data-history', '1')
    await expect(review.root).toHaveAttribute('data-pending', '0')
    const hash = await review.state('label-hash')
    expect(hash).not.toBe('00000000')
    await review.undo.click()
    await expect(review.root).toHaveAttribute('data-history', '0')
    await expect(review.root).toHaveAttribute('data-label-hash', '00000000')
    await review.redo.click()
    await expect(review.root).toHaveAttribute('data-history', '1')
    await expect(review.root).toHaveAttribute('data-label-hash', hash)
    await keepPicture(page, '2-stroke')
    return hash
  })

  await test.step('one class of the proposal is accepted', async () => {
    await review.acceptClass('ET').click()
    await expect(review.root).toHaveAttribute('data-history', '2')
    await expect(review.root).toHaveAttribute('data-proposal', 'partly-accepted')
    await expect(review.root).not.toHaveAttribute('data-label-hash', stroked)
  })

  await test.step('the saved version is the label on screen, bit for bit', async () => {
    await review.saveVersion('oedema and enhancing rim')
    await expect(review.root).toHaveAttribute('data-versions', '1')
    await expect(review.root).toHaveAttribute('data-unsaved', '0')
    await expect(review.root).toHaveAttribute('data-review-state', 'corrected')
    await keepPicture(page, '3-saved')
    const { versions, grid } = await api.cases.get({ caseId })
    const { labels, ...stored } = await storedLabel(workspace, versions[0].objectSha256)
    expect(LabelTally.of(labels).fingerprint).toBe(await review.state('label-hash'))
    expect(stored.grid).toEqual(grid)
    const { volume } = await api.labels.open({ caseId })
    expect(Buffer.compare(labels, await data(volume.sha256))).toBe(0)
    expect(new Set(labels)).toEqual(new Set([0, 2, 3]))
  })

  const training = new TrainingPage(page)
  const models = new ModelsPage(page)
  const before = (await api.models.list({})).filter(({ status }) => status === 'champion')

  await test.step('the model learns from the correction', async () => {
    // The demo goes on being made meanwhile; its last cases are held out and give the verdict.
    const count = async (): Promise<number> => (await api.cases.list({ datasetId: null })).length
    await expect.poll(count, { timeout: 120_000 }).toBe(DEMO_CASES)
    await training.link.click()
    await training.start.click()
    await training.menuItem('Fine-tune on corrected cases…').click()
    await expect(training.fineTuneDialog.getByRole('checkbox', { name: CASE })).toBeChecked()
    await training.steps.fill(String(TRAINING_STEPS))
    await keepPicture(page, '4-fine-tune')
    await training.confirm.click()
    await expect(training.fineTuneDialog).toBeHidden()
    await expect(training.detail).toContainText('Done', { timeout: 200_000 })
  })

  await test.step('the verdict is shown, and a person promotes', async () => {
    await expect(training.verdict).toContainText('3 held-out cases')
    await expect(training.verdict).toContainText(/Better|No difference shown|Worse/)
    await keepPicture(page, '5-verdict')
    await training.promote.click()
    await training
      .confirmation(/Make .* the champion/)
      .getByRole('button', { name: 'Promote' })
      .click()
    await expect(page.getByText(/is the champion now/).first()).toBeVisible()
    await keepPicture(page, '6-promoted')
  })
  const promoted = (await api.models.list({})).find(
    ({ status, origin }) => status === 'champion' && origin === 'finetune',
  )
  expect(before.map(({ id }) => id)).toContain(promoted?.parentId)

  await test.step('the way back is one click', async () => {
    await training.openResult.click()
    await expect(models.detail).toContainText('Champion')
    await models.rollBack.click()
    await models
      .confirmation(/Go back/)
      .getByRole('button', { name: 'Roll back' })
      .click()
    await expect(page.getByText(/is the champion again/).first()).toBeVisible()
    await keepPicture(page, '7-rolled-back')
  })
  const after = (await api.models.list({})).filter(({ status }) => status === 'champion')
  expect(after.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort())
})
