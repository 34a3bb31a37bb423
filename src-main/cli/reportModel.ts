import { GliadeskError, type Job } from '../contract/index.ts'
import type { CommandContext } from './commandRunner.ts'
import { fixed } from './terminal/table.ts'

/** Prints the model that a finished training job left. */
export async function reportModel({ client, report }: CommandContext, job: Job): Promise<void> {
  if (job.resultModelId === null) {
    throw new GliadeskError(
      'INTERNAL',
      `${job.title} ended without a model.`,
      'Read the job’s events.jsonl in the workspace for its last message.',
    )
  }
  const model = await client.models.get({ modelId: job.resultModelId })
  report.result(model, ({ id, name, status, parameterCount, validationDice }) => {
    const dice =
      validationDice === null
        ? 'not validated'
        : `validation Dice WT ${fixed(validationDice.WT, 3)}, TC ${fixed(validationDice.TC, 3)}, ET ${fixed(validationDice.ET, 3)}`
    return `${name} (${id}): ${status}, ${parameterCount.toLocaleString('en')} parameters, ${dice}.`
  })
}
