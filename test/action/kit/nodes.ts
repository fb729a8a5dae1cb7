import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('../nodes', import.meta.url))

/** Why the versions of Node.js cannot be had on this machine, or null. */
export const missing =
  process.platform === 'linux' && process.arch === 'x64' ? null : 'they are installed for linux-x64 only'

/** The program of a version. */
export function node(major: 20 | 24): string {
  return `${here}/node_modules/node-${major}/bin/node`
}
