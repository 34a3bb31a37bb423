import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { GliadeskError } from '../../src-main/contract/index.ts'
import { captureCommand, runCommand } from './runCommand.ts'
import { WHEEL_PLATFORM, WHEEL_TAGS } from './tensorflowWheel.ts'

/**
 * Fetches one wheel through pip, which knows the package index, mirror and certificates of this computer. A file already
 * there is kept; a download that broke off is taken up again where pip can (25.1 and newer).
 *
 * @param sha256 what the file must hash to; null leaves the check to pip and its index
 * @returns path and hash of the wheel
 */
export async function fetchWheel(options: {
  readonly python: string
  readonly requirement: string
  readonly sha256: string | null
  readonly folder: string
}): Promise<{ readonly path: string; readonly sha256: string }> {
  mkdirSync(options.folder, { recursive: true })
  const kept = findWheel(options.folder)
  if (kept) {
    const hash = await hashFile(kept)
    if (options.sha256 === null || hash === options.sha256) return { path: kept, sha256: hash }
    rmSync(kept)
  }
  const code = await runCommand(options.python, [
    ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--progress-bar', 'on'],
    ...['--dest', options.folder],
    ...['--platform', WHEEL_PLATFORM, ...WHEEL_TAGS, ...resumeOption(options.python)],
    options.requirement,
  ])
  const path = code === 0 ? findWheel(options.folder) : null
  if (!path) {
    throw new GliadeskError(
      'BACKEND_UNAVAILABLE',
      `pip could not fetch ${options.requirement}; its message is above.`,
      'Check the network connection or pip’s index, then run the same command again.',
    )
  }
  const hash = await hashFile(path)
  if (options.sha256 !== null && hash !== options.sha256) {
    rmSync(path)
    throw new GliadeskError(
      'BACKEND_UNAVAILABLE',
      `The file pip fetched for ${options.requirement} is not the expected one (sha256 ${hash}). It was deleted.`,
      'Check which package index pip uses ("pip config list"), then run the same command again.',
    )
  }
  return { path, sha256: hash }
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

function findWheel(folder: string): string | null {
  const name = existsSync(folder) && readdirSync(folder).find((entry) => entry.endsWith('.whl'))
  return name ? join(folder, name) : null
}

function resumeOption(python: string): string[] {
  const version = /pip (\d+)\.(\d+)/.exec(captureCommand(python, ['-m', 'pip', '--version']) ?? '')
  const [major, minor] = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)]
  return major > 25 || (major === 25 && minor >= 1) ? ['--resume-retries', '20'] : []
}
