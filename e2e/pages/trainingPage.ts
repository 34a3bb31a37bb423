import type { Locator, Page } from '@playwright/test'

/** The jobs, their curves, and the dialogs that start one. */
export class TrainingPage {
  readonly start: Locator
  readonly fineTuneDialog: Locator
  readonly steps: Locator
  readonly confirm: Locator
  readonly detail: Locator
  readonly verdict: Locator
  readonly promote: Locator
  readonly link: Locator
  readonly openResult: Locator
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
    this.start = page.getByRole('button', { name: 'New run' })
    this.fineTuneDialog = page.getByRole('dialog', { name: 'Fine-tune on corrected cases' })
    this.steps = this.fineTuneDialog.getByLabel('Steps')
    this.confirm = this.fineTuneDialog.getByRole('button', { name: 'Start' })
    this.detail = page.getByRole('article')
    this.verdict = this.detail.locator('.verdict')
    this.promote = this.detail.getByRole('button', { name: 'Promote' })
    this.link = page.getByRole('link', { name: 'Training', exact: true })
    this.openResult = this.detail.getByRole('link', { name: 'Open in Models' })
  }

  menuItem(name: string): Locator {
    return this.page.getByRole('menuitem', { name })
  }

  confirmation(name: RegExp): Locator {
    return this.page.getByRole('alertdialog', { name })
  }
}
