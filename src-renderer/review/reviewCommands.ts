import { LABEL_NAMES, LABELS } from '../../src-main/contract/anatomy.ts'
import { text, type CommandSpec } from '../app/index.ts'

const { command, groups } = text.review

/**
 * Every action of the review page that a key can start, in one table. Keys in tinykeys' notation; holding
 * Space to pan and the mouse live with the viewer.
 */
export const REVIEW_COMMANDS = {
  'review.undo': { title: command.undo, group: groups.edit, keys: ['$mod+z'] },
  'review.redo': { title: command.redo, group: groups.edit, keys: ['$mod+Shift+z', '$mod+y'] },
  'review.navigate': { title: command.navigate, group: groups.edit, keys: ['v'] },
  'review.brush': { title: command.brush, group: groups.edit, keys: ['p'] },
  'review.eraser': { title: command.eraser, group: groups.edit, keys: ['e'] },
  'review.freehand': { title: command.freehand, group: groups.edit, keys: ['o'] },
  'review.fill': { title: command.fill, group: groups.edit, keys: ['f'] },
  'review.brushSmaller': { title: command.brushSmaller, group: groups.edit, keys: ['['] },
  'review.brushLarger': { title: command.brushLarger, group: groups.edit, keys: [']'] },
  'review.class1': {
    title: command.class(LABEL_NAMES[LABELS.necrosis]),
    group: groups.labels,
    keys: ['1'],
  },
  'review.class2': {
    title: command.class(LABEL_NAMES[LABELS.edema]),
    group: groups.labels,
    keys: ['2'],
  },
  'review.class3': {
    title: command.class(LABEL_NAMES[LABELS.enhancing]),
    group: groups.labels,
    keys: ['3'],
  },
  'review.background': { title: command.background, group: groups.labels, keys: ['4'] },
  'review.previousClass': { title: command.previousClass, group: groups.labels, keys: ['q'] },
  'review.nextClass': { title: command.nextClass, group: groups.labels, keys: ['w'] },
  'review.pick': { title: command.pick, group: groups.labels, keys: ['l'] },
  'review.overlay': { title: command.overlay, group: groups.labels, keys: ['s'] },
  'review.moreOpaque': { title: command.moreOpaque, group: groups.labels, keys: ['d'] },
  'review.lessOpaque': { title: command.lessOpaque, group: groups.labels, keys: ['a'] },
  'review.sliceUp': {
    title: command.sliceUp,
    group: groups.view,
    keys: ['ArrowUp'],
    hidden: true,
  },
  'review.sliceDown': {
    title: command.sliceDown,
    group: groups.view,
    keys: ['ArrowDown'],
    hidden: true,
  },
  'review.pageUp': { title: command.pageUp, group: groups.view, keys: ['PageUp'], hidden: true },
  'review.pageDown': {
    title: command.pageDown,
    group: groups.view,
    keys: ['PageDown'],
    hidden: true,
  },
  'review.compare': { title: command.compare, group: groups.view, keys: ['F2'] },
  'review.mpr': { title: command.mpr, group: groups.view, keys: ['F3'] },
  'review.one': { title: command.one, group: groups.view, keys: ['F4'] },
  // Tab and Shift+Tab do the same on a focused image; anywhere else they must move the focus.
  'review.cycle': { title: command.cycle, group: groups.view, keys: ['.'] },
  'review.cycleBack': { title: command.cycleBack, group: groups.view, keys: [','] },
  'review.autoContrast': { title: command.autoContrast, group: groups.view, keys: ['$mod+j'] },
  'review.reset': { title: command.reset, group: groups.view, keys: ['r'] },
  'review.crosshair': { title: command.crosshair, group: groups.view, keys: ['c', 'x'] },
  'review.centre': { title: command.centre, group: groups.view, keys: ['Shift+c'] },
  'review.smooth': { title: command.smooth, group: groups.view, keys: ['i'] },
  'review.accept': { title: command.accept, group: groups.proposal, keys: ['Enter'] },
  'review.acceptComponent': {
    title: command.acceptComponent,
    group: groups.proposal,
    keys: ['Shift+Enter'],
  },
  'review.reject': { title: command.reject, group: groups.proposal, keys: ['Escape'] },
  'review.proposalOverlay': {
    title: command.proposalOverlay,
    group: groups.proposal,
    keys: ['h'],
  },
  'review.uncertainty': { title: command.uncertainty, group: groups.proposal, keys: ['u'] },
  'review.predict': { title: command.predict, group: groups.proposal, keys: ['$mod+Shift+p'] },
  'review.save': {
    title: command.save,
    group: groups.case,
    keys: ['$mod+s'],
    whileTyping: true,
  },
  'review.corrected': { title: command.corrected, group: groups.case, keys: [] },
  'review.approve': { title: command.approve, group: groups.case, keys: ['$mod+Alt+a'] },
  'review.flag': { title: command.flag, group: groups.case, keys: [] },
  'review.finetune': { title: command.finetune, group: groups.case, keys: [] },
  'review.next': { title: command.next, group: groups.case, keys: ['$mod+Alt+n'] },
  'review.previous': { title: command.previous, group: groups.case, keys: ['$mod+Alt+p'] },
} as const satisfies Record<string, CommandSpec>

export type ReviewCommand = keyof typeof REVIEW_COMMANDS

/** The first key of a command, for tooltips; null where it has none. */
export const keysOf = (command: ReviewCommand): string | null =>
  (REVIEW_COMMANDS[command].keys as readonly string[])[0] ?? null
