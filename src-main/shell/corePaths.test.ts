import { describe, expect, it } from 'vitest'
import { corePaths } from './corePaths.ts'

const host = {
  packaged: true,
  platform: 'linux' as NodeJS.Platform,
  resourcesPath: '/opt/Gliadesk/resources',
  projectPath: '/home/reader/gliadesk',
  userDataPath: '/home/reader/.config/Gliadesk',
  homePath: '/home/reader',
  processId: 42,
  workspaceOverride: undefined,
}

describe('corePaths', () => {
  it('takes Node and the bundled core from the resources of a packaged build', () => {
    expect(corePaths(host)).toEqual({
      nodePath: '/opt/Gliadesk/resources/node/node',
      coreEntry: '/opt/Gliadesk/resources/core/src-main/core/main.ts',
      workspacePath: '/home/reader/Gliadesk',
      socketPath: '/home/reader/.config/Gliadesk/core-42.sock',
    })
  })

  it('runs the sources in a development build', () => {
    const paths = corePaths({ ...host, packaged: false })
    expect(paths.nodePath).toBe('/home/reader/gliadesk/node_modules/node/bin/node')
    expect(paths.coreEntry).toBe('/home/reader/gliadesk/src-main/core/main.ts')
  })

  it('speaks over a named pipe on Windows', () => {
    expect(corePaths({ ...host, platform: 'win32' }).socketPath).toBe('\\\\.\\pipe\\gliadesk-42')
  })

  it('opens the workspace that was asked for', () => {
    expect(corePaths({ ...host, workspaceOverride: '/data/lab' }).workspacePath).toBe('/data/lab')
  })
})
