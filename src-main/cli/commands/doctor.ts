import { statfs } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { inspectBackends } from '../../engine/backends/index.ts'
import type { CommandRunner, CommonOptions } from '../commandRunner.ts'
import { fixed, table } from '../terminal/table.ts'

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
    .description('show what this machine computes with, how fast, and why a backend is not used')
    .option('--self-test', 'measure each backend for about two seconds', false)
    .action(async (options: { selfTest: boolean }, command: Command) => {
      await runner.withReport(command, async (report) => {
        const { workspace } = command.optsWithGlobals<CommonOptions>()
        const backends = await inspectBackends({ selfTest: options.selfTest })
        const facts = {
          node: process.version,
          platform: `${process.platform} ${process.arch}`,
          cores: availableParallelism(),
          memoryGiB: totalmem() / GIB,
          workspace: resolve(workspace),
          freeDiskGiB: (await freeBytes(workspace)) / GIB,
          backends,
          chosen: backends.find(({ usable }) => usable)?.name ?? null,
        }
        report.result(facts, (found) =>
          [
            `Node ${found.node} on ${found.platform}, ${found.cores} cores, ${fixed(found.memoryGiB, 1)} GiB memory`,
            `Workspace ${found.workspace}, ${fixed(found.freeDiskGiB, 1)} GiB free`,
            '',
            table(
              ['backend', 'usable', 'what it is', 'GFLOP/s'],
              found.backends.map((backend) => [
                backend.name === found.chosen ? `${backend.name} *` : backend.name,
                backend.usable ? 'yes' : 'no',
                backend.reason ?? backend.description,
                fixed(backend.gflops, 1),
              ]),
            ),
            '* used unless another is asked for',
          ].join('\n'),
        )
      })
    })
}
