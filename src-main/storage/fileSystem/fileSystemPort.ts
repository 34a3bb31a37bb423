/** A file opened for writing. Every call resolves only when the operating system has answered. */
export interface WritableFile {
  /** Writes all bytes at the end of what was written so far, or rejects (a part may then be on disk). */
  write(bytes: Uint8Array): Promise<void>
  /** Cuts the file to `length` bytes. */
  truncate(length: number): Promise<void>
  /** Resolves when the bytes would survive a power cut. */
  sync(): Promise<void>
  close(): Promise<void>
}

/**
 * What storage needs of a file system. Everything durable goes through it, so that tests can put a full
 * disk, a short write or a power cut behind any single operation.
 */
export interface FileSystem {
  /** Rejects with code ENOENT where there is no such file. */
  readFile(path: string): Promise<Uint8Array>
  /** Size in bytes, or null where there is no such file. */
  sizeOf(path: string): Promise<number | null>
  /** Names of the entries; empty where the folder does not exist. */
  listFolder(path: string): Promise<string[]>
  /** Creates a file that must not exist yet (code EEXIST otherwise). */
  createFile(path: string): Promise<WritableFile>
  /** Opens a file for appending; creates it where it is missing. */
  appendFile(path: string): Promise<WritableFile>
  /** Creates a folder and its parents. */
  makeFolder(path: string): Promise<void>
  /** Replaces `to` atomically. */
  rename(from: string, to: string): Promise<void>
  /** Removes a file; a missing one is fine. */
  remove(path: string): Promise<void>
  /** Makes renames and new names inside a folder durable. */
  syncFolder(path: string): Promise<void>
}
