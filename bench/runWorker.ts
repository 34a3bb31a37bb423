import { spawnSync } from 'node:child_process'

/**
 * Runs a measurement in a process of its own, the plan as its last argument, and reads the JSON record that it prints
 * last; null, with what it said on standard error, where it failed.
 */
export function runWorker<Plan, Outcome>(
  command: string,
  args: readonly string[],
  plan: Plan,
  environment: NodeJS.ProcessEnv = process.env,
): Outcome | null {
  const { status, stdout, stderr } = spawnSync(command, [...args, JSON.stringify(plan)], {
    encoding: 'utf8',
    env: environment,
    maxBuffer: 1 << 24,
  })
  const line = stdout?.trim().split('\n').at(-1) ?? ''
  if (status === 0 && line.startsWith('{')) return JSON.parse(line) as Outcome
  console.error(stderr)
  return null
}
