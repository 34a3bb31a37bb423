import type { ModelFormat } from '../../../../src-main/contract/index.ts'
import { plural } from './common.ts'

const percentPoints = (value: number): string =>
  `${value < 0 ? '−' : '+'}${Math.abs(100 * value).toFixed(1)}`

export const models = {
  overview: 'All models',
  detail: 'The chosen model',
  lineage: 'Lineage',
  lineageDetail: 'Who learned from whom, oldest on the left',
  edges: { teacher: 'distilled from', parent: 'fine-tuned from' },
  slots: 'Slots',
  slotColumn: 'Slot',
  slot: (role: string, sequences: string) => `${role}, ${sequences}`,
  empty: 'No model yet',
  emptyDetail: 'Train a teacher first; it appears here as soon as its run is done.',
  goToTraining: 'Go to training',
  graph: 'Tree of models',
  parameters: (count: number) =>
    count >= 1e6
      ? `${(count / 1e6).toFixed(2)} million parameters`
      : `${Math.round(count / 1e3)} thousand parameters`,
  facts: {
    role: 'Role',
    sequences: 'Sequences',
    origin: 'Origin',
    strategy: 'Distillation',
    teacher: 'Teacher',
    parent: 'Fine-tuned from',
    parameters: 'Size',
    network: 'Network',
    created: 'Made',
    job: 'Run',
    showJob: 'Show its curves',
    weights: 'Weights',
    trainedOn: 'Trained on',
    syntheticData: 'generated cases',
    realData: 'imported cases',
    elsewhere: 'another program’s data',
  },
  validation: 'Validation Dice while training',
  evaluations: 'Evaluations on held-out cases',
  evaluationOf: (dataset: string, split: string) => `${dataset}, ${split.toLowerCase()} split`,
  noEvaluation: 'Not measured yet',
  noEvaluationDetail: 'Measure it on a data set’s test cases, which no training has seen.',
  evaluate: 'Measure…',
  export: {
    open: 'Export…',
    title: (name: string) => `Export ${name}`,
    description:
      'For use in other programs. The file says how images have to be prepared; research use only.',
    format: 'Format',
    formats: {
      onnx: {
        label: 'ONNX',
        detail: 'One file for onnxruntime, 3D Slicer extensions, Python and C++.',
      },
      tfjs: {
        label: 'TensorFlow.js',
        detail: 'A folder for tf.loadGraphModel, in a browser or in Node.',
      },
      safetensors: {
        label: 'safetensors',
        detail: 'The weights alone, by the names of their layers.',
      },
    } satisfies Record<ModelFormat, { label: string; detail: string }>,
    choose: 'Choose a folder…',
    chooseTitle: 'Folder for the exported model',
    done: (bytes: number) => `Written, ${(bytes / 1e6).toFixed(2)} MB.`,
  },
  caseDots: 'One dot a case; the bar spans the middle half, the tick is the mean',
  dice: 'Dice',
  hd95: 'HD95, mm',
  volumeError: 'Volume error, ml',
  region: 'Region',
  mean: 'Mean',
  median: 'Median',
  undefinedCases: (count: number) => `${plural(count, 'case', 'cases')} undefined`,
  dotsOf: (region: string, count: number, mean: string) =>
    `${region}: ${plural(count, 'case', 'cases')}, mean Dice ${mean}`,
  perCase: 'Case by case',
  compareWith: 'Against the champion',
  comparing: 'Compared with',
  comparison: {
    champion: 'Champion',
    challenger: 'Challenger',
    difference: 'Difference',
    interval: '95 % interval',
    points: percentPoints,
    range: (low: number, high: number) => `${percentPoints(low)} to ${percentPoints(high)}`,
    unit: 'Dice points, paired over the same held-out cases',
    cases: (count: number) => plural(count, 'held-out case', 'held-out cases'),
    measure: 'Measure both on the test cases',
    measureStarted: 'Measurement queued',
    noDataset: 'There is no data set with test cases to measure on.',
    synthetic: 'Measured on generated cases: it says nothing about patients.',
    verdicts: {
      better: 'Better',
      'no-difference-shown': 'No difference shown',
      worse: 'Worse',
      'not-measured': 'Not measured',
    },
  },
  fitted: {
    title: 'Fitted on validation cases',
    detail: (cases: number) =>
      `Chosen on ${plural(cases, 'validation case', 'validation cases')} alone, and used at every prediction`,
    components: (ml: number) =>
      ml > 0 ? `Pieces of tumour below ${ml} ml are removed` : 'No piece of tumour is removed',
    enhancing: (ml: number) =>
      ml > 0
        ? `Enhancing tumour below ${ml} ml in a whole case is taken for necrosis`
        : 'Enhancing tumour is kept however small',
    dice: (before: string, after: string) => `Mean Dice there: ${before} → ${after}`,
    temperature: (value: string) => `Probabilities are softened by a temperature of ${value}`,
    before: 'Before',
    after: 'After',
    axes: 'How often the network is right (up) against how sure it is (right); the dashed line is perfect.',
    reliability: (before: string, after: string) =>
      `Reliability diagram: expected calibration error ${before} before and ${after} after`,
  },
  promote: 'Promote',
  promoteTitle: (name: string) => `Make “${name}” the champion?`,
  promoteDetail: (slot: string) =>
    `New predictions for ${slot} will come from it. The current champion stays one click away.`,
  promoteConfirm: 'Promote',
  promoted: (name: string) => `“${name}” is the champion now`,
  rollBack: 'Roll back',
  rollBackTitle: 'Go back to the champion before?',
  rollBackDetail: (name: string) =>
    `“${name}” steps down and the model that was champion before it takes its place. Nothing is deleted.`,
  rollBackConfirm: 'Roll back',
  rolledBack: (name: string) => `“${name}” is the champion again`,
  evaluateDialog: {
    title: 'Measure models',
    description: 'Predicts every case of the split and scores it against its reference labels.',
    models: 'Models',
    dataset: 'Data set',
    split: 'Split',
    cases: (count: number) => plural(count, 'case', 'cases'),
    start: 'Measure',
    started: 'Measurement queued',
    showJob: 'Show the job',
  },
}
