import { readdir, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'

/** Where disks, sticks and network shares appear on this system: full paths that exist. */
export async function listDrives(platform: NodeJS.Platform): Promise<string[]> {
  if (platform === 'win32') {
    const letters = Array.from({ length: 26 }, (_, n) => `${String.fromCharCode(65 + n)}:\\`)
    const present = await Promise.all(letters.map((root) => stat(root).catch(() => null)))
    return letters.filter((_, n) => present[n] !== null)
  }
  const parents =
    platform === 'darwin'
      ? ['/Volumes']
      : ['/mnt', '/media', join('/media', userInfo().username), '/run/media']
  const mounts = await Promise.all(
    parents.map(async (parent) => {
      const entries = await readdir(parent, { withFileTypes: true }).catch(() => [])
      return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(parent, name))
    }),
  )
  return ['/', ...mounts.flat()]
}
