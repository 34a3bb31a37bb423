import { onBeforeUnmount, onMounted } from 'vue'
import { LABEL_COUNT } from '../../src-main/contract/anatomy.ts'
import { flatIndex } from '../../src-main/imaging/geometry/index.ts'
import { useCommands, type CommandHandler } from '../app/index.ts'
import { steppedBrushDiameterMm } from '../editing/index.ts'
import {
  AUTO_WINDOW,
  containingVoxel,
  rememberWindows,
  type Layout,
  type Plane,
} from '../viewer/index.ts'
import type { CaseContext } from './caseContext.ts'
import { REVIEW_COMMANDS, type ReviewCommand } from './reviewCommands.ts'

const OPACITY_STEP = 0.1
/** A key held longer than this was held to peek, not to switch. */
const FLASH_MS = 350

/** Binds the table of review commands to the open case. */
export function useReviewCommands(
  context: CaseContext,
  predict: () => void,
  requestReject: () => void,
): void {
  const { model, paint, actions, tool } = context
  const { state } = model
  let flashStart = 0

  const planeInUse = (): Plane => {
    const paneId = model.pointer.value?.paneId
    const pane = model.panes.value.find((each) => each.id === paneId)
    return (pane ?? model.panes.value[0]).plane
  }
  const voxelAtPointer = (): [number, number, number] | null => {
    const pointer = model.pointer.value
    return pointer ? containingVoxel(model.grid, pointer.index) : [...state.cursor]
  }
  const chooseClass = (label: number): void => {
    paint.label = label
    if (tool.value === 'eraser') tool.value = 'brush'
  }
  const stepClass = (step: 1 | -1): void => {
    const classes = LABEL_COUNT - 1
    chooseClass(((paint.label - 1 + step + classes) % classes) + 1)
  }
  const stepSlices = (steps: number) => (): void => model.stepSlice(planeInUse(), steps)
  const opacity = (step: number) => (): void => {
    state.fill = Math.min(1, Math.max(0, Math.round((state.fill + step) * 10) / 10))
  }
  const layout = (wanted: Layout) => (): void => model.setLayout(wanted)
  /** A switch turns once a press, however long the key is held. */
  const once =
    (run: () => void): CommandHandler =>
    (event) => {
      if (!event?.repeat) run()
    }
  const pick = (): void => {
    const voxel = voxelAtPointer()
    const session = context.session.value
    if (!voxel || !session) return
    const label = session.labels[flatIndex(model.grid.dims, voxel)]
    if (label > 0) chooseClass(label)
  }
  const cycle = (step: 1 | -1) => (): void => {
    if (state.layout !== 'compare') model.cycleSequence(step)
  }

  const handlers: Record<ReviewCommand, CommandHandler> = {
    'review.undo': () => void actions.undo(),
    'review.redo': () => void actions.redo(),
    'review.navigate': () => (tool.value = 'navigate'),
    'review.brush': () => (tool.value = 'brush'),
    'review.eraser': () => (tool.value = 'eraser'),
    'review.freehand': () => (tool.value = 'freehand'),
    'review.fill': () => (tool.value = 'fill'),
    'review.brushSmaller': () => {
      paint.diameterMm = steppedBrushDiameterMm(paint.diameterMm, -1)
    },
    'review.brushLarger': () => {
      paint.diameterMm = steppedBrushDiameterMm(paint.diameterMm, 1)
    },
    'review.class1': () => chooseClass(1),
    'review.class2': () => chooseClass(2),
    'review.class3': () => chooseClass(3),
    'review.background': () => (tool.value = 'eraser'),
    'review.previousClass': () => stepClass(-1),
    'review.nextClass': () => stepClass(1),
    'review.pick': pick,
    'review.overlay': once(() => {
      state.overlay = !state.overlay
      flashStart = performance.now()
    }),
    'review.moreOpaque': opacity(OPACITY_STEP),
    'review.lessOpaque': opacity(-OPACITY_STEP),
    'review.sliceUp': stepSlices(1),
    'review.sliceDown': stepSlices(-1),
    'review.pageUp': stepSlices(5),
    'review.pageDown': stepSlices(-5),
    'review.compare': layout('compare'),
    'review.mpr': layout('mpr'),
    'review.one': layout('one'),
    'review.cycle': cycle(1),
    'review.cycleBack': cycle(-1),
    'review.autoContrast': () => {
      for (const sequence of model.sequences) state.windows[sequence] = { ...AUTO_WINDOW }
      rememberWindows(state.windows)
    },
    'review.reset': () => model.resetView(),
    'review.crosshair': once(() => (state.crosshair = !state.crosshair)),
    'review.centre': () => model.centreOnCursor(),
    'review.smooth': once(() => (state.smooth = !state.smooth)),
    'review.accept': once(() => void actions.accept({ kind: 'all' })),
    'review.acceptComponent': once(() => {
      const voxel = voxelAtPointer()
      if (voxel) {
        void actions.accept({ kind: 'component', voxel: flatIndex(model.grid.dims, voxel) })
      }
    }),
    'review.reject': once(requestReject),
    'review.proposalOverlay': once(() => (state.proposal = !state.proposal)),
    'review.uncertainty': once(() => (state.uncertainty = !state.uncertainty)),
    'review.predict': once(predict),
    'review.save': once(() => (actions.dialog.value = 'save')),
    'review.corrected': () => void actions.markCorrected(),
    'review.approve': once(() => void actions.approveAndNext()),
    'review.flag': () => (actions.dialog.value = 'flag'),
    'review.finetune': () => (actions.dialog.value = 'finetune'),
    'review.next': once(() => void actions.goToCase(1)),
    'review.previous': once(() => void actions.goToCase(-1)),
  }
  useCommands(REVIEW_COMMANDS, handlers)

  /** Holding the overlay key only peeks: letting go puts it back. */
  const endFlash = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== 's' || flashStart === 0) return
    if (performance.now() - flashStart > FLASH_MS) state.overlay = !state.overlay
    flashStart = 0
  }
  onMounted(() => window.addEventListener('keyup', endFlash))
  onBeforeUnmount(() => window.removeEventListener('keyup', endFlash))
}
