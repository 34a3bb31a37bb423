import { Argument, type Command } from 'commander'
import type { CommandContext, CommandRunner } from '../commandRunner.ts'
import { fixed, table } from '../terminal/table.ts'

const LISTS = {
  datasets: async ({ client, report }: CommandContext): Promise<void> => {
    report.result(await client.datasets.list({}), (datasets) =>
      table(
        ['data set', 'layout', 'cases', 'folder'],
        datasets.map(({ name, layout, caseCount, rootPath }) => [
          name,
          layout,
          String(caseCount),
          rootPath,
        ]),
      ),
    )
  },
  cases: async ({ client, report }: CommandContext): Promise<void> => {
    report.result(await client.cases.list({ datasetId: null }), (cases) =>
      table(
        ['case', 'data set', 'sequences', 'split', 'state', 'versions'],
        cases.map((one) => [
          one.name,
          one.datasetName,
          one.sequences.join(' '),
          one.split,
          one.reviewState,
          String(one.versionCount),
        ]),
      ),
    )
  },
  models: async ({ client, report }: CommandContext): Promise<void> => {
    report.result(await client.models.list({}), (models) =>
      table(
        ['model', 'id', 'role', 'sequences', 'status', 'Dice WT', 'TC', 'ET'],
        models.map((model) => [
          model.name,
          model.id,
          model.role,
          model.sequences.join(' '),
          model.status,
          fixed(model.validationDice?.WT ?? null, 3),
          fixed(model.validationDice?.TC ?? null, 3),
          fixed(model.validationDice?.ET ?? null, 3),
        ]),
      ),
    )
  },
  jobs: async ({ client, report }: CommandContext): Promise<void> => {
    report.result(await client.jobs.list({}), (jobs) =>
      table(
        ['job', 'title', 'state', 'started'],
        jobs.map(({ id, title, state, startedAt }) => [id, title, state, startedAt ?? '']),
      ),
    )
  },
}

export function registerList(program: Command, runner: CommandRunner): void {
  program
    .command('list')
    .description('show what the workspace holds')
    .addArgument(new Argument('<what>').choices(Object.keys(LISTS)))
    .action(async (what: keyof typeof LISTS, _options: object, command: Command) => {
      await runner.withWorkspace(command, async (context) => await LISTS[what](context))
    })
}
