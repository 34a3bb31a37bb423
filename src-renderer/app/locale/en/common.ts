import type {
  BackendChoice,
  BackendName,
  DistillationStrategy,
  JobKind,
  JobState,
  Model,
  Region,
  ReviewState,
  Split,
} from '../../../../src-main/contract/index.ts'

export const plural = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`

export const common = {
  cancel: 'Cancel',
  close: 'Close',
  retry: 'Try again',
  save: 'Save',
  start: 'Start',
  research: 'Research use only',
  researchDetail:
    'Not a medical device. Results must not be used for diagnosis or to decide on treatment.',
  synthetic: 'Synthetic',
  syntheticDetail: 'Generated data. Figures measured on it say nothing about patients.',
  unknown: '–',
  cases: (count: number) => plural(count, 'case', 'cases'),
  reviewStates: {
    unseen: 'Unseen',
    'in-progress': 'In progress',
    corrected: 'Corrected',
    approved: 'Approved',
    flagged: 'Flagged',
  } satisfies Record<ReviewState, string>,
  splits: {
    train: 'Training',
    validation: 'Validation',
    test: 'Test',
    none: 'No split',
  } satisfies Record<Split, string>,
  jobKinds: {
    train: 'Train',
    distil: 'Distil',
    finetune: 'Fine-tune',
    predict: 'Predict',
    evaluate: 'Evaluate',
  } satisfies Record<JobKind, string>,
  jobStates: {
    queued: 'Queued',
    running: 'Running',
    paused: 'Paused',
    done: 'Done',
    failed: 'Failed',
    cancelled: 'Cancelled',
  } satisfies Record<JobState, string>,
  roles: { teacher: 'Teacher', student: 'Student' } satisfies Record<Model['role'], string>,
  statuses: {
    champion: 'Champion',
    challenger: 'Challenger',
    retired: 'Retired',
  } satisfies Record<Model['status'], string>,
  origins: {
    shipped: 'Shipped with Gliadesk',
    train: 'Trained here',
    distil: 'Distilled here',
    finetune: 'Fine-tuned here',
    import: 'Imported',
  } satisfies Record<Model['origin'], string>,
  regions: {
    WT: 'Whole tumour',
    TC: 'Tumour core',
    ET: 'Enhancing tumour',
  } satisfies Record<Region, string>,
  backends: {
    tensorflow: 'TensorFlow',
    webgpu: 'WebGPU',
    wasm: 'WebAssembly',
  } satisfies Record<BackendName, string>,
  backendChoices: {
    auto: 'Automatic',
    tensorflow: 'TensorFlow',
    webgpu: 'WebGPU',
    wasm: 'WebAssembly',
  } satisfies Record<BackendChoice, string>,
  strategies: {
    none: 'No distillation',
    'label-smoothing': 'Label smoothing',
    logits: 'Soft answers',
    hint: 'Feature hints',
    'kd-net': 'KD-Net style',
    pmkl: 'PMKL style',
    prototype: 'Prototypes',
    'gkd-published': 'GKD as published',
    gkd: 'GKD',
  } satisfies Record<DistillationStrategy, string>,
}
