/** `npm run build`: page, shell and preload by electron.config.ts, and the staged core; no Electron binary needed. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

function run(name: string, ...rest: string[]): void {
  const executable = join(
    'node_modules',
    '.bin',
    process.platform === 'win32' ? `${name}.cmd` : name,
  )
  const { status } = spawnSync(executable, rest, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}

run('electron-vite', 'build', '--config', 'electron.config.ts')
run('node', 'scripts/stageCore.ts')
