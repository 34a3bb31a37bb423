import { spawn, spawnSync } from 'node:child_process'

/** Runs a program with its output on our terminal; resolves to its exit code, null where it does not exist. */
export function runCommand(command: string, args: readonly string[]): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit' })
    child.on('error', () => resolve(null))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

/** What a program prints, or null where it does not exist or fails. */
export function captureCommand(command: string, args: readonly string[]): string | null {
  const result = spawnSync(command, args, { encoding: 'utf8' })
  return result.status === 0 ? result.stdout : null
}
