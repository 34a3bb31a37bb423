import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../../contract/index.ts'

/** A core in a process of its own, and a client that came in through its one-time link. */
export interface CoreProcess {
  readonly child: ChildProcess
  readonly origin: string
  readonly cookie: string
  readonly client: ContractRouterClient<Contract>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
}

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const WITH_FAKE_ENGINE = fileURLToPath(new URL('./coreWithFakeEngine.ts', import.meta.url))

/** Starts the program as `npm run serve` does, or with the fake engine and options for it. */
export async function startCoreProcess(
  workspacePath: string,
  fakeEngineOptions?: readonly string[],
): Promise<CoreProcess> {
  const args = fakeEngineOptions
    ? [WITH_FAKE_ENGINE, workspacePath, ...fakeEngineOptions]
    : [MAIN, '--workspace', workspacePath, '--json', '--no-demo']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { address } = JSON.parse(line) as { address: string }
  const { origin } = new URL(address)
  const entered = await fetch(address, { redirect: 'manual' })
  const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0]
  return {
    child,
    origin,
    cookie,
    client: createORPCClient(new RPCLink({ url: `${origin}/rpc`, headers: { cookie, origin } })),
    kill: async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
