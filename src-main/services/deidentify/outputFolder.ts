import { constants } from 'node:fs'
import { mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { GliadeskError } from '../../contract/index.ts'
import { asStorageError } from '../../storage/index.ts'

/** Where the copies go: one new file at a time, whole or not at all. */
export interface OutputFolder {
  /**
   * Writes pieces to a new file.
   *
   * @param name path below the folder, with "/"; a number is added where it is taken
   * @param ending e.g. ".dcm"
   * @returns the name that was used, with its ending
   * @throws the pieces' own error, or GliadeskError DISK_FULL or READ_ONLY; nothing is left of the file
   */
  write(name: string, ending: string, pieces: AsyncIterable<Uint8Array>): Promise<string>
}

/**
 * Makes sure that copies never mix with what is read or with anything else.
 *
 * @param signal ends the writing of a file between two pieces
 * @throws GliadeskError BAD_INPUT where the folder is not empty, or one of the two lies in the other
 */
export async function openOutputFolder(
  input: string,
  output: string,
  signal: AbortSignal,
): Promise<OutputFolder> {
  const from = await realpath(input).catch((cause: unknown) => {
    throw asStorageError(cause, 'opening what is to be de-identified', input)
  })
  await mkdir(output, { recursive: true }).catch((cause: unknown) => {
    throw asStorageError(cause, 'making the output folder', output)
  })
  const to = await realpath(output)
  if (isWithin(from, to) || isWithin(to, from)) {
    throw new GliadeskError(
      'BAD_INPUT',
      'The output folder and what is read lie in one another.',
      'Choose an output folder elsewhere: files are never changed in place.',
    )
  }
  if ((await readdir(to)).length > 0) {
    throw new GliadeskError(
      'BAD_INPUT',
      'The output folder is not empty.',
      'Choose an empty folder or a new one, so that nothing else is passed on with the copies.',
    )
  }
  return {
    write: async (name, ending, pieces) => {
      try {
        return await writeNew(to, name, ending, pieces, signal)
      } catch (error) {
        throw 'syscall' in Object(error) ? asStorageError(error, 'writing a copy', to) : error
      }
    },
  }
}

const isWithin = (inner: string, outer: string): boolean =>
  resolve(inner) === resolve(outer) || resolve(inner).startsWith(resolve(outer) + sep)

async function writeNew(
  root: string,
  name: string,
  ending: string,
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<string> {
  await mkdir(dirname(join(root, name)), { recursive: true })
  const temporary = join(root, `${name}${ending}.part`)
  const file = await open(temporary, 'wx')
  try {
    try {
      for await (const piece of pieces) {
        signal.throwIfAborted()
        await file.writeFile(piece)
      }
    } finally {
      await file.close()
    }
    const used = await freeName(root, name, ending)
    await rename(temporary, join(root, used))
    return used
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Takes the first free name by creating it, so that nothing is ever written over. */
async function freeName(root: string, name: string, ending: string): Promise<string> {
  for (let number = 1; ; number++) {
    const candidate = `${name}${number === 1 ? '' : `-${number}`}${ending}`
    try {
      const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY
      await (await open(join(root, candidate), flags)).close()
      return candidate
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
