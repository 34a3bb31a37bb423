import { describe, expect, it } from 'vitest'
import type { FileSystemPort } from './fileSystemPort.ts'
import { writeFileAtomically } from './writeFileAtomically.ts'

function recordingFiles(failOn: string | null = null): { files: FileSystemPort; calls: string[] } {
  const calls: string[] = []
  const record = async (call: string): Promise<void> => {
    calls.push(call)
    if (failOn && call.startsWith(failOn)) throw new Error('no space left')
  }
  return {
    calls,
    files: {
      readFile: async () => new Uint8Array(),
      writeAndSync: (path) => record(`write ${path}`),
      rename: (from, to) => record(`rename ${from} ${to}`),
      syncFolder: (path) => record(`sync ${path}`),
      remove: (path) => record(`remove ${path}`),
      makeFolder: (path) => record(`make ${path}`),
    },
  }
}

describe('an atomic write', () => {
  it('flushes the new file before the rename and the folder after it', async () => {
    const { files, calls } = recordingFiles()
    await writeFileAtomically(files, '/jobs/a/last.safetensors', new Uint8Array(3))
    expect(calls).toEqual([
      'write /jobs/a/last.safetensors.part',
      'rename /jobs/a/last.safetensors.part /jobs/a/last.safetensors',
      'sync /jobs/a',
    ])
  })

  it('removes the temporary file and passes the error on where the disk is full', async () => {
    const { files, calls } = recordingFiles('write')
    await expect(writeFileAtomically(files, '/jobs/a/x', new Uint8Array(3))).rejects.toThrow(
      'no space left',
    )
    expect(calls).toEqual(['write /jobs/a/x.part', 'remove /jobs/a/x.part'])
  })
})
