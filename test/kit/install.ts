import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

/** Packages from npm that only the tests of a project need: folders of `test`, each with its own lock file. */
const folders: Readonly<Record<string, readonly string[]>> = {
  action: ['action/nodes'], // 340 MB
  hostile: ['action/nodes'],
  servers: ['postgres/servers'], // 400 MB
  systems: ['package/managers', 'systems/tools', 'postgres/servers', 'report/sarif-multitool'], // 850 MB
}

/** Runs before the tests of a project, once: two files that install into one folder would be in each other's way. */
export function setup({ name }: TestProject): void {
  for (const folder of folders[name] ?? []) install(folder)
}

/** Installs what the lock file of a folder of `test` says, without install scripts, unless that is there. */
export function install(name: string): void {
  const folder = fileURLToPath(new URL(`../${name}`, import.meta.url))
  const [wanted, there] = [`${folder}/package-lock.json`, `${folder}/node_modules/.package-lock.json`]
  if (existsSync(there) && statSync(there).mtimeMs > statSync(wanted).mtimeMs) return
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' })
}
