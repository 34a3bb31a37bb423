import { basename, resolve } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import {
  GliadeskError,
  REGIONS,
  regionSchema,
  sequenceSchema,
  type NetworkAnswer,
  type NetworkAxes,
  type Region,
  type Sequence,
} from '../../contract/index.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { gridSize, numberBetween } from '../options.ts'

/** How arrays lie in the patient, by the framework that trained the network. */
const FRAMEWORKS: Record<'nnunet' | 'monai', NetworkAxes> = {
  nnunet: { order: 'zyx', orientation: 'LPS' },
  monai: { order: 'xyz', orientation: 'RAS' },
}

interface ImportModelOptions {
  readonly name?: string
  readonly role: 'teacher' | 'student'
  readonly sequences: Sequence[]
  readonly labels?: number[]
  readonly regions?: Region[]
  readonly framework: keyof typeof FRAMEWORKS
  readonly window: [number, number, number]
  readonly spacing?: number
  readonly output?: string
  readonly holds?: 'logits' | 'probabilities'
  readonly tap: Record<string, string>
}

export function registerImportModel(program: Command, runner: CommandRunner): void {
  program
    .command('import-model')
    .description(
      'take in a trained network of nnU-Net or MONAI as an ONNX file, to predict and teach',
    )
    .argument('<file>', 'the .onnx file')
    .requiredOption(
      '--sequences <names>',
      'what the input channels are, in order, e.g. t1,t1ce,t2,flair',
      listOf((name) => sequenceSchema.parse(name.toLowerCase())),
    )
    .option(
      '--labels <values>',
      'label of every output channel, in order: 0 background, 1 NCR, 2 ED, 3 ET',
      listOf(Number),
    )
    .option(
      '--regions <names>',
      `region of every output channel, in order, e.g. ${REGIONS.join(',')}`,
      listOf((name) => regionSchema.parse(name.toUpperCase())),
    )
    .requiredOption(
      '--window <voxels>',
      'along x, y, z, as it was trained, e.g. 128x128x128',
      gridSize,
    )
    .option('--spacing <mm>', 'edge of its voxels (default: as the images)', numberBetween(0.1, 10))
    .addOption(
      new Option('--framework <name>', 'whose order and direction of axes it has')
        .choices(Object.keys(FRAMEWORKS))
        .default('nnunet'),
    )
    .option('--output <name>', 'its output (default: the first)')
    .addOption(
      new Option(
        '--holds <what>',
        'what the output holds (default: by its last operation)',
      ).choices(['logits', 'probabilities']),
    )
    .option(
      '--tap <layer=name>',
      'a value to distil from, e.g. bottleneck=/encoder/stages.5/out; repeatable',
      addTap,
      {},
    )
    .addOption(
      new Option('--role <role>', 'what it competes as')
        .choices(['teacher', 'student'])
        .default('teacher'),
    )
    .option('--name <name>', 'default: the name of the file')
    .addHelpText(
      'after',
      '\nImages are given as z-scores over the non-zero voxels of each sequence (nnU-Net’s default for glioma data, MONAI’s NormalizeIntensity with nonzero and channel_wise).',
    )
    .action(async (file: string, options: ImportModelOptions, command: Command) => {
      await runner.withWorkspace(command, async ({ client, report }) => {
        const model = await client.interchange.importModel({
          path: resolve(file),
          name: options.name ?? basename(file, '.onnx').slice(0, 80),
          role: options.role,
          sequences: options.sequences,
          answer: answerOf(options),
          axes: FRAMEWORKS[options.framework],
          window: options.window,
          normalisation: 'z-score-nonzero',
          taps: options.tap,
          ...(options.spacing === undefined ? {} : { spacingMm: options.spacing }),
          ...(options.output === undefined ? {} : { output: options.output }),
          ...(options.holds === undefined ? {} : { holds: options.holds }),
        })
        report.result(model, ({ id, name, parameterCount, network }) => {
          const taps = Object.entries(network.imported?.taps ?? {}).map(
            ([tap, { value, channels }]) => `  ${tap}: ${value}, ${channels} channels`,
          )
          return [
            `${name} (${id}): ${parameterCount.toLocaleString('en')} parameters; its answer is read as ${network.imported?.holds}.`,
            'Layers for distillation:',
            ...taps,
          ].join('\n')
        })
      })
    })
}

function answerOf({ labels, regions }: ImportModelOptions): NetworkAnswer {
  if (labels && !regions) return { kind: 'classes', labels }
  if (regions && !labels) return { kind: 'regions', regions }
  throw new GliadeskError(
    'BAD_INPUT',
    'It is not said what the network’s output channels mean.',
    'Give either --labels or --regions, in the order of the channels.',
  )
}

/** Parses "a,b,c" item by item. */
function listOf<T>(parse: (item: string) => T) {
  return (text: string): T[] =>
    text.split(',').map((item) => {
      try {
        return parse(item.trim())
      } catch {
        throw new InvalidArgumentError(`"${item}" is not understood.`)
      }
    })
}

function addTap(text: string, known: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It must look like bottleneck=/encoder/out.')
  return { ...known, [text.slice(0, at)]: text.slice(at + 1) }
}
