import type { Workspace } from '../../storage/index.ts'
import type { ChangeFeed } from '../changes/index.ts'

/** An edit puts a case "in progress" again, unless a reader flagged it. */
export function noteEditing(workspace: Workspace, changes: ChangeFeed, caseId: string): void {
  const changed = workspace.database.run(
    `UPDATE cases SET review_state = 'in-progress', updated_at = :at
     WHERE id = :caseId AND review_state IN ('unseen', 'corrected', 'approved')`,
    { caseId, at: new Date().toISOString() },
  )
  if (changed > 0) changes.publish('cases', caseId)
}
