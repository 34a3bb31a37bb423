import type { Command } from 'commander'
import type { BackendChoice } from '../../contract/index.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { findByName } from '../findByName.ts'
import { followJob } from '../followJob.ts'
import { backendOption, wholeNumber } from '../options.ts'
import {
  addResourceOptions,
  reportMemory,
  resourcesOf,
  type ResourceOptions,
} from '../trainingResources.ts'

interface FinetuneOptions extends ResourceOptions {
  readonly model: string
  readonly cases: string[]
  readonly steps?: number
  readonly name?: string
  readonly backend: BackendChoice
}

export function registerFinetune(program: Command, runner: CommandRunner): void {
  const definition = program
    .command('finetune')
    .description('learn from corrected cases; the result is a challenger, never the model in use')
    .requiredOption('--model <name>', 'the model to improve, by name or id')
    .requiredOption('--cases <name...>', 'corrected cases, by name or id')
    .option('--steps <count>', 'training steps', wholeNumber(1))
    .option('--name <name>', 'what to call the result')
    .addOption(backendOption())
  addResourceOptions(definition).action(async (options: FinetuneOptions, command: Command) => {
    await runner.withWorkspace(command, async (context) => {
      const { client, report } = context
      const model = findByName('model', options.model, await client.models.list({}))
      const known = await client.cases.list({ datasetId: null })
      await reportMemory(context, {
        subject: { kind: 'model', modelId: model.id },
        sequences: model.sequences,
        teacherModelId: null,
        distillation: null,
        backend: options.backend,
        resources: resourcesOf(options),
      })
      const job = await client.jobs.finetune({
        name: options.name ?? null,
        modelId: model.id,
        caseIds: options.cases.map((wanted) => findByName('case', wanted, known).id),
        steps: options.steps ?? null,
        backend: options.backend,
        resources: resourcesOf(options),
      })
      const ended = await followJob(client, report, job)
      const challengerId = ended.resultModelId ?? ''
      const comparison = await client.models.compare({ championId: model.id, challengerId })
      report.result(
        { modelId: challengerId, comparison },
        ({ modelId }) => `Challenger ${modelId}. ${comparison.sentence}`,
      )
    })
  })
}
