/** What a compressed frame says of itself, before anything is decoded. */
export interface CodestreamSize {
  readonly width: number
  readonly height: number
  readonly components: number
}

/** Frame headers of JPEG (SOF0–3, 5–7, 9–11, 13–15) and of JPEG-LS (SOF55). */
const isFrameHeader = (marker: number): boolean =>
  (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7

/**
 * Reads width, height and components from a JPEG, JPEG-LS or JPEG 2000 codestream. A decoder allocates what these
 * say: comparing them with the header first stops a small file from asking for gigabytes.
 *
 * @returns null where the codestream holds no such header
 */
export function codestreamSize(bytes: Uint8Array): CodestreamSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 12) return null
  if (view.getUint32(0) === 0xff4f_ff51) return jpeg2000Size(view, 4)
  return view.getUint16(0) === 0xffd8 ? jpegSize(view) : null
}

/** SIZ of ISO 15444-1 A.5.1: Lsiz, Rsiz, Xsiz, Ysiz, XOsiz, YOsiz, four of tiles, Csiz. */
function jpeg2000Size(view: DataView, start: number): CodestreamSize | null {
  if (start + 38 > view.byteLength) return null
  const at = (index: number): number => view.getUint32(start + 4 + 4 * index)
  return {
    width: at(0) - at(2),
    height: at(1) - at(3),
    components: view.getUint16(start + 36),
  }
}

function jpegSize(view: DataView): CodestreamSize | null {
  let position = 2
  while (position + 10 <= view.byteLength) {
    if (view.getUint8(position) !== 0xff) return null
    const marker = view.getUint8(position + 1)
    if (marker === 0xff) {
      position++
      continue
    }
    if (isFrameHeader(marker)) {
      return {
        height: view.getUint16(position + 5),
        width: view.getUint16(position + 7),
        components: view.getUint8(position + 9),
      }
    }
    if (marker === 0xda || marker === 0xd9) return null
    position += 2 + view.getUint16(position + 2)
  }
  return null
}
