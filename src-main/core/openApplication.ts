import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRouterClient } from '@orpc/server'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract, SystemInfo } from '../contract/index.ts'
import type { DemoPlan } from '../services/demo/index.ts'
import type { EngineCommand } from '../services/jobs/index.ts'
import { readRecipes, readShippedModels } from '../services/models/index.ts'
import {
  inspectMachine,
  listGraphicsCards,
  probeDevice,
  programVersion,
  type GraphicsCard,
  type InspectMachine,
  type ProbeDevice,
} from '../services/system/index.ts'
import { openWorkspace, type FileSystem, type Workspace } from '../storage/index.ts'
import { startHttpHost, type HttpHost, type HttpTarget } from './http/index.ts'
import { createLogger } from './logging/createLogger.ts'
import { describeForLog } from './logging/describeForLog.ts'
import { createRouter, createRpcHandler, translateErrors } from './rpc/index.ts'
import { createServices, type Services } from './services.ts'

export interface ApplicationOptions {
  readonly workspacePath: string
  readonly host: SystemInfo['host']
  /** Folder of the built page; the project's own where not given. */
  readonly rendererFolder?: string
  readonly probeDevice?: ProbeDevice
  /** How the devices are looked at; the machine's own where not given. */
  readonly inspectMachine?: InspectMachine
  /** Its NVIDIA cards; the machine's own where not given. */
  readonly listCards?: () => Promise<readonly GraphicsCard[]>
  /** How an engine process is started; the project's own engine where not given. */
  readonly engineCommand?: EngineCommand
  /**
   * True for a program that stays open (false where not given): jobs that an earlier one left queued or running go on
   * by themselves. A command that ends soon leaves them alone; they are then shown as paused.
   */
  readonly staysOpen?: boolean
  /** Whether a new workspace is filled with the demo; as `staysOpen` where not given. */
  readonly demo?: boolean
  /** What the demo consists of; the project's own where not given. */
  readonly demoPlan?: DemoPlan
  /** What the workspace is written through; the machine's own where not given. */
  readonly files?: FileSystem
  /** Folder with `recipes` and `shipped`; the project's own where not given. */
  readonly modelsFolder?: string
}

/** The whole program behind its contract, over one open workspace. */
export interface Application {
  /** Calls the contract in-process, with the same validation and errors as over HTTP. */
  readonly client: ContractRouterClient<Contract>
  readonly services: Services
  /** Starts answering over HTTP; several targets may be open at once. */
  listen(target: HttpTarget): Promise<HttpHost>
  /** Ends in order: stops answering, pauses what runs, closes journals and database, gives the workspace back. */
  close(): Promise<void>
}

const projectPath = (path: string): string =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url))

const defaultEngine = (): EngineCommand => ({
  command: process.execPath,
  args: [projectPath('src-main/engine/process/main.ts')],
})

/**
 * Opens a workspace (creating it where the folder is empty) and wires the program over it.
 *
 * @throws GliadeskError WORKSPACE_BUSY, READ_ONLY, DISK_FULL or BAD_FILE
 */
export async function openApplication(options: ApplicationOptions): Promise<Application> {
  const workspace = await openWorkspace({ path: options.workspacePath, files: options.files })
  try {
    return await wire(workspace, options)
  } catch (error) {
    await workspace.close()
    throw error
  }
}

async function wire(workspace: Workspace, options: ApplicationOptions): Promise<Application> {
  const logger = createLogger(workspace.logFolder, new Date().toISOString())
  const modelsFolder = options.modelsFolder ?? projectPath('models')
  const services = createServices(workspace, {
    recipes: await readRecipes(join(modelsFolder, 'recipes')),
    engine: options.engineCommand ?? defaultEngine(),
    resumeJobs: options.staysOpen ?? false,
    demoPlan: options.demoPlan,
    facts: {
      version: programVersion(),
      workspacePath: workspace.path,
      host: options.host,
    },
    probeDevice: options.probeDevice ?? probeDevice,
    inspectMachine: options.inspectMachine ?? inspectMachine,
    listCards: options.listCards ?? listGraphicsCards,
  })
  const report = (path: readonly string[], error: unknown): void =>
    logger.error({ call: path.join('.'), error: describeForLog(error) }, 'unexpected failure')
  const router = createRouter(services)
  const hosts = new Set<HttpHost>()
  await services.models.registerShipped(await readShippedModels(join(modelsFolder, 'shipped')))
  await services.jobs.start()
  if (options.demo ?? options.staysOpen) {
    // In the background: the page is there at once and fills as cases arrive.
    void services.demo.run().catch((error: unknown) => report(['demo'], error))
  }
  logger.info({ version: programVersion(), recovered: workspace.endedUncleanly }, 'opened')

  return {
    client: createRouterClient(router, { interceptors: [translateErrors(report)] }) as never,
    services,
    listen: async (target) => {
      const host = await startHttpHost(
        {
          rpc: createRpcHandler(router, report),
          findData: (sha256) => services.volumes.findData(sha256),
          rendererFolder: options.rendererFolder ?? projectPath('out/renderer'),
          reportUnexpected: (error) => report(['http'], error),
        },
        target,
      )
      hosts.add(host)
      return host
    },
    close: async () => {
      services.changes.close()
      for (const host of hosts) await host.close()
      await services.demo.close()
      await services.jobs.close()
      await services.deidentification.close()
      await services.datasets.idle()
      await services.labelStore.close()
      await workspace.close()
      logger.info('closed')
    },
  }
}
