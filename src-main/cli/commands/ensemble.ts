import type { Command } from 'commander'
import type { CommandRunner } from '../commandRunner.ts'
import { findByName } from '../findByName.ts'

export function registerEnsemble(program: Command, runner: CommandRunner): void {
  program
    .command('ensemble')
    .description('make one model of several: the mean of their probabilities predicts')
    .argument('<name>', 'what to call it')
    .requiredOption('--models <name...>', 'its members, by name or id; all must read alike')
    .action(async (name: string, options: { models: string[] }, command: Command) => {
      await runner.withWorkspace(command, async ({ client, report }) => {
        const known = await client.models.list({})
        const members = options.models.map((wanted) => findByName('model', wanted, known))
        const model = await client.models.ensemble({ name, modelIds: members.map(({ id }) => id) })
        report.result(
          model,
          ({ id, memberIds = [] }) =>
            `${name} (${id}) averages ${memberIds.length} models. Predict, evaluate or fit with it as with any other.`,
        )
      })
    })
}
