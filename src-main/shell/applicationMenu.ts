import { Menu } from 'electron'

/** A menu of system roles only: everything the program does itself has its place in the page. */
export function applicationMenu(): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(process.platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
      { role: 'fileMenu' },
      // Copy and paste without "Undo": Ctrl+Z belongs to the label, not to the text field roles.
      { label: 'Edit', submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }] },
      {
        label: 'View',
        submenu: [{ role: 'togglefullscreen' }, { role: 'toggleDevTools' }, { role: 'reload' }],
      },
      { role: 'windowMenu' },
    ]),
  )
}
