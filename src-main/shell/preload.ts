import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { DESKTOP_CHANNELS, type DesktopBridge } from '../contract/desktop.ts'

const bridge: DesktopBridge = {
  chooseFolder: (title) => ipcRenderer.invoke(DESKTOP_CHANNELS.chooseFolder, title),
  chooseSavePath: (suggestedName) =>
    ipcRenderer.invoke(DESKTOP_CHANNELS.chooseSavePath, suggestedName),
  revealFile: (path) => ipcRenderer.invoke(DESKTOP_CHANNELS.revealFile, path),
  pathOfDropped: (dropped) => webUtils.getPathForFile(dropped),
}

contextBridge.exposeInMainWorld('gliadeskDesktop', bridge)
