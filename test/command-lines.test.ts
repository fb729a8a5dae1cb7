import { readdirSync, readFileSync, statSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { rules } from '../rules/index.ts'
import { type Commands, run } from '../src/node/program.ts'
import { formatNames, tableFormats, traceFormats } from '../src/report/formats.ts'

// What people copy out of documents and integrations, as the program's own description of its command line reads it.

const root = new URL('../', import.meta.url)
const textOf = (path: string) => readFileSync(new URL(path, root), 'utf8')

/** Files in a folder and below, from the root; a file is itself. */
function filesIn(path: string): string[] {
  if (statSync(new URL(path, root)).isFile()) return [path]
  return readdirSync(new URL(`${path}/`, root)).flatMap(name => filesIn(`${path}/${name}`))
}

const integrations = readdirSync(root).includes('integrations') ? filesIn('integrations') : []
const documents = ['README.md', 'CONTRIBUTING.md', ...filesIn('docs').filter(path => path.endsWith('.md'))]
const others = ['.pre-commit-hooks.yaml', ...integrations.filter(path => /\.(ya?ml|json)$/.test(path))]

/** The code in a document: the text between fences and between backticks. Of sessions, only the typed lines. */
function codeOf(document: string): string[] {
  const blocks: string[] = []
  const prose = document.replace(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm, (_, _indent, language: string, text: string) => {
    const typed = text.split('\n').filter(line => language !== 'console' || line.startsWith('$ '))
    blocks.push(typed.join('\n'))
    return ''
  })
  return [...blocks, ...Array.from(prose.matchAll(/`([^`\n]+)`/g), ([, code = '']) => code)]
}

/** The arguments of every `migrate-lint …` in a text, and of every `docker run` of its image. */
function commandLines(text: string): string[][] {
  return (
    text
      .replace(/\\\n\s*/g, ' ')
      // What a component of GitLab is given.
      .replace(/\$\[\[ inputs\.[\w-]+ \]\]/g, 'placeholder')
      .split('\n')
      .flatMap(line => {
        const starts =
          /(?:^|[\s"'(])(?:migrate-lint(?:@[\w.-]+)?|ghcr\.io\/migrate-lint\/migrate-lint(?::\S+)?)(?=$|[\s"')|;])/g
        const code = line.replace(/(?:^|\s)#.*$/, '')
        return Array.from(code.matchAll(starts), ({ 0: start, index }) => {
          const isImage = start.includes('ghcr.io')
          if (isImage && !/\bdocker run\b/.test(code.slice(0, index))) return []
          const closing = { '"': '"', "'": "'", '(': ')' }[start[0] ?? ''] ?? null
          return [wordsOf(code.slice(index + start.length), closing)]
        }).flat()
      })
  )
}

/** The words of a shell's command, up to its end: an operator, or what closes the string that it stands in. */
function wordsOf(text: string, closing: string | null): string[] {
  const words: string[] = []
  let [word, quote]: [string | null, string | null] = [null, null]
  // `<ref>` is for the reader to replace.
  for (const char of text.replace(/<[\w-]+>/g, 'placeholder')) {
    if (quote === null && (char === closing || /[|&;<>]/.test(char))) break
    if (quote === null && /\s/.test(char)) {
      if (word !== null) words.push(word)
      word = null
    } else if (char === quote) quote = null
    else if (quote === null && /["']/.test(char)) [quote, word] = [char, word ?? '']
    else word = (word ?? '') + char
  }
  return word === null ? words : [...words, word]
}

/** Whether these formats exist. The program looks them up when it writes. */
function formatsIn(names: readonly string[], { format = [] }: { readonly format?: readonly string[] }): number {
  return format.every(each => names.includes(each.replace(/=.*$/, ''))) ? 0 : 2
}

/** Commands that do nothing: they only look at what the program itself leaves to them. */
const commands: Commands = {
  lint: async (paths, flags) => {
    // A command that does not exist is a path to the program.
    const [first = '.'] = paths
    return /^\w[\w-]*$/.test(first) && !['migrations', 'placeholder'].includes(first)
      ? 2
      : formatsIn(formatNames, flags)
  },
  locks: async (_, flags) => formatsIn(tableFormats, flags),
  history: async (_, flags) => formatsIn(formatNames, flags),
  status: async (_, flags) => formatsIn(tableFormats, flags),
  trace: async (_, flags) => formatsIn(traceFormats, flags),
  capture: async (_, flags) => formatsIn(formatNames, flags),
  stats: async () => 0,
  rules: async id =>
    id === undefined || id === 'placeholder' || id.startsWith('acme/') || rules.some(rule => rule.id === id) ? 0 : 2,
  newRule: async () => 0,
  init: async () => 0,
}

/** What is wrong with these arguments, or nothing. */
async function complaintOf(args: readonly string[]): Promise<string> {
  let said = ''
  const code = await run(args, commands, { out: () => {}, err: text => (said += text) })
  return code === 0 ? '' : said || 'no such command or rule'
}

afterEach(() => {
  vi.restoreAllMocks()
})

test.each([...documents, ...others])('%s has only commands and flags that exist', async path => {
  // The script of completion is printed in any case.
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const text = textOf(path)
  const wrong: string[] = []
  for (const code of path.endsWith('.md') ? codeOf(text) : [text]) {
    for (const args of commandLines(code)) {
      const complaint = await complaintOf(args)
      if (complaint !== '') wrong.push(`migrate-lint ${args.join(' ')}: ${complaint}`)
    }
  }
  expect(wrong).toEqual([])
})

test('command lines are found where people copy them from, and what is wrong in them', async () => {
  expect(codeOf(textOf('README.md')).flatMap(commandLines).length).toBeGreaterThan(30)
  expect(commandLines(textOf('.pre-commit-hooks.yaml'))).toContainEqual([
    'history',
    '--staged',
    '--no-error-on-unmatched-pattern',
  ])
  const found = commandLines(
    [
      '  - npx --yes migrate-lint@0 --changed \\',
      "      -f text -f 'junit=a b.xml' || true # migrate-lint nothing",
      '{ "lint-staged": { "*.sql": "migrate-lint --fix" } }',
      'docker run --rm -v "$PWD:/repo" ghcr.io/migrate-lint/migrate-lint:v0 locks db/x.sql | less',
      'source <(migrate-lint complete bash); repo: https://github.com/migrate-lint/migrate-lint',
    ].join('\n'),
  )
  expect(found).toEqual([
    ['--changed', '-f', 'text', '-f', 'junit=a b.xml'],
    ['--fix'],
    ['locks', 'db/x.sql'],
    ['complete', 'bash'],
  ])
  for (const args of [['--no-such-flag'], ['check'], ['-f', 'xunit'], ['rules', 'no-such-rule'], ['locks', '--fix']])
    expect(await complaintOf(args), args.join(' ')).not.toBe('')
})
