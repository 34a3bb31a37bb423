import { watch, shallowRef, type Ref } from 'vue'
import type { IntensityRange } from '../editing/index.ts'
import { absoluteWindow, type ViewerModel } from '../viewer/index.ts'

/**
 * The intensities that the threshold brush keeps to: those inside the display window of the sequence under
 * the pointer, so that what is painted is what is seen as grey.
 */
export function useBrushRange(
  model: ViewerModel,
  enabled: Ref<boolean>,
): () => IntensityRange | null {
  const paneId = shallowRef<string | null>(null)
  watch(model.pointer, (pointer) => {
    if (pointer) paneId.value = pointer.paneId
  })
  return () => {
    if (!enabled.value) return null
    const pane = model.panes.value.find((each) => each.id === paneId.value)
    const sequence = pane?.sequence ?? model.state.sequence
    const volume = model.volumes.value[sequence]
    const intensity = volume?.ref.intensity
    // A sequence on another grid has no intensity for a voxel of the label.
    if (!volume || !intensity || volume.voxels.length !== voxelCount(model)) return null
    return { voxels: volume.voxels, ...absoluteWindow(intensity, model.state.windows[sequence]) }
  }
}

const voxelCount = ({ grid }: ViewerModel): number => grid.dims[0] * grid.dims[1] * grid.dims[2]
