import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const lists = fileURLToPath(new URL('../java', import.meta.url))
const cache = fileURLToPath(new URL('../../../.cache/java', import.meta.url))

/** Why there are no programs of Java on this machine, or null. */
export function withoutJava(): string | null {
  const isThere = ['java', 'mvn'].every(program => spawnSync(program, ['-version'], { stdio: 'ignore' }).status === 0)
  return isThere ? null : 'there are no java and mvn on this machine'
}

/** The class path of the packages that a `pom.xml` in `test/systems/java` lists, installed when that has changed. */
export function classPathOf(name: string): string {
  const [folder, list] = [join(cache, name), join(lists, name, 'pom.xml')]
  const [stamp, wanted] = [join(folder, 'installed.xml'), readFileSync(list, 'utf8')]
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const args = ['-q', '-B', '-f', list, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`]
    execFileSync('mvn', args, { stdio: ['ignore', 'inherit', 'inherit'] })
    writeFileSync(stamp, wanted)
  }
  return join(folder, '*')
}
