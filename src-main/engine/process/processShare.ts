import { defaultThreads } from '../kernels/index.ts'

/**
 * What one of several processes of a job may use: its part of the threads, and of several graphics cards its own.
 * WebAssembly reads the first variable, TensorFlow the others.
 *
 * @param rank from 0
 * @param environment of the leading process; CUDA_VISIBLE_DEVICES holds the cards of the whole job
 */
export function processShare(
  rank: number,
  processes: number,
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const threads = Math.max(1, Math.floor(defaultThreads(environment) / processes))
  const share: Record<string, string> = {
    GLIADESK_THREADS: String(threads),
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: String(threads),
  }
  const cards = (environment.CUDA_VISIBLE_DEVICES ?? '').split(',').filter(Boolean)
  if (cards.length > 1) share.CUDA_VISIBLE_DEVICES = cards[rank % cards.length]
  return share
}
