import type { Locator, Page } from '@playwright/test'

/** The dialog that brings the sequences of a raw case onto one grid. */
export class PreparationDialog {
  readonly root: Locator
  /** Button of the notice above a case that needs it. */
  readonly notice: Locator
  readonly advanced: Locator
  readonly preview: Locator
  readonly apply: Locator
  readonly checkerboard: Locator
  /** The letters at the left, the right, the top and the bottom of the checkerboard. */
  readonly sides: Locator

  constructor(page: Page) {
    this.root = page.getByRole('dialog', { name: 'Prepare the case' })
    this.notice = page.getByTestId('prepare-case')
    this.advanced = this.root.getByText('Advanced')
    this.preview = this.root.getByTestId('preview-preparation')
    this.apply = this.root.getByTestId('apply-preparation')
    this.checkerboard = this.root.getByRole('img')
    this.sides = this.root.getByTestId('side')
  }

  step(name: string): Locator {
    return this.root.getByRole('switch', { name })
  }

  figure(name: string): Locator {
    return this.root.getByRole('spinbutton', { name }).or(this.root.getByRole('textbox', { name }))
  }

  row(sequence: string): Locator {
    return this.root.getByRole('row').filter({ has: this.cell(sequence) })
  }

  async choose(option: string): Promise<void> {
    await this.root.getByRole('radio', { name: option, exact: true }).click()
  }

  /** What the checkerboard shows, to tell one picture from another. */
  picture(): Promise<string> {
    return this.checkerboard.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL())
  }

  private cell(sequence: string): Locator {
    return this.root.page().getByRole('cell', { name: sequence, exact: true })
  }
}
