import { join } from 'node:path'
import type { Workspace } from '../../storage/index.ts'

/** The manifest that a job's engine is started with; on its command line, so it also tells whose engine it is. */
export const manifestPathOf = (workspace: Workspace, jobId: string): string =>
  join(workspace.jobFolder(jobId), 'manifest.json')
