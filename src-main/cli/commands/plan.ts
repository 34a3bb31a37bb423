import { readFile, writeFile } from 'node:fs/promises'
import { InvalidArgumentError, Option, type Command } from 'commander'
import {
  GliadeskError,
  PLANNED_KINDS,
  trainingProposalSchema,
  type BackendChoice,
  type PlanOverrides,
  type Sequence,
  type TrainingProposal,
} from '../../contract/index.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { backendOption, numberBetween, sequenceList, wholeNumber, patchSize } from '../options.ts'
import { resolveDataset } from '../resolveDataset.ts'
import { deviceOption } from '../trainingResources.ts'

interface PlanOptions {
  readonly sequences?: Sequence[]
  readonly backend: BackendChoice
  readonly device: string
  readonly hours?: number
  readonly measure: boolean
  readonly cases: number
  readonly out?: string
  readonly network?: PlanOverrides['kind']
  readonly head?: PlanOverrides['head']
  readonly spacing?: number
  readonly patch?: [number, number, number]
  readonly batch?: number
  readonly channels?: number[]
  readonly convolutions?: number
  readonly residual?: boolean
  readonly learningRate?: number
  readonly steps?: number
  readonly sequenceDropout?: number
}

export function registerPlan(program: Command, runner: CommandRunner): void {
  program
    .command('plan')
    .description(
      'look at a data set and at this computer and say how to train a network on it, and why; starts nothing',
    )
    .argument('<dataset>', 'id or name of a data set, or a folder, which is imported first')
    .option('--sequences <list>', 'input sequences (default: those most cases have)', sequenceList)
    .addOption(backendOption())
    .addOption(deviceOption())
    .option('--hours <count>', 'how long the training may take', numberBetween(0.05, 1000))
    .option('--no-measure', 'do not compute for some seconds to learn the device’s speed')
    .option('--cases <count>', 'read at most this many cases', wholeNumber(1), 60)
    .option('--out <file>', 'write the plan for "gliadesk train --plan"')
    .addOption(
      new Option('--network <kind>', 'override: form of the network').choices(PLANNED_KINDS),
    )
    .addOption(
      new Option('--head <what>', 'override: what the network answers').choices([
        'classes',
        'regions',
      ]),
    )
    .option('--spacing <mm>', 'override: edge of the voxels', numberBetween(0.3, 6))
    .option('--patch <size>', 'override: voxels of a patch, e.g. 64x64x48', patchSize)
    .option('--batch <count>', 'override: patches of a batch', wholeNumber(1, 64))
    .option('--channels <list>', 'override: channels a level, e.g. 16,32,64', channelList)
    .option('--convolutions <count>', 'override: convolutions a level', wholeNumber(1, 4))
    .option('--residual', 'override: residual blocks')
    .option('--no-residual', 'override: plain blocks')
    .option('--learning-rate <rate>', 'override: Adam’s learning rate', numberBetween(1e-7, 1))
    .option('--steps <count>', 'override: training steps', wholeNumber(1))
    .option(
      '--sequence-dropout <chance>',
      'override: chance to blank a sequence',
      numberBetween(0, 0.9),
    )
    .action(async (wanted: string, options: PlanOptions, command: Command) => {
      await runner.withWorkspace(command, async (context) => {
        const dataset = await resolveDataset(context, wanted)
        const { sequences = null, backend, device, hours, measure, cases } = options
        const proposal = await context.client.jobs.propose({
          ...{ datasetId: dataset.id, sequences, backend, device, hours, measure },
          maxCases: cases,
          overrides: overridesOf(options),
        })
        if (options.out !== undefined) {
          await writeFile(options.out, `${JSON.stringify(proposal, null, 2)}\n`)
        }
        context.report.result(proposal, describeProposal)
        if (options.out !== undefined) context.report.line(`Written to ${options.out}.`)
      })
    })
}

/**
 * Reads what `gliadesk plan --out` wrote.
 *
 * @throws GliadeskError BAD_FILE where it is something else
 */
export async function readProposal(path: string): Promise<TrainingProposal> {
  try {
    return trainingProposalSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new GliadeskError(
      'BAD_FILE',
      `${path} is not a plan of "gliadesk plan".`,
      'Make one with "gliadesk plan <dataset> --out plan.json".',
      { cause },
    )
  }
}

function overridesOf(options: PlanOptions): PlanOverrides {
  const { network: kind, head, spacing, patch, batch, channels, convolutions, residual } = options
  const { learningRate, steps, sequenceDropout } = options
  return {
    ...{ kind, head, spacingMm: spacing, patchSize: patch, batchSize: batch, channels, residual },
    ...{ convolutionsPerLevel: convolutions, learningRate, steps, sequenceDropout },
  }
}

/** The fingerprint, every choice with its reason, and what is to be expected. */
export function describeProposal(proposal: TrainingProposal): string {
  const { fingerprint, reasons, expects, deviceName, recipe } = proposal
  const { split, medianShape, medianSpacingMm, classes, casesRead } = fingerprint
  const mm = medianSpacingMm.map((value) => Number(value.toFixed(2))).join('×')
  const sizes = classes.map(({ medianMl, cases }) =>
    cases === 0 ? 'none' : `${medianMl.toFixed(1)} ml`,
  )
  const seconds = expects.secondsPerStep
  const unlabelled = fingerprint.unlabelled > 0 ? `, ${fingerprint.unlabelled} unlabelled` : ''
  const time =
    seconds === null
      ? 'time not measured'
      : `about ${duration(seconds * recipe.steps)} without validation`
  return [
    `${fingerprint.datasetName}: ${split.train} training, ${split.validation} validation, ${split.test} test cases${unlabelled}; ${casesRead} read.`,
    `Median case ${medianShape.map(Math.round).join('×')} voxels of ${mm} mm without the empty border; necrosis ${sizes[0]}, oedema ${sizes[1]}, enhancing tumour ${sizes[2]}.`,
    `Device: ${deviceName} (${proposal.backend}).`,
    '',
    ...reasons.map(
      ({ choice, value, because }) =>
        `${TITLES[choice].padEnd(15)}${value}\n${' '.repeat(15)}${because}`,
    ),
    '',
    `Expected: ${(expects.memoryBytes / 2 ** 30).toFixed(1)} GiB of memory, ${expects.gflopPerStep.toPrecision(3)} GFLOP a step, ${time}.`,
  ].join('\n')
}

const TITLES: Record<TrainingProposal['reasons'][number]['choice'], string> = {
  sequences: 'sequences',
  normalisation: 'normalisation',
  spacing: 'voxel size',
  network: 'network',
  patch: 'patch',
  levels: 'levels',
  batch: 'batch',
  learningRate: 'learning rate',
  steps: 'steps',
  validation: 'validation',
}

const duration = (seconds: number): string =>
  seconds < 5400 ? `${Math.ceil(seconds / 60)} minutes` : `${(seconds / 3600).toFixed(1)} hours`

function channelList(text: string): number[] {
  const channels = text.split(',').map(Number)
  const isSound = channels.every((n) => Number.isInteger(n) && n >= 2 && n <= 512)
  if (isSound && channels.length >= 2 && channels.length <= 6) return channels
  throw new InvalidArgumentError('It must list 2 to 6 whole numbers, e.g. 16,32,64.')
}
