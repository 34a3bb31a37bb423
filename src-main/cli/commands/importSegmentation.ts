import { resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { LABEL_NAMES, REGION_LABELS, REGIONS } from '../../contract/index.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { findByName } from '../findByName.ts'

/** What a segment can be said to be, by the name typed. */
const MEANINGS: ReadonlyMap<string, number[]> = new Map([
  ...LABEL_NAMES.map((name, label): [string, number[]] => [name, [label]]).slice(1),
  ...REGIONS.filter((name) => name !== 'ET').map((name): [string, number[]] => [
    name,
    [...REGION_LABELS[name]],
  ]),
  ['none', []],
])

export function registerImportSegmentation(program: Command, runner: CommandRunner): void {
  program
    .command('import-segmentation')
    .description('take a DICOM segmentation (SEG) into a case as its next label version')
    .argument('<case>', 'name or id of the case')
    .argument('<file>', 'the DICOM file')
    .option(
      '--segment <number=class>',
      `what a segment is, e.g. 2=ED: ${[...MEANINGS.keys()].join(', ')}; can be given several times`,
      addMeaning,
      {},
    )
    .action(
      async (
        wanted: string,
        file: string,
        options: { segment: Record<string, number[]> },
        command: Command,
      ) => {
        await runner.withWorkspace(command, async ({ client, report }) => {
          const { id } = findByName('case', wanted, await client.cases.list({ datasetId: null }))
          const { cursor } = await client.labels.open({ caseId: id })
          const path = resolve(file)
          const request = { caseId: id, cursor, path, mapping: options.segment }
          const edit = await client.dicom.importSegmentation(request)
          const saved = await client.labels.saveVersion({
            ...{ caseId: id, cursor: edit.cursor },
            note: `From ${file}`.slice(0, 500),
          })
          report.result(saved, ({ number }) => `Saved as label version ${number}.`)
        })
      },
    )
}

function addMeaning(text: string, before: Record<string, number[]>): Record<string, number[]> {
  const [number, name] = text.split('=')
  const labels = MEANINGS.get(name ?? '')
  if (!/^\d{1,5}$/.test(number) || !labels) {
    throw new InvalidArgumentError(
      `Write the number of a segment and one of ${[...MEANINGS.keys()].join(', ')}, e.g. 2=ED.`,
    )
  }
  return { ...before, [number]: labels }
}
