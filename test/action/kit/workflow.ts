import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { actionFiles } from '../../../scripts/build-action.mjs'

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>
  readonly outputs: Readonly<Record<string, { readonly description: string }>>
  readonly runs: { readonly using: string; readonly main: string }
}

/** action.yml as the runner reads it. */
export const definition: ActionFile = parse(
  readFileSync(fileURLToPath(new URL('../../../action.yml', import.meta.url)), 'utf8'),
)

let folder = ''

/** The action, built into a folder in which there is nothing else: no node_modules, no package.json. */
export function builtAction(): { readonly main: string } {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'migrate-lint-action-'))
    for (const [path, contents] of await actionFiles()) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), contents)
    }
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return {
    get main() {
      return join(folder, definition.runs.main)
    },
  }
}

export interface Step {
  /** The checkout. */
  readonly workspace: string
  readonly event: string
  readonly payload?: unknown
  /** `with:` in the workflow. */
  readonly inputs?: Readonly<Record<string, string>>
  /** Of the job; null: the runner gives none. */
  readonly token?: string | null
  readonly api?: string
  readonly env?: Readonly<Record<string, string>>
  /** Node.js; default: the one that runs the tests. */
  readonly node?: string
  readonly hasSummary?: boolean
  /** The action's file; default: the built one. */
  readonly main?: string
}

export interface Command {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly message: string
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  /** What the runner takes for commands. */
  readonly commands: readonly Command[]
  /** Its commands that become annotations: `error db/1.sql:3 drop-table`. */
  readonly annotations: readonly string[]
}

/** Runs the action as the runner does, to its end. */
export async function runStep(step: Step): Promise<Ended> {
  const { workspace, event, payload = {}, inputs = {}, api = 'http://127.0.0.1:9', node = process.execPath } = step
  const files = mkdtempSync(join(tmpdir(), 'migrate-lint-runner-'))
  onTestFinished(() => rmSync(files, { recursive: true, force: true }))
  const [output, summary, eventFile] = ['output', 'summary', 'event.json'].map(name => join(files, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(output, '')
  writeFileSync(summary, '')
  writeFileSync(eventFile, JSON.stringify(payload))
  const given = Object.entries(definition.inputs).map(([name, { default: value }]) => {
    const text = inputs[name] ?? value.replace(/^\$\{\{ github\.token \}\}$/, step.token ?? '')
    return [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, text]
  })
  const outside = Object.entries(process.env).filter(
    ([name]) => !/^(GIT_|GITHUB_|CI$|INPUT_|RUNNER_|NODE_|VITEST|npm_|https?_proxy|no_proxy)/i.test(name),
  )
  const env = {
    ...Object.fromEntries([...outside, ...given]),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: api,
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_RUN_ID: '77',
    GITHUB_WORKSPACE: workspace,
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: eventFile,
    GITHUB_OUTPUT: output,
    ...(step.hasSummary === false ? {} : { GITHUB_STEP_SUMMARY: summary }),
    ...step.env,
  }
  const child = spawn(node, [step.main ?? join(folder, definition.runs.main)], {
    cwd: workspace,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve)),
  ])
  const commands = commandsIn(stdout)
  return {
    code,
    stdout,
    stderr,
    outputs: outputsIn(readFileSync(output, 'utf8')),
    summary: readFileSync(summary, 'utf8'),
    commands,
    annotations: commands.flatMap(({ name, properties: { file, line, title }, message }) => {
      if (!['error', 'warning', 'notice'].includes(name)) return []
      return file === undefined ? `${name} ${message}` : `${name} ${file}:${line} ${title}`
    }),
  }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of stream.setEncoding('utf8')) text += chunk
  return text
}

/** actions/runner, FileCommandManager.cs: `name=value`, or `name<<delimiter`, lines, and the delimiter. */
function outputsIn(text: string): Record<string, string> {
  const found = text.matchAll(/^([^=<\n]+)<<(\S+)\n([\s\S]*?)\n?\2$/gm)
  return Object.fromEntries(Array.from(found, ([, name, , value]) => [name, value]))
}

const known = [
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
]

/** actions/runner, ActionCommand.cs and ActionCommandManager.cs: `::name k=v::text` begins a line, `##[name k=v]text` stands anywhere. */
function commandsIn(stdout: string): Command[] {
  const commands: Command[] = []
  let resume: string | null = null
  for (const line of stdout.split('\n')) {
    const trimmed = line.trimStart()
    const [, first, list = '', message = ''] =
      /^::([^\s:]+)(?:\s(.*?))?::(.*)$/.exec(trimmed) ?? /##\[([^\s\]]+)(?:\s([^\]]*))?\](.*)$/.exec(line) ?? []
    if (resume !== null) {
      if (first === resume) resume = null
      continue
    }
    if (first === undefined || !known.includes(first)) continue
    if (first === 'stop-commands') {
      resume = message.trim()
      continue
    }
    const pairs = list.split(',').filter(pair => pair.includes('='))
    const properties = pairs.map(pair => [pair.slice(0, pair.indexOf('=')), decoded(pair.slice(pair.indexOf('=') + 1))])
    commands.push({ name: first, properties: Object.fromEntries(properties), message: decoded(message) })
  }
  return commands
}

function decoded(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%')
}
