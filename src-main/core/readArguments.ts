import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { GliadeskError } from '../contract/index.ts'
import type { HttpTarget } from './http/index.ts'

export interface CoreArguments {
  readonly workspacePath: string
  readonly target: HttpTarget
  /** Print one JSON line for programs instead of a sentence for people. */
  readonly json: boolean
  /** Fill a new workspace with synthetic cases. */
  readonly demo: boolean
}

export const USAGE = `Usage: node src-main/core/main.ts [--workspace FOLDER] [--port N | --socket PATH] [--no-demo] [--json]`

/**
 * @param values what follows the script's name on the command line
 * @param environment GLIADESK_WORKSPACE names the workspace where the command line does not
 * @throws GliadeskError BAD_INPUT
 */
export function readArguments(
  values: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): CoreArguments {
  let options
  try {
    options = parseArgs({
      args: [...values],
      options: {
        workspace: { type: 'string' },
        port: { type: 'string' },
        socket: { type: 'string' },
        json: { type: 'boolean', default: false },
        'no-demo': { type: 'boolean', default: false },
      },
    }).values
  } catch (cause) {
    throw new GliadeskError('BAD_INPUT', cause instanceof Error ? cause.message : '', USAGE)
  }
  const port = Number(options.port ?? '0')
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new GliadeskError('BAD_INPUT', `"${options.port}" is no port number.`, USAGE)
  }
  if (options.socket !== undefined && options.port !== undefined) {
    throw new GliadeskError('BAD_INPUT', 'Choose --port or --socket, not both.', USAGE)
  }
  return {
    workspacePath: resolve(
      options.workspace ?? environment.GLIADESK_WORKSPACE ?? join(homedir(), 'Gliadesk'),
    ),
    target: options.socket ? { kind: 'socket', path: options.socket } : { kind: 'serve', port },
    json: options.json || options.socket !== undefined,
    demo: !options['no-demo'],
  }
}
