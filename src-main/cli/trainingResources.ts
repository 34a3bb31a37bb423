import { InvalidArgumentError, Option, type Command } from 'commander'
import {
  deviceChoiceSchema,
  type EstimateRequest,
  type TrainingResources,
} from '../contract/index.ts'
import type { CommandContext } from './commandRunner.ts'
import { patchSize, wholeNumber } from './options.ts'

/** What the options of `addResourceOptions` parse to. */
export interface ResourceOptions {
  readonly device: string
  readonly patch?: [number, number, number]
  readonly batch?: number
  readonly accumulate?: number
  readonly processes?: number
  readonly checkpointing?: true
  readonly ignoreMemory: boolean
}

/** Options of every command that trains: where, how large, and shared among how many processes. */
export function addResourceOptions(command: Command): Command {
  return command
    .addOption(deviceOption())
    .option('--patch <size>', 'voxels of a patch, e.g. 64x64x48 (default: the recipe’s)', patchSize)
    .option('--batch <count>', 'patches of a batch (default: the recipe’s)', wholeNumber(1, 64))
    .option('--accumulate <count>', 'batches summed before one update', wholeNumber(1, 256))
    .option('--processes <count>', 'engine processes that share them', wholeNumber(1, 16))
    .option(
      '--checkpointing',
      'less memory, more time: compute each level again when its turn comes',
    )
    .option('--ignore-memory', 'start even if memory will probably not do', false)
}

export const deviceOption = (): Option =>
  new Option('--device <id>', 'auto, cpu, cuda:0, cuda:1 … ("gliadesk doctor" lists them)')
    .argParser(deviceId)
    .default('auto')

/** What of them was asked for. */
export function resourcesOf(options: ResourceOptions): TrainingResources {
  const { device, patch, batch, accumulate, processes, checkpointing, ignoreMemory } = options
  const size = { patchSize: patch, batchSize: batch, accumulate, processes }
  return { device, ...size, checkpointing, ignoreMemory }
}

/** Says what the training will hold, before it starts. */
export async function reportMemory(
  { client, report }: CommandContext,
  request: EstimateRequest,
): Promise<void> {
  const { totalBytes, availableBytes, limitedBy, fits } = await client.jobs.estimate(request)
  const has =
    availableBytes === null ? '' : ` of the ${gibibytes(availableBytes)} that ${limitedBy} has`
  report.line(`Needs about ${gibibytes(totalBytes)}${has}${fits ? '' : ': too much'}.`)
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`

function deviceId(text: string): string {
  if (deviceChoiceSchema.safeParse(text).success) return text
  throw new InvalidArgumentError('It must be auto, cpu, or a card like cuda:0.')
}
