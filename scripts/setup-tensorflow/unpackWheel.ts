import { GliadeskError } from '../../src-main/contract/index.ts'
import { runCommand } from './runCommand.ts'

/** Unpacks the members whose names start with one of the prefixes, keeping the wheel's layout: libraries find each
 * other by relative paths. Python's zip module copes with members over 2 GB. */
const PROGRAM = `
import sys, zipfile
wheel, target, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(target, [n for n in archive.namelist() if n.startswith(tuple(prefixes))])
`

/** What of the TensorFlow wheel is used: two libraries, the C headers and what those include, and the notices. */
export const TENSORFLOW_MEMBERS = [
  'tensorflow/libtensorflow_cc.so.2',
  'tensorflow/libtensorflow_framework.so.2',
  'tensorflow/include/tensorflow/c/',
  'tensorflow/include/tensorflow/core/platform/',
  'tensorflow/include/xla/tsl/',
  'tensorflow/include/tsl/',
  'tensorflow/THIRD_PARTY_NOTICES.txt',
]

/** What of an nvidia-* wheel is used. */
export const CUDA_MEMBERS = ['nvidia/']

export async function unpackWheel(
  python: string,
  wheel: string,
  target: string,
  prefixes: readonly string[],
): Promise<void> {
  const code = await runCommand(python, ['-c', PROGRAM, wheel, target, ...prefixes])
  if (code === 0) return
  throw new GliadeskError(
    'BACKEND_UNAVAILABLE',
    `${wheel} could not be unpacked; the reason is above.`,
    'Check the free disk space, then run the same command again.',
  )
}
