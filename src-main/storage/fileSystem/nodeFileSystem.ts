import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import type { FileSystem, WritableFile } from './fileSystemPort.ts'

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code

function writableFile(handle: FileHandle): WritableFile {
  return {
    write: async (bytes) => {
      // FileHandle.write may be short (a nearly full disk): go on until everything is down or an error says why.
      for (let done = 0; done < bytes.length;) {
        done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten
      }
    },
    truncate: (length) => handle.truncate(length),
    sync: () => handle.sync(),
    close: () => handle.close(),
  }
}

/** The file system of this machine. */
export const nodeFileSystem: FileSystem = {
  readFile: (path) => readFile(path),
  sizeOf: async (path) => {
    try {
      return (await stat(path)).size
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null
      throw error
    }
  },
  listFolder: async (path) => {
    try {
      return await readdir(path)
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return []
      throw error
    }
  },
  createFile: async (path) => writableFile(await open(path, 'wx')),
  // 'r+' rather than 'a': an append-mode descriptor cannot be cut on every platform.
  appendFile: async (path) => {
    const handle = await open(path, 'a').then(async (created) => {
      await created.close()
      return open(path, 'r+')
    })
    let position = (await handle.stat()).size
    return {
      ...writableFile(handle),
      write: async (bytes) => {
        for (let done = 0; done < bytes.length;) {
          const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position)
          done += bytesWritten
          position += bytesWritten
        }
      },
      truncate: async (length) => {
        await handle.truncate(length)
        position = length
      },
    }
  },
  makeFolder: async (path) => {
    await mkdir(path, { recursive: true })
  },
  rename,
  remove: (path) => rm(path, { force: true }),
  syncFolder: async (path) => {
    // Windows cannot open a folder; NTFS journals its metadata by itself.
    if (process.platform === 'win32') return
    const folder = await open(path, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  },
}
