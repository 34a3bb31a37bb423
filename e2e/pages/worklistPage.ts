import type { Locator, Page } from '@playwright/test'

/** The list of cases, and the dialog that imports more. */
export class WorklistPage {
  readonly table: Locator
  readonly importButton: Locator
  readonly importDialog: Locator
  readonly folder: Locator
  readonly startImport: Locator
  readonly summary: Locator
  readonly problems: Locator
  readonly showCases: Locator

  constructor(page: Page) {
    this.table = page.getByRole('grid', { name: 'Cases' })
    this.importButton = page.getByRole('button', { name: 'Import cases' })
    this.importDialog = page.getByRole('dialog', { name: 'Import cases' })
    this.folder = this.importDialog.getByRole('textbox', { name: 'Folder', exact: true })
    this.startImport = this.importDialog.getByRole('button', { name: 'Import', exact: true })
    this.summary = this.importDialog.getByRole('status')
    this.problems = this.importDialog
      .getByRole('region', { name: 'Problems' })
      .getByRole('listitem')
    this.showCases = this.importDialog.getByRole('button', { name: 'Show the cases' })
  }

  row(caseName: string): Locator {
    return this.table.getByRole('row').filter({ hasText: caseName })
  }

  link(caseName: string): Locator {
    return this.table.getByRole('link', { name: caseName })
  }

  /** Imports a folder with the dialog, which stays open and shows the outcome. */
  async importFolder(path: string): Promise<void> {
    await this.importButton.first().click()
    await this.folder.fill(path)
    await this.startImport.click()
    await this.showCases.waitFor()
  }
}
