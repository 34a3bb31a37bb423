import type { Command } from 'commander'
import type { GliadeskClient } from './client.ts'
import { EXIT, createReport, type ExitCode, type Report } from './terminal/report.ts'

/** Options every command has. */
export interface CommonOptions {
  readonly workspace: string
  readonly json: boolean
}

export interface OpenedWorkspace {
  readonly client: GliadeskClient
  close(): Promise<void>
}

/** What a command's action is given. */
export interface CommandContext {
  readonly client: GliadeskClient
  readonly report: Report
}

/** Runs an action with an open workspace, turns failures into sentences and sets the exit code. */
export interface CommandRunner {
  withWorkspace(
    command: Command,
    act: (context: CommandContext) => Promise<ExitCode | void>,
  ): Promise<void>
  withReport(command: Command, act: (report: Report) => Promise<ExitCode | void>): Promise<void>
}

/**
 * @param openWorkspace opens the folder as the owner process of that workspace
 */
export function createCommandRunner(
  openWorkspace: (workspacePath: string) => Promise<OpenedWorkspace>,
): CommandRunner {
  const withReport: CommandRunner['withReport'] = async (command, act) => {
    const { json } = command.optsWithGlobals<CommonOptions>()
    const report = createReport(json, { out: process.stdout, err: process.stderr })
    try {
      process.exitCode = (await act(report)) ?? EXIT.success
    } catch (error) {
      report.failure(error)
      process.exitCode = EXIT.failure
    }
  }
  return {
    withReport,
    withWorkspace: async (command, act) =>
      await withReport(command, async (report) => {
        const { workspace } = command.optsWithGlobals<CommonOptions>()
        const opened = await openWorkspace(workspace)
        try {
          return await act({ client: opened.client, report })
        } finally {
          await opened.close()
        }
      }),
  }
}
