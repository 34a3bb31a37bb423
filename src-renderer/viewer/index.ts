export { lesionCentre } from './geometry/lesionCentre.ts'
export { contentBox } from './geometry/contentBox.ts'
export { edgeLetters } from './geometry/edgeLetters.ts'
export { containingVoxel, linkedVoxel } from './geometry/linkedVoxel.ts'
export {
  PLANES,
  sliceCount,
  viewPlaneOf,
  type Plane,
  type ViewPlane,
} from './geometry/viewPlane.ts'
export { parseHexColour, type Rgb } from './overlay/colour.ts'
export { SliceOverlayCache } from './overlay/sliceOverlay.ts'
export type { PointerTool, ToolCursor, ToolPoint } from './pointerTool.ts'
export { SliceRenderer, type RendererState } from './rendering/sliceRenderer.ts'
export { VIEWER_CONTEXT, type PointerMode } from './viewerContext.ts'
export { default as ViewerGrid } from './ViewerGrid.vue'
export { ViewerModel, type Layout } from './viewerModel.ts'
export { fetchVoxels } from './volumes/fetchVoxels.ts'
export { absoluteWindow, AUTO_WINDOW } from './windowing/displayWindow.ts'
export { rememberWindows } from './windowing/rememberedWindows.ts'
