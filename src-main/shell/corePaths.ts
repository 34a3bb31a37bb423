import { join } from 'node:path'

export interface CorePaths {
  readonly nodePath: string
  readonly coreEntry: string
  readonly workspacePath: string
  readonly socketPath: string
}

/**
 * Where the parts of the desktop program lie. A packaged build carries Node and the bundled core in its
 * resources; a development build runs the sources with the Node that npm pins.
 *
 * @param host facts the shell read from Electron and the environment
 */
export function corePaths(host: {
  readonly packaged: boolean
  readonly platform: NodeJS.Platform
  readonly resourcesPath: string
  readonly projectPath: string
  readonly userDataPath: string
  readonly homePath: string
  readonly processId: number
  readonly workspaceOverride: string | undefined
}): CorePaths {
  const executable = host.platform === 'win32' ? 'node.exe' : 'node'
  return {
    nodePath: host.packaged
      ? join(host.resourcesPath, 'node', executable)
      : join(host.projectPath, 'node_modules', 'node', 'bin', executable),
    coreEntry: host.packaged
      ? join(host.resourcesPath, 'core', 'src-main', 'core', 'main.ts')
      : join(host.projectPath, 'src-main', 'core', 'main.ts'),
    workspacePath: host.workspaceOverride ?? join(host.homePath, 'Gliadesk'),
    // Unix socket paths are limited to about 100 bytes, so the name stays short.
    socketPath:
      host.platform === 'win32'
        ? `\\\\.\\pipe\\gliadesk-${host.processId}`
        : join(host.userDataPath, `core-${host.processId}.sock`),
  }
}
