/** The little of a file system that the engine needs; handed in, so that the engine itself stays pure. */
export interface FileSystemPort {
  readFile(path: string): Promise<Uint8Array>
  /** Creates or overwrites the file, writes everything and flushes it to the disk. */
  writeAndSync(path: string, bytes: Uint8Array): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Flushes a folder's entries, so that a rename survives a power cut. A no-op where the system has none. */
  syncFolder(path: string): Promise<void>
  /** Removes the file if it is there. */
  remove(path: string): Promise<void>
  /** Creates the folder and its parents. */
  makeFolder(path: string): Promise<void>
}
