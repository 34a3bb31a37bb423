import type { Locator, Page } from '@playwright/test'

/** The lineage of models and what can be done with the chosen one. */
export class ModelsPage {
  readonly detail: Locator
  readonly rollBack: Locator
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
    this.detail = page.getByRole('article')
    this.rollBack = this.detail.getByRole('button', { name: 'Roll back' })
  }

  confirmation(name: RegExp): Locator {
    return this.page.getByRole('alertdialog', { name })
  }
}
