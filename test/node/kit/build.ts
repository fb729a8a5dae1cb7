import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Builds the program once for all tests that run it. */
export function setup() {
  const script = fileURLToPath(new URL('../../../scripts/build.mjs', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [script, '--no-types'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The program cannot be built:\n${stderr}`)
}
