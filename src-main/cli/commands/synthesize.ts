import { resolve } from 'node:path'
import type { Command } from 'commander'
import { synthesizeCohort } from '../../services/datasets/index.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { gridSize, numberBetween, wholeNumber } from '../options.ts'
import { createProgressLine } from '../terminal/progressLine.ts'

interface SynthesizeOptions {
  readonly cases: number
  readonly unlabelled: number
  readonly size: [number, number, number]
  readonly seed: number
  readonly cues: number
  readonly labelNoise: number
  readonly scannerContrast: number
  readonly scannerBias: number
  readonly scannerNoise: number
  readonly name?: string
}

export function registerSynthesize(program: Command, runner: CommandRunner): void {
  program
    .command('synthesize')
    .description(
      'write a cohort of synthetic glioma studies as a BraTS folder (docs/synthetic-cohort.md)',
    )
    .argument('<folder>', 'where it goes; must hold nothing yet')
    .option('--cases <count>', 'how many studies', wholeNumber(1, 9999), 24)
    .option(
      '--unlabelled <count>',
      'further training studies without a segmentation, for a teacher to speak for',
      wholeNumber(0, 9999),
      0,
    )
    .option('--size <XxYxZ>', 'voxels, at most 240x240x155', gridSize, [64, 64, 56])
    .option('--seed <number>', 'the same seed gives the same cohort', wholeNumber(0), 1)
    .option(
      '--cues <0–1>',
      'the dial κ: how much FLAIR and T1 hint at what T1ce shows',
      numberBetween(0, 1),
      0.5,
    )
    .option('--label-noise <0–1>', 'carelessness of the training labels', numberBetween(0, 1), 0)
    .option('--scanner-contrast <factor>', 'contrast of another scanner', numberBetween(0.25, 4), 1)
    .option('--scanner-bias <factor>', 'its bias field', numberBetween(0, 4), 1)
    .option('--scanner-noise <factor>', 'its noise', numberBetween(0, 8), 1)
    .option('--name <name>', 'what to call the data set')
    .action(async (folder: string, options: SynthesizeOptions, command: Command) => {
      await runner.withReport(command, async (report) => {
        const progress = createProgressLine(process.stderr)
        const interrupt = new AbortController()
        const stop = (): void => interrupt.abort(new Error('Stopped; what was written is removed.'))
        process.once('SIGINT', stop)
        try {
          const cohort = await synthesizeCohort({
            folder: resolve(folder),
            caseCount: options.cases,
            unlabelledCount: options.unlabelled,
            dims: options.size,
            seed: options.seed,
            kappa: options.cues,
            labelNoise: options.labelNoise,
            scanner: {
              contrast: options.scannerContrast,
              bias: options.scannerBias,
              noise: options.scannerNoise,
            },
            ...(options.name === undefined ? {} : { name: options.name }),
            onProgress: ({ done, total, caseName }) =>
              progress.update({ done, total, message: caseName, etaSeconds: null }),
            signal: interrupt.signal,
          })
          progress.stop()
          report.result(
            { folder: resolve(folder), ...cohort },
            ({ cases }) =>
              `${cases.length} synthetic cases written to ${resolve(folder)}. They are synthetic: nothing measured on them says how well a network does on patients.`,
          )
        } finally {
          progress.stop()
          process.off('SIGINT', stop)
        }
      })
    })
}
