import type { FileSystem, WritableFile } from '../fileSystemPort.ts'
import { systemError } from './memoryFileSystem.ts'

export interface FaultyFileSystem extends FileSystem {
  /** From now on every write fails so, after half of its bytes; null mends the disk. */
  breakWrites(code: 'ENOSPC' | 'EROFS' | 'EACCES' | null): void
}

/** A real file system whose disk can be made full or read-only. */
export function faultyFileSystem(real: FileSystem): FaultyFileSystem {
  let broken: string | null = null
  const faulty = (file: WritableFile): WritableFile => ({
    ...file,
    write: async (bytes) => {
      if (!broken) return file.write(bytes)
      await file.write(bytes.subarray(0, bytes.length >> 1))
      throw systemError(broken)
    },
  })
  return {
    ...real,
    breakWrites: (code) => (broken = code),
    createFile: async (path) => faulty(await real.createFile(path)),
    appendFile: async (path) => faulty(await real.appendFile(path)),
  }
}
