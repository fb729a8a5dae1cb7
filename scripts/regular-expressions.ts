/**
 * Lists the regular expressions of src and rules, and whether each takes time in proportion to its text: npm run recheck. Texts come from
 * strangers, who could keep the program busy for hours with one that does not. `--write` records the safe ones in
 * scripts/recheck/safe.json, so that a test reports expressions that nobody has checked.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'rolldown/utils'

const root = fileURLToPath(new URL('..', import.meta.url))
const safeFile = `${root}scripts/recheck/safe.json`

export interface Expression {
  readonly source: string
  readonly flags: string
  /** `src/a.ts:1` */
  readonly place: string
}

export interface Expressions {
  readonly literals: readonly Expression[]
  /** Calls of `RegExp`: the place, and the source text of the call. */
  readonly calls: readonly { readonly place: string; readonly text: string }[]
}

/** All regular expressions in the sources. */
export function expressions(): Expressions {
  const literals: Expression[] = []
  const calls: { place: string; text: string }[] = []
  for (const folder of ['src', 'rules']) {
    const names = readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    for (const name of names.filter(each => each.endsWith('.ts')).sort()) {
      const path = `${folder}/${name.replaceAll('\\', '/')}`
      const text = readFileSync(root + path, 'utf8')
      const place = (offset: number) => `${path}:${text.slice(0, offset).split('\n').length}`
      const call = (node: { callee: object; start: number; end: number }) => {
        if (!('name' in node.callee) || node.callee.name !== 'RegExp') return
        calls.push({ place: place(node.start), text: text.slice(node.start, node.end).replace(/\s+/g, ' ') })
      }
      const visitor = new Visitor({
        Literal(node) {
          if (!('regex' in node)) return
          literals.push({ source: node.regex.pattern, flags: node.regex.flags, place: place(node.start) })
        },
        NewExpression: call,
        CallExpression: call,
      })
      visitor.visit(parseSync(path, text).program)
    }
  }
  return { literals, calls }
}

export function written({ source, flags }: Pick<Expression, 'source' | 'flags'>): string {
  return `/${source}/${flags}`
}

export function safeOnes(): ReadonlySet<string> {
  const list: unknown = existsSync(safeFile) ? JSON.parse(readFileSync(safeFile, 'utf8')) : []
  return new Set(Array.isArray(list) ? list.filter(each => typeof each === 'string') : [])
}

interface Verdict {
  readonly status: 'safe' | 'vulnerable' | 'unknown'
  readonly complexity?: { readonly summary: string }
  readonly attack?: { readonly pattern: string }
}

type Check = (source: string, flags: string, options: object) => Verdict

/**
 * recheck, in pure JavaScript: proves an expression safe if that takes only a few seconds, otherwise attacks it at random, unless it is on
 * the list of those that withstood this before.
 */
function checker(): (expression: Expression, isListed: boolean) => Verdict {
  const home = `${root}scripts/recheck`
  if (!existsSync(`${home}/node_modules/recheck`)) {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: home, stdio: 'inherit' })
  }
  const { checkSync } = createRequire(`${home}/package.json`)('recheck/lib/browser.js') as { checkSync: Check }
  return ({ source, flags }, isListed) => {
    const proven = checkSync(source, flags, { checker: 'automaton', timeout: isListed ? 1_000 : 3_000 })
    if (proven.status !== 'unknown') return proven
    return isListed ? { status: 'safe' } : checkSync(source, flags, { checker: 'fuzz', timeout: 120_000 })
  }
}

function main(): void {
  const check = checker()
  const isWriting = process.argv.includes('--write')
  const known = safeOnes()
  const { literals } = expressions()
  const safe = new Set<string>()
  const done = new Set<string>()
  for (const expression of literals) {
    const text = written(expression)
    if (done.has(text)) continue
    done.add(text)
    const isListed = known.has(text)
    const verdict: Verdict = isWriting && isListed ? { status: 'safe' } : check(expression, isListed)
    if (verdict.status === 'safe') safe.add(text)
    else {
      process.exitCode = 1
      const why = verdict.complexity?.summary ?? verdict.status
      console.error(`${expression.place}: ${text}\n  ${why}: ${verdict.attack?.pattern.slice(0, 200) ?? ''}`)
    }
    if (isWriting && done.size % 20 === 0) write(new Set([...known, ...safe]))
  }
  if (isWriting) write(safe)
  console.log(`${done.size} regular expressions, ${done.size - safe.size} that may take too long`)
}

function write(safe: ReadonlySet<string>): void {
  const sorted = [...safe].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  writeFileSync(safeFile, `${JSON.stringify(sorted, null, 2)}\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
