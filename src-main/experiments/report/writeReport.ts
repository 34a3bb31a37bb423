import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SEQUENCE_TITLES } from '../../contract/index.ts'
import type { ExperimentProtocol, UnitRecord } from '../protocol/index.ts'
import { forestPlot } from './forestPlot.ts'
import { regionPlot } from './regionPlot.ts'
import { renderReport } from './renderReport.ts'
import { seedPlot } from './seedPlot.ts'
import { summariseExperiment } from './summariseExperiment.ts'

export interface WrittenReport {
  readonly reportPath: string
  readonly unitsDone: number
  readonly unitsTotal: number
  readonly completeSeeds: number
  /** Failed attempts. */
  readonly failed: number
}

/** Writes `<name>.md` and its figures under `<name>/` into a folder. Equal results give equal files. */
export async function writeReport(
  protocol: ExperimentProtocol,
  records: readonly UnitRecord[],
  folder: string,
): Promise<WrittenReport> {
  const summary = summariseExperiment(protocol, records)
  const figures = join(folder, protocol.name)
  await mkdir(figures, { recursive: true })
  for (const { student, arms } of summary.students) {
    const name = SEQUENCE_TITLES[student]
    const draw = async (kind: string, svg: string): Promise<void> =>
      await writeFile(join(figures, `${kind}-${student}.svg`), svg)
    await draw('differences', forestPlot(`${name} student: paired differences`, arms))
    await draw('seeds', seedPlot(`${name} student: every seed`, arms))
    await draw('regions', regionPlot(`${name} student: Dice by region`, arms))
  }
  const reportPath = join(folder, `${protocol.name}.md`)
  await writeFile(reportPath, renderReport(protocol, summary))
  return {
    reportPath,
    unitsDone: summary.unitsDone,
    unitsTotal: summary.unitsTotal,
    completeSeeds: summary.completeSeeds.length,
    failed: summary.failures.length,
  }
}
