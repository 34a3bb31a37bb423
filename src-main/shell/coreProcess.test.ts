import { describe, expect, it } from 'vitest'
import { CoreStartError, startCore, type CoreCommand } from './coreProcess.ts'

const script = (source: string): CoreCommand => ({
  nodePath: process.execPath,
  arguments: ['--eval', source],
  environment: process.env,
})

describe('startCore', () => {
  it('waits for the ready line and stops the process on request', async () => {
    const core = await startCore(
      script(
        `console.log('opening the workspace');
         setTimeout(() => console.log('{"ready":true}'), 20);
         setInterval(() => {}, 1000);
         process.on('SIGTERM', () => process.exit(0));`,
      ),
      20_000,
    )
    await core.stop(20_000)
    expect(await core.ended).toBe(0)
  })

  it('kills a core that ignores the request to end', async () => {
    const core = await startCore(
      script(
        `process.on('SIGTERM', () => {});
         console.log('{"ready":true}');
         setInterval(() => {}, 1000);`,
      ),
      20_000,
    )
    await core.stop(50)
    expect(await core.ended).toBeNull()
  })

  it('reports what the core said when it ends before it is ready', async () => {
    const failure = startCore(
      script(`console.error('workspace is in use'); process.exit(3)`),
      20_000,
    )
    await expect(failure).rejects.toBeInstanceOf(CoreStartError)
    await expect(failure).rejects.toThrow('workspace is in use')
  })

  it('reports a Node that cannot be started', async () => {
    const failure = startCore({ nodePath: '/nowhere/node', arguments: [], environment: {} }, 20_000)
    await expect(failure).rejects.toThrow('ENOENT')
  })
})
