const POLL_MS = 2000

/** Whether the process that started us still runs and is still our parent. */
function parentLives(parentId: number): boolean {
  if (process.ppid !== parentId) return false
  try {
    process.kill(parentId, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Calls back once when the parent process has ended. A desktop window that crashes cannot say goodbye, and a core
 * that outlived it would hold the workspace.
 */
export function onParentEnd(end: () => void): void {
  const parentId = process.ppid
  const timer = setInterval(() => {
    if (parentLives(parentId)) return
    clearInterval(timer)
    end()
  }, POLL_MS)
  timer.unref()
}
