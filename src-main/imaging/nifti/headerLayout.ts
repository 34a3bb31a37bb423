/** Byte positions of the header fields this program reads or writes, for both versions of the format. */
export interface HeaderLayout {
  readonly version: 1 | 2
  readonly size: 348 | 540
  readonly magic: number
  readonly dim: number
  readonly datatype: number
  readonly bitpix: number
  readonly pixdim: number
  readonly voxelOffset: number
  readonly slope: number
  readonly intercept: number
  readonly units: number
  readonly displayMax: number
  readonly displayMin: number
  readonly description: number
  readonly qformCode: number
  readonly sformCode: number
  readonly quaternion: number
  readonly sformRows: number
}

export const LAYOUTS: Record<1 | 2, HeaderLayout> = {
  1: {
    version: 1,
    size: 348,
    magic: 344,
    dim: 40,
    datatype: 70,
    bitpix: 72,
    pixdim: 76,
    voxelOffset: 108,
    slope: 112,
    intercept: 116,
    units: 123,
    displayMax: 124,
    displayMin: 128,
    description: 148,
    qformCode: 252,
    sformCode: 254,
    quaternion: 256,
    sformRows: 280,
  },
  2: {
    version: 2,
    size: 540,
    magic: 4,
    dim: 16,
    datatype: 12,
    bitpix: 14,
    pixdim: 104,
    voxelOffset: 168,
    slope: 176,
    intercept: 184,
    units: 500,
    displayMax: 192,
    displayMin: 200,
    description: 240,
    qformCode: 344,
    sformCode: 348,
    quaternion: 352,
    sformRows: 400,
  },
}

/** Length of the description field in both versions. */
export const DESCRIPTION_BYTES = 80

/** Reads and writes header fields; numbers are wider in version 2. */
export interface HeaderFields {
  /** int16 in version 1, int64 in version 2. */
  dim(index: number): number
  setDim(index: number, value: number): void
  /** int16 in version 1, int32 in version 2. */
  code(position: number): number
  setCode(position: number, value: number): void
  /** float32 in version 1, float64 in version 2. */
  real(position: number, index?: number): number
  setReal(position: number, value: number, index?: number): void
  /** int16 in both versions. */
  datatype(): number
  setDatatype(code: number, bitsPerVoxel: number): void
  /** Code of the spatial unit (xyzt_units); one byte in version 1, int32 in version 2. */
  spatialUnit(): number
  setSpatialUnit(code: number): void
  /** float32 in version 1, int64 in version 2. */
  voxelOffset(): number
  setVoxelOffset(value: number): void
}

/** Opens the fields of a header over its bytes (shared, not copied). */
export function headerFields(
  bytes: Uint8Array,
  layout: HeaderLayout,
  littleEndian: boolean,
): HeaderFields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const le = littleEndian
  // The low three bits lie in the last byte where version 2 stores the high bytes first.
  const unitByte = layout.units + (layout.version === 2 && !le ? 3 : 0)
  const spatialUnit = (): number => bytes[unitByte] & 7
  const setSpatialUnit = (code: number): void => {
    bytes[unitByte] = (bytes[unitByte] & ~7) | code
  }
  const datatype = (): number => view.getInt16(layout.datatype, le)
  const setDatatype = (code: number, bitsPerVoxel: number): void => {
    view.setInt16(layout.datatype, code, le)
    view.setInt16(layout.bitpix, bitsPerVoxel, le)
  }
  if (layout.version === 1) {
    return {
      datatype,
      setDatatype,
      spatialUnit,
      setSpatialUnit,
      dim: (index) => view.getInt16(layout.dim + 2 * index, le),
      setDim: (index, value) => view.setInt16(layout.dim + 2 * index, value, le),
      code: (position) => view.getInt16(position, le),
      setCode: (position, value) => view.setInt16(position, value, le),
      real: (position, index = 0) => view.getFloat32(position + 4 * index, le),
      setReal: (position, value, index = 0) => view.setFloat32(position + 4 * index, value, le),
      voxelOffset: () => view.getFloat32(layout.voxelOffset, le),
      setVoxelOffset: (value) => view.setFloat32(layout.voxelOffset, value, le),
    }
  }
  return {
    datatype,
    setDatatype,
    spatialUnit,
    setSpatialUnit,
    dim: (index) => Number(view.getBigInt64(layout.dim + 8 * index, le)),
    setDim: (index, value) => view.setBigInt64(layout.dim + 8 * index, BigInt(value), le),
    code: (position) => view.getInt32(position, le),
    setCode: (position, value) => view.setInt32(position, value, le),
    real: (position, index = 0) => view.getFloat64(position + 8 * index, le),
    setReal: (position, value, index = 0) => view.setFloat64(position + 8 * index, value, le),
    voxelOffset: () => Number(view.getBigInt64(layout.voxelOffset, le)),
    setVoxelOffset: (value) => view.setBigInt64(layout.voxelOffset, BigInt(value), le),
  }
}
