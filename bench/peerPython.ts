import { spawnSync } from 'node:child_process'

/** Why there is no peer to compare with, or the Python that has one. */
export type PeerPython =
  | { readonly command: string; readonly absent: null }
  | { readonly command: null; readonly absent: string }

/** Looks for PyTorch: in the Python that GLIADESK_BENCH_PYTHON names, else in `python3`. */
export function findPeerPython(): PeerPython {
  const command = process.env['GLIADESK_BENCH_PYTHON'] ?? 'python3'
  if (spawnSync(command, ['-c', 'import torch']).status === 0) return { command, absent: null }
  return {
    command: null,
    absent: `PyTorch is not here ("${command} -c 'import torch'" fails; GLIADESK_BENCH_PYTHON names another Python), so its ratios are left out.`,
  }
}
