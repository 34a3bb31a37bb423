/** How pixels are packed under a transfer syntax. */
export type PixelCoding =
  'native' | 'rle' | 'jpeg-baseline' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k'

export interface TransferSyntax {
  readonly explicit: boolean
  readonly littleEndian: boolean
  readonly deflated: boolean
  readonly coding: PixelCoding
}

const explicit = (coding: PixelCoding): TransferSyntax => ({
  explicit: true,
  littleEndian: true,
  deflated: false,
  coding,
})

/** Transfer syntaxes that can be read, by UID (PS3.6 table A-1). */
export const TRANSFER_SYNTAXES: ReadonlyMap<string, TransferSyntax> = new Map([
  ['1.2.840.10008.1.2', { ...explicit('native'), explicit: false }],
  ['1.2.840.10008.1.2.1', explicit('native')],
  ['1.2.840.10008.1.2.1.99', { ...explicit('native'), deflated: true }],
  ['1.2.840.10008.1.2.2', { ...explicit('native'), littleEndian: false }],
  ['1.2.840.10008.1.2.4.50', explicit('jpeg-baseline')],
  ['1.2.840.10008.1.2.4.57', explicit('jpeg-lossless')],
  ['1.2.840.10008.1.2.4.70', explicit('jpeg-lossless')],
  ['1.2.840.10008.1.2.4.80', explicit('jpeg-ls')],
  ['1.2.840.10008.1.2.4.81', explicit('jpeg-ls')],
  ['1.2.840.10008.1.2.4.90', explicit('jpeg-2000')],
  ['1.2.840.10008.1.2.4.91', explicit('jpeg-2000')],
  ['1.2.840.10008.1.2.4.201', explicit('htj2k')],
  ['1.2.840.10008.1.2.4.202', explicit('htj2k')],
  ['1.2.840.10008.1.2.4.203', explicit('htj2k')],
  ['1.2.840.10008.1.2.5', explicit('rle')],
])

export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2'
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1'
