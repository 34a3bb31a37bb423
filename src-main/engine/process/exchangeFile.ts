import { closeSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs'

/** Equal slots of numbers in one file that several processes have open: slot 0 for weights, slot r for rank r. */
export interface ExchangeFile {
  readonly path: string
  write(slot: number, values: Float32Array): void
  /** A copy. */
  read(slot: number): Float32Array
  /** Takes the name away: the space is given back when the last process has closed it, however it ends. */
  unlink(): void
  close(): void
}

/**
 * Opens the file through which processes exchange weights and gradients. It is never flushed to disk on purpose; in a
 * folder in memory (/dev/shm) an exchange is two copies.
 *
 * @param values numbers a slot
 * @param slots to make room for; null opens a file that another process has made
 * @throws Error with the system's code, ENOSPC where there is no room
 */
export function openExchangeFile(path: string, values: number, slots: number | null): ExchangeFile {
  const slotBytes = values * Float32Array.BYTES_PER_ELEMENT
  const file = openSync(path, slots === null ? 'r+' : 'wx+', 0o600)
  const writeAll = (bytes: Uint8Array, start: number): void => {
    for (let done = 0; done < bytes.length;) {
      done += writeSync(file, bytes, done, bytes.length - done, start + done)
    }
  }
  const unlink = (): void => rmSync(path, { force: true })
  if (slots !== null) {
    try {
      ftruncateSync(file, slots * slotBytes)
      // Takes the room now: a folder in memory that is too small must not be found out in the middle of a run.
      for (let slot = 0; slot < slots; slot++) writeAll(new Uint8Array(slotBytes), slot * slotBytes)
    } catch (error) {
      closeSync(file)
      unlink()
      throw error
    }
  }
  return {
    path,
    write: (slot, floats) => {
      if (floats.length !== values) throw new RangeError(`${floats.length} values for ${values}`)
      writeAll(
        new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength),
        slot * slotBytes,
      )
    },
    read: (slot) => {
      const floats = new Float32Array(values)
      const bytes = new Uint8Array(floats.buffer)
      for (let done = 0; done < slotBytes;) {
        const count = readSync(file, bytes, done, slotBytes - done, slot * slotBytes + done)
        if (count === 0) throw new RangeError(`slot ${slot} ends after ${done} bytes`)
        done += count
      }
      return floats
    },
    unlink,
    close: () => closeSync(file),
  }
}
