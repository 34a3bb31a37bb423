import type { Locator, Page } from '@playwright/test'
import type { Sequence } from '../../src-main/contract/index.ts'

type Tool = 'Brush' | 'Eraser' | 'Crosshair'

/** A stroke as fractions of a pane's width and height. */
interface Stroke {
  readonly from: readonly [number, number]
  readonly to: readonly [number, number]
}

/**
 * The review page. Its root carries what a test waits for: `data-ready`, `data-cursor`, `data-pending`,
 * `data-history`, `data-unsaved`, `data-versions`, `data-proposal` and the labelmap's `data-label-hash`.
 */
export class CasePage {
  readonly root: Locator
  readonly undo: Locator
  readonly redo: Locator
  readonly proposal: Locator
  readonly predict: Locator
  readonly recovered: Locator
  readonly saveDialog: Locator
  readonly readout: Locator
  readonly page: Page

  constructor(page: Page) {
    this.page = page
    this.root = page.getByTestId('case')
    this.undo = this.root.getByTestId('undo')
    this.redo = this.root.getByTestId('redo')
    this.proposal = this.root.getByTestId('proposal')
    this.predict = this.root.getByTestId('predict')
    this.recovered = this.root.getByTestId('recovered')
    this.readout = this.root.getByTestId('readout-voxel')
    this.saveDialog = page.getByRole('dialog', { name: 'Save version' })
  }

  pane(sequence: Sequence): Locator {
    return this.root.getByTestId(`pane-${sequence}-axial`)
  }

  tool(name: Tool): Locator {
    return this.root.getByRole('radio', { name, exact: true })
  }

  /** Button that makes a class the one that is painted. */
  paintClass(name: 'NCR' | 'ED' | 'ET'): Locator {
    return this.root.getByTestId(`class-${name}`)
  }

  acceptClass(name: 'NCR' | 'ED' | 'ET'): Locator {
    return this.root.getByTestId(`accept-${name}`)
  }

  tab(name: 'History' | 'Versions' | 'Case'): Locator {
    return this.root.getByRole('tab', { name })
  }

  /** Drags the mouse across a pane with the tool that is active. */
  async drag(sequence: Sequence, { from, to }: Stroke): Promise<void> {
    const box = await this.pane(sequence).boundingBox()
    if (!box) throw new Error(`The ${sequence} pane is not on screen.`)
    const at = ([x, y]: readonly [number, number]): [number, number] => [
      box.x + x * box.width,
      box.y + y * box.height,
    ]
    await this.page.mouse.move(...at(from))
    await this.page.mouse.down()
    await this.page.mouse.move(...at(to), { steps: 8 })
    await this.page.mouse.up()
  }

  /** Asks for a prediction, leaving the model to the program, and waits until it has come. */
  async predictNow(): Promise<void> {
    await this.predict.click({ timeout: 120_000 })
    await this.page.getByRole('menuitem').first().click()
    await this.predict.waitFor({ state: 'detached' })
    await this.predict.waitFor({ timeout: 120_000 })
  }

  async saveVersion(note: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+s')
    await this.saveDialog.getByTestId('version-note').fill(note)
    await this.saveDialog.getByTestId('confirm-save').click()
    await this.saveDialog.waitFor({ state: 'hidden' })
  }

  /** Exports the newest version into a folder with the built-in dialog. */
  async exportNewestVersion(folder: string, fileName: string): Promise<void> {
    await this.tab('Versions').click()
    await this.root.getByRole('button', { name: 'Export as NIfTI…' }).first().click()
    await this.saveExport('Export label', folder, fileName)
  }

  /** Answers the built-in dialog that asks where to save a file. */
  async saveExport(title: string, folder: string, fileName: string): Promise<void> {
    const dialog = this.page.getByRole('dialog', { name: title, exact: true })
    const path = dialog.getByRole('textbox', { name: 'Folder' })
    await path.fill(folder)
    await path.press('Enter')
    const name = dialog.getByRole('textbox', { name: 'File name' })
    await name.fill(fileName)
    await dialog.getByRole('button', { name: 'Save here' }).click()
  }

  /** What the root says about the labelmap. */
  async state(name: 'cursor' | 'history' | 'label-hash' | 'unsaved' | 'versions'): Promise<string> {
    return (await this.root.getAttribute(`data-${name}`)) ?? ''
  }
}
