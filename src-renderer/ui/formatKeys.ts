const NAMES: Readonly<Record<string, string>> = {
  $mod: 'Ctrl',
  Control: 'Ctrl',
  Shift: 'Shift',
  Alt: 'Alt',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Home: 'Home',
  End: 'End',
  Delete: 'Del',
  Tab: 'Tab',
  Escape: 'Esc',
  Enter: 'Enter',
  ' ': 'Space',
  Space: 'Space',
}

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone/.test(navigator.userAgent)

/**
 * Key caps to draw for a tinykeys combination.
 *
 * @param combination - e.g. `$mod+Shift+Z`, `ArrowUp`, `KeyG` or a sequence with a space (`g w`)
 * @param mac - draw the Command key for `$mod`; by default the machine decides
 * @returns one entry a key, in pressing order; empty for the empty string
 */
export const formatKeys = (combination: string, mac: boolean = isMac): string[] =>
  combination
    .split(/(?<=.)[+ ](?=.)/)
    .filter((key) => key !== '')
    // A symbol that needs Shift to be typed says so already.
    .filter((key, index, keys) => !(key === 'Shift' && /^[?!:"<>]$/.test(keys[index + 1] ?? '')))
    .map((key) => {
      if (key === '$mod' && mac) return '⌘'
      const named = NAMES[key]
      if (named !== undefined) return named
      const code = /^(?:Key|Digit)(.)$/.exec(key)
      return (code?.[1] ?? key).toUpperCase()
    })
