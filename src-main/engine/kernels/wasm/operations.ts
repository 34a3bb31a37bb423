/** Numbers of the operations in the compiled module (assembly/index.ts). */
export const OPERATIONS = {
  convolve: 0,
  packFilter: 1,
  filterGradient: 2,
  sumChunks: 3,
  binary: 4,
  unary: 5,
  copyStrided: 6,
  reduce: 7,
  softmax: 8,
  chunkMoments: 9,
  combineMoments: 10,
  normalise: 11,
  chunkGradientSums: 12,
  combineGradientSums: 13,
  normaliseGradient: 14,
  lossSums: 15,
  lossGradient: 16,
  softmaxPlanes: 17,
  interpolateRows: 18,
  labelRows: 19,
} as const
export type Operation = (typeof OPERATIONS)[keyof typeof OPERATIONS]
