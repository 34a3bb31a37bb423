import { statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { examineMachine } from '../../services/system/index.ts'
import type { CommandRunner, CommonOptions } from '../commandRunner.ts'
import { deviceTable } from '../terminal/deviceTable.ts'
import { fixed } from '../terminal/table.ts'

const GIB = 2 ** 30

/** Free bytes of the disk that holds a folder, or the nearest parent that exists. */
async function freeBytes(folder: string): Promise<number> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at)
      return bavail * bsize
    } catch (cause) {
      if (at === dirname(at)) throw cause
    }
  }
}

export function registerDoctor(program: Command, runner: CommandRunner): void {
  program
    .command('doctor')
    .description(
      'show every device and backend of this machine, how fast each is, and which is used',
    )
    .option('--self-test', 'measure each for about two seconds (this is the default)', true)
    .option('--no-self-test', 'look only')
    .action(async (options: { selfTest: boolean }, command: Command) => {
      await runner.withReport(command, async (report) => {
        const { workspace } = command.optsWithGlobals<CommonOptions>()
        const machine = await examineMachine('auto', options.selfTest)
        const facts = {
          node: process.version,
          platform: `${process.platform} ${process.arch}`,
          workspace: resolve(workspace),
          freeDiskBytes: await freeBytes(workspace),
          ...machine,
          chosen: machine.devices.find(({ isDefault }) => isDefault) ?? null,
        }
        report.result(facts, (found) =>
          [
            `Node ${found.node} on ${found.platform}`,
            `${found.processor}, ${found.cores} cores, ${fixed(found.memoryBytes / GIB, 1)} GiB memory, ${fixed(found.availableBytes / GIB, 1)} GiB of it free`,
            `Workspace ${found.workspace}, ${fixed(found.freeDiskBytes / GIB, 1)} GiB free`,
            '',
            deviceTable(found.devices),
          ].join('\n'),
        )
      })
    })
}
