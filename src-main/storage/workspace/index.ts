export { openWorkspace, type Workspace, type WorkspaceOptions } from './workspace.ts'
export { lockWorkspace, type WorkspaceLock } from './workspaceLock.ts'
