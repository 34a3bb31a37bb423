/** The decoders of cornerstone's codec packages: Emscripten modules that carry no types of their own. */
interface FrameInfo {
  readonly width: number
  readonly height: number
  readonly bitsPerSample: number
  readonly componentCount: number
  readonly isSigned?: boolean
}
interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array
  getDecodedBuffer(): Uint8Array
  getFrameInfo(): FrameInfo
  decode(): void
  delete(): void
}
interface ModuleOptions {
  print(text: string): void
  printErr(text: string): void
}

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const create: (options: ModuleOptions) => Promise<{ J2KDecoder: new () => WasmDecoder }>
  export { create as default }
}
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const create: (options: ModuleOptions) => Promise<{ HTJ2KDecoder: new () => WasmDecoder }>
  export { create as default }
}
declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const create: (options: ModuleOptions) => Promise<{ JpegLSDecoder: new () => WasmDecoder }>
  export { create as default }
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const create: (options: ModuleOptions) => Promise<{ JPEGDecoder: new () => WasmDecoder }>
  export { create as default }
}
/** Its own declarations are not named in its exports. */
declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    decode(buffer: ArrayBuffer, offset: number, length: number): Uint8Array | Uint16Array
  }
}
