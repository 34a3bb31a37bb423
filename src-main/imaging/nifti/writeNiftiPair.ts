import type { VolumeGrid, VoxelType } from '../../contract/volume.ts'
import type { Voxels } from '../volume/index.ts'
import { headerFields, LAYOUTS } from './headerLayout.ts'
import { writeNifti } from './writeNifti.ts'

/**
 * Writes a NIfTI as two files, header and voxels, for programs that know no other form.
 *
 * @throws RangeError where the voxels do not match the grid or the type
 */
export async function writeNiftiPair(request: {
  readonly grid: VolumeGrid
  readonly voxels: Voxels
  readonly voxelType: VoxelType
}): Promise<{ header: Uint8Array; image: Uint8Array }> {
  const single = await writeNifti({ ...request, gzip: false })
  const layout =
    LAYOUTS[new DataView(single.buffer, single.byteOffset).getInt32(0, true) === 540 ? 2 : 1]
  const header = new Uint8Array(single.subarray(0, layout.size + 4))
  // "n+1" says one file, "ni1" two; the voxels then start at byte 0 of the other file.
  header[layout.magic + 1] = 0x69
  headerFields(header, layout, true).setVoxelOffset(0)
  return { header, image: new Uint8Array(single.subarray(layout.size + 4)) }
}
