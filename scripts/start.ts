/**
 * `npm start [-- --serve] [-- --workspace FOLDER]`: the desktop window where Electron's binary is present or can be
 * fetched and there is a screen; otherwise the same program in the browser.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

const ELECTRON = join('node_modules', 'electron')
/** A slow line needs minutes for the hundred megabytes; a blocked one must not hold the start up for longer. */
const ELECTRON_DOWNLOAD_LIMIT_MS = 10 * 60_000

const { values } = parseArgs({
  options: { serve: { type: 'boolean', default: false }, workspace: { type: 'string' } },
})
const workspaceArguments = values.workspace === undefined ? [] : ['--workspace', values.workspace]

function hasScreen(): boolean {
  if (process.platform !== 'linux') return true
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])
}

function electronExecutable(): string | null {
  const pathFile = join(ELECTRON, 'path.txt')
  if (!existsSync(pathFile)) return null
  const executable = join(ELECTRON, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(executable) ? executable : null
}

/** Says why there is no window, or null when there can be one. */
function reasonForBrowser(): string | null {
  if (values.serve) return 'Asked for with --serve'
  if (!hasScreen()) return 'This machine has no screen'
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return 'Electron’s sandbox does not run as root'
  }
  if (electronExecutable() !== null) return null
  console.log('Fetching Electron (once, about 100 MB) …')
  spawnSync(process.execPath, [join(ELECTRON, 'install.js')], {
    stdio: ['ignore', 'inherit', 'ignore'],
    timeout: ELECTRON_DOWNLOAD_LIMIT_MS,
  })
  return electronExecutable() === null ? 'Electron’s binary could not be fetched' : null
}

function build(...scripts: string[]): void {
  for (const script of scripts) {
    const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' })
    if (status !== 0) process.exit(status ?? 1)
  }
}

function endWith(child: ChildProcess): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => child.kill(signal))
  }
  child.once('exit', (code) => process.exit(code ?? 1))
}

function openBrowser(address: string): void {
  const [command, ...rest] =
    process.platform === 'win32'
      ? ['cmd', '/c', 'start', '', address]
      : [process.platform === 'darwin' ? 'open' : 'xdg-open', address]
  // The link is printed as well, so a machine without a browser loses nothing.
  spawn(command, rest, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}

function startInBrowser(reason: string): void {
  console.log(`${reason}: Gliadesk starts in the browser instead of a window.`)
  build('scripts/buildRenderer.ts')
  const core = spawn(process.execPath, ['src-main/core/main.ts', '--json', ...workspaceArguments], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  endWith(core)
  createInterface({ input: core.stdout }).once('line', (line) => {
    const { address, workspace } = JSON.parse(line) as { address: string; workspace: string }
    console.log(`\nWorkspace  ${workspace}\nOpen once  ${address}\n\nCtrl+C ends Gliadesk.`)
    if (hasScreen()) openBrowser(address)
  })
}

function startInWindow(executable: string): void {
  build('scripts/build.ts')
  endWith(
    spawn(executable, ['.'], {
      stdio: 'inherit',
      env: {
        ...process.env,
        ...(values.workspace === undefined ? {} : { GLIADESK_WORKSPACE: values.workspace }),
      },
    }),
  )
}

const reason = reasonForBrowser()
const executable = electronExecutable()
if (reason !== null || executable === null) startInBrowser(reason ?? 'Electron’s binary is missing')
else startInWindow(executable)
