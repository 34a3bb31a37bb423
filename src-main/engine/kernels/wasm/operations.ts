/** Numbers of the operations in the compiled module (assembly/index.ts). */
export const OPERATIONS = {
  convolve: 0,
  packFilter: 1,
  filterGradient: 2,
  sumChunks: 3,
} as const
export type Operation = (typeof OPERATIONS)[keyof typeof OPERATIONS]
