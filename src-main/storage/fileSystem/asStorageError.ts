import { GliadeskError } from '../../contract/index.ts'

/**
 * Turns an operating-system failure into a sentence with a remedy. An error that is already one of ours
 * passes through.
 *
 * @param doing what was being done, e.g. "saving the label version"
 * @param path the file or folder it was done to
 */
export function asStorageError(cause: unknown, doing: string, path: string): GliadeskError {
  if (cause instanceof GliadeskError) return cause
  const code = (cause as NodeJS.ErrnoException | null)?.code
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new GliadeskError(
        'DISK_FULL',
        `The disk is full: ${doing} failed at ${path}. Nothing saved before was lost.`,
        'Free some space on that disk, then try again.',
        { cause },
      )
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new GliadeskError(
        'READ_ONLY',
        `${path} cannot be written: ${doing} failed because the folder is read-only for this user.`,
        'Choose a folder you may write to, or ask whoever looks after this computer for write access.',
        { cause },
      )
    case 'ENOENT':
      return new GliadeskError(
        'NOT_FOUND',
        `${path} does not exist (any more), so ${doing} failed.`,
        'Check that the drive is connected and that the folder was not moved or renamed.',
        { cause },
      )
    case 'ENOTDIR':
    case 'EEXIST':
      return new GliadeskError(
        'BAD_INPUT',
        `${path} cannot be used, because a file lies where a folder is needed: ${doing} failed.`,
        'Choose another folder.',
        { cause },
      )
    default:
      return new GliadeskError(
        'INTERNAL',
        `${doing} failed at ${path}: ${cause instanceof Error ? cause.message : String(cause)}.`,
        'Try again; if it keeps happening, send the newest file of the workspace’s logs folder to support.',
        { cause },
      )
  }
}
