import { append } from '../../parse/list.ts'
import { type Block, blocksOf, type Token } from '../reading/block.ts'
import { tokensOf } from '../reading/comment.ts'
import { hasFile, join, parentOf, textOf, upwards } from '../reading/files.ts'
import { properties } from '../reading/properties.ts'
import type { Tree } from '../reading/tree.ts'
import { type Given, given } from './given.ts'

const names = ['build.gradle', 'build.gradle.kts'] as const

/**
 * The settings that Gradle gives Flyway in this directory: `flyway { … }` of its build file, of those that it applies by a plain path, and of the
 * builds around it for all projects; and `flyway.…` of gradle.properties, which count more (AbstractFlywayTask.createFlywayConfig). A block that
 * depends on a condition, and a task of Flyway's that has settings of its own, is an alternative after the first. Groovy and Kotlin are not run:
 * only plain values are read. Empty if no block is there.
 */
export function gradleSettings(tree: Tree, dir: string): Given[] {
  const own = names.map(name => join(dir, name)).find(path => hasFile(tree, path))
  if (own === undefined) return []
  const shared = around(tree, dir).flatMap(path => settingsIn(tree, path, dir, true))
  const found = [...shared, ...settingsIn(tree, own, dir, false)]
  if (found.length === 0) return []
  const file = join(dir, 'gradle.properties')
  const more = hasFile(tree, file) ? [...properties(textOf(tree, file) ?? '')] : []
  const above = more.flatMap(([name, value]): Setting[] => (name.startsWith('flyway.') ? [[name.slice(7), value]] : []))
  const always = found.filter(({ isSure }) => isSure).flatMap(({ settings }) => settings)
  return [
    given([...always, ...above]),
    ...found
      .filter(({ isSure, settings }) => !isSure && settings.length > 0)
      .map(({ settings }) => given([...always, ...settings, ...above])),
  ]
}

type Setting = readonly [name: string, value: string | null]

interface Found {
  /** They are there whatever else is. */
  readonly isSure: boolean
  readonly settings: readonly Setting[]
}

/** The build files of the directories around this one, the outermost first, as far as the build reaches. */
function around(tree: Tree, dir: string): string[] {
  const found: string[] = []
  if (isRoot(tree, dir)) return found
  for (const above of upwards(parentOf(dir)).slice(0, dir === '' ? 0 : 4)) {
    const path = names.map(name => join(above, name)).find(each => hasFile(tree, each))
    if (path !== undefined) found.unshift(path)
    if (isRoot(tree, above)) return found
  }
  return []
}

function isRoot(tree: Tree, dir: string): boolean {
  return ['settings.gradle', 'settings.gradle.kts'].some(name => hasFile(tree, join(dir, name)))
}

/** The most files that a build file applies. No build that a person wrote has more. */
const mostFiles = 10

/** Its blocks about Flyway. `isAbove`: only those for all projects. */
function settingsIn(tree: Tree, path: string, dir: string, isAbove: boolean, depth = 0): Found[] {
  const text = textOf(tree, path) ?? ''
  if (!/flyway/i.test(text) && !text.includes('apply')) return []
  const home = parentOf(path)
  const found: Found[] = []
  let files = 0
  const walk = (blocks: readonly Block[], isSure: boolean, isForAll: boolean) => {
    for (const { head, body } of blocks) {
      const title = head.map(token => token.text).join('')
      if (body === null) {
        const applied = depth < 2 ? appliedIn(head) : null
        if (applied !== null) {
          const other = join(home, applied)
          if (files++ < mostFiles && hasFile(tree, other))
            append(found, settingsIn(tree, other, dir, isAbove && !isForAll, depth + 1))
        }
        const [first, dot, ...rest] = head
        if (first?.text === 'flyway' && dot?.text === '.' && (!isAbove || isForAll)) {
          const setting = settingOf(rest)
          if (setting) found.push({ isSure, settings: [setting] })
        }
      } else if (isExtension(title)) {
        if (!isAbove || isForAll) found.push({ isSure, settings: settingsOf(body) })
      } else if (isTask(title)) {
        if (!isAbove || isForAll) found.push({ isSure: false, settings: settingsOf(body) })
      } else {
        const all = /^(?:project\.)?(?:allprojects|subprojects)$/.test(title)
        walk(body, isSure && (all || /^(?:project\.)?afterEvaluate$/.test(title)), isForAll || all)
      }
    }
  }
  walk(blocksOf(tokensOf(text, path)), true, false)
  return found
}

/** `flyway`, `configure<FlywayExtension>`, `extensions.configure(FlywayExtension)` */
function isExtension(title: string): boolean {
  return (
    /^(?:project\.)?flyway$/.test(title) ||
    /^(?:project\.|extensions\.)?(?:configure|getByType|the)[<(](?:org\.flywaydb\.gradle\.)?FlywayExtension\b/.test(
      title,
    )
  )
}

/** A block of a task that migrates: `task migrateOne(type: FlywayMigrateTask)`, `tasks.named("flywayMigrate")`. */
function isTask(title: string): boolean {
  return /\b(?:FlywayMigrateTask|AbstractFlywayTask)\b/.test(title) || /(?:^|\.|\()flywayMigrate\)?$/.test(title)
}

/** `apply from: 'gradle/flyway.gradle'`, `apply(from = "flyway.gradle.kts")`; null: it applies something else. */
function appliedIn(head: readonly Token[]): string | null {
  const [first, ...rest] = head.filter(({ text, kind }) => kind !== 'mark' || !'()=:'.includes(text))
  const [from, path, ...more] = rest
  if (first?.text !== 'apply' || from?.text !== 'from' || path?.kind !== 'string' || more.length > 0) return null
  return relative(path.text)
}

function settingsOf(body: readonly Block[]): Setting[] {
  return body.flatMap(({ head, body: inside }) => {
    const [first] = head
    // A block inside, such as that of a condition, may set anything.
    if (inside !== null) return settingsOf(inside).map(([name]): Setting => [name, null])
    const setting = settingOf(first?.text === 'this' ? head.slice(2) : head)
    return setting ? [setting] : []
  })
}

/** `mixed = true`, `mixed true`, `mixed.set(true)`, `locations = ['filesystem:db']`; null: it is not a setting. */
function settingOf([name, ...rest]: readonly Token[]): Setting | null {
  if (name?.kind !== 'word' || rest.length === 0) return null
  const [first, second, ...after] = rest
  if (first?.text === '.' && second?.text === 'set') return [name.text, plainValue(withoutBrackets(after))]
  if (first?.text === '.') return null
  if (first?.kind === 'mark' && first.text === '=') return [name.text, plainValue(rest.slice(1))]
  if (first?.kind === 'mark' && first.text === '+') return [name.text, null]
  return [name.text, plainValue(withoutBrackets(rest))]
}

/** A plain value, and the values of a list with commas; null: it is something else. */
function plainValue(tokens: readonly Token[]): string | null {
  const words = tokens.map(({ text }) => text).join(' ')
  const list = /^(?:arrayOf|listOf|mutableListOf|setOf) \(|^\[/.exec(words)?.[0]
  const as = list?.startsWith('[') ? tokens.findIndex(({ kind, text }) => kind === 'word' && text === 'as') : -1
  const own = as < 0 ? tokens : tokens.slice(0, as)
  if (list !== undefined) {
    const values = own
      .slice(list.startsWith('[') ? 1 : 2, -1)
      .filter(({ text, kind }) => kind !== 'mark' || text !== ',')
    const plain = values.map(one)
    return plain.every(each => each !== null) ? plain.join(',') : null
  }
  const [only, ...more] = own
  return only && more.length === 0 ? one(only) : null
}

function one({ kind, text }: Token): string | null {
  if (kind === 'string') return relative(text)
  return kind === 'word' && /^(?:true|false|\d+)$/.test(text) ? text : null
}

/** A string, in which the folder of the project is `.`; null if it has any other placeholder. */
function relative(text: string): string | null {
  const plain = text.replace(/\$(?:\{(?:project\.)?projectDir\}|projectDir\b)/g, '.')
  return plain.includes('$') || plain.includes('\\') ? null : plain
}

function withoutBrackets(tokens: readonly Token[]): readonly Token[] {
  return tokens[0]?.text === '(' && tokens.at(-1)?.text === ')' ? tokens.slice(1, -1) : tokens
}
