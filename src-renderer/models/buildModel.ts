import type { Model } from '../../src-main/contract/index.ts'

/** A model for tests: a FLAIR student that nothing was made from; override what matters. */
export const buildModel = (parts: Partial<Model> = {}): Model => ({
  id: 'model-one',
  name: 'Model one',
  role: 'student',
  sequences: ['flair'],
  network: {
    kind: 'unet',
    channels: [8, 16],
    convolutionsPerLevel: 1,
    residual: false,
    deepSupervision: false,
  },
  parameterCount: 1000,
  origin: 'train',
  strategy: 'none',
  parentId: null,
  teacherId: null,
  jobId: null,
  weightsSha256: '0'.repeat(64),
  status: 'challenger',
  trainedOnSynthetic: false,
  validationDice: null,
  createdAt: '2026-01-01T00:00:00Z',
  ...parts,
})
