import type { ExperimentProtocol } from '../protocol/index.ts'
import { table } from './format.ts'

/** What was fixed beforehand, as a table and the settings of every arm. */
export function describeProtocol(protocol: ExperimentProtocol): string {
  const { cohort, network, teacherNetwork, training } = protocol
  const rows = [
    [
      'cases a seed',
      `${cohort.labelled} labelled (label noise ${cohort.labelNoise}), ${cohort.unlabelled} unlabelled with four sequences, ${cohort.test} test (exact labels); ceiling: ${cohort.ceiling} labelled`,
    ],
    [
      'images',
      `head of ${cohort.headDims.join('×')} voxels, window of ${cohort.dims.join('×')} around the tumour, off by up to ${cohort.windowJitter} voxels; κ = ${cohort.kappa}`,
    ],
    [
      'student network',
      `U-Net, channels ${network.channels.join(', ')}, ${network.convolutionsPerLevel} convolution a level${network.deepSupervision ? ', deep supervision' : ''}`,
    ],
    [
      'teacher network',
      `U-Net, channels ${teacherNetwork.channels.join(', ')}, same labelled cases`,
    ],
    [
      'training',
      `${training.steps} steps (teacher ${training.teacherSteps}, ceiling ${training.ceilingSteps}), last weights; ${training.labelledPerBatch} labelled cases a batch, with a pool ${training.unlabelledPerBatch} more that only the teacher speaks for (confidence: ${training.poolConfidence}); Adam ${training.learningRate}, weight decay ${training.weightDecay}`,
    ],
    [
      'augmentation',
      Object.entries(training.augmentation)
        .filter(([, on]) => on)
        .map(([name]) => name)
        .join(', ') || 'none',
    ],
    ['seeds', `${protocol.seeds.join(', ')}; each redraws cases, label noise, start and order`],
  ]
  const arms = protocol.arms.map(({ id, title, distillation, pool, teacher, cases, steps }) => {
    const { strategy, ...settings } = distillation
    return [
      `\`${id}\``,
      title,
      strategy,
      Object.entries(settings)
        .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join('+') : value}`)
        .join(', '),
      [
        pool ? 'pool' : '',
        teacher === 'four-sequences' ? '' : `teacher: ${teacher}`,
        cases === 'ceiling' ? 'ceiling’s cases' : '',
        steps === undefined ? '' : `${steps} steps`,
      ]
        .filter(Boolean)
        .join(', '),
    ]
  })
  return `${table(['what', 'fixed at'], rows)}\n\n${table(['arm', 'title', 'strategy', 'settings', 'special'], arms)}`
}
