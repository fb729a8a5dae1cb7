import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('nodes', import.meta.url))

/** Why the versions of Node.js cannot be had on this machine, or null. */
export const missing =
  process.platform === 'linux' && process.arch === 'x64' ? null : 'they are installed for linux-x64 only'

/** The program of a version, 20 or 24, installed from the lock file when it is not there. About 340 MB. */
export function node(major: 20 | 24): string {
  const program = `${here}/node_modules/node-${major}/bin/node`
  if (!existsSync(program)) {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: here, stdio: 'inherit' })
  }
  return program
}
