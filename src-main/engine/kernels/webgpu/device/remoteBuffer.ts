/** A buffer on the device, known by its number. */
export class RemoteBuffer {
  readonly id: number
  readonly size: number
  readonly usage: number
  private readonly discard: () => void

  constructor(id: number, size: number, usage: number, discard: () => void) {
    this.id = id
    this.size = size
    this.usage = usage
    this.discard = discard
  }

  destroy(): void {
    this.discard()
  }
}
