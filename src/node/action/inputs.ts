import * as core from '@actions/core'
import { didYouMean } from '../../lint/config/closest.ts'
import { defaultConfig, failOnValues } from '../../lint/config/config.ts'
import { orList } from '../../lint/config/or-list.ts'
import { formatsByEnding } from '../../report/formats.ts'
import { Failure } from '../failure.ts'

/** One input of the action: its description in action.yml, and how its text is read. */
interface InputDefinition<Value> {
  readonly description: string
  /**
   * The default in action.yml. The runner fills it in; `readInputs` does so where nobody did. Without a default, the
   * text is empty.
   */
  readonly default?: string
  /** An expression that the runner evaluates instead of a default. */
  readonly expression?: string
  /** Throws a Failure whose message says what is wrong with the text. */
  read(text: string): Value
}

const endings = orList(
  [...formatsByEnding].map(([ending, format]) => (ending === 'xml' ? `.${ending} (${format})` : `.${ending}`)),
)
const changedOnly = ['auto', 'true', 'false'] as const
const commenting = ['always', 'on-findings', 'never'] as const
const onResolve = ['update', 'delete'] as const

/**
 * All inputs by name, in the order of action.yml. Inputs that hold a path are relative to the working directory, unless
 * their description says otherwise.
 */
export const inputDefinitions = {
  paths: {
    description:
      'Files, directories or globs, one per line. Default: the configured paths, or wherever the project keeps its migrations',
    read: lines,
  },
  'working-directory': { description: 'Directory to run in, relative to the workspace', default: '.', read: text },
  config: { description: 'Configuration file. Default: the nearest one', default: '', read: optional },
  'changed-only': {
    description:
      'Report only on migrations that this event adds or changes: true, false, or auto, which means true if the event says what it changes. All migrations are read in any case',
    default: 'auto',
    read: oneOf(changedOnly),
  },
  base: {
    description: 'Branch or commit that the migrations are compared with. Default: the one that the event names',
    read: optional,
  },
  'fail-on': {
    description: `Lowest severity that fails the step: ${orList(failOnValues)}. Default: the setting in the configuration, or ${defaultConfig.failOn}`,
    read: (given: string) => (given === '' ? undefined : oneOf(failOnValues)(given)),
  },
  'pg-version': {
    description:
      'PostgreSQL version that the migrations run on, or several: 14,17. Default: the setting in the configuration, or what files of the repository name',
    read: optional,
  },
  notes: {
    description: 'Show notes in annotations, summary and comment, instead of only counting them',
    default: 'false',
    read: yesOrNo,
  },
  annotations: { description: 'Annotate the changed lines', default: 'true', read: yesOrNo },
  summary: { description: 'Write the job summary', default: 'true', read: yesOrNo },
  comment: {
    description: `Keep one comment on the pull request up to date: ${orList(commenting)}`,
    default: 'on-findings',
    read: oneOf(commenting),
  },
  'pr-number': {
    description: 'The pull request to lint and to comment on, for events that do not belong to a pull request',
    read: (given: string) => (given === '' ? undefined : positive(given)),
  },
  'comment-key': {
    description: 'Keeps the comments of several steps apart. Default: built from working-directory and config',
    read: optional,
  },
  'comment-on-resolve': {
    description: `What to do with the comment when there are no findings any longer: ${orList(onResolve)}`,
    default: 'update',
    read: oneOf(onResolve),
  },
  review: {
    description: 'Also comment on the lines themselves, with a suggested change where there is a safe fix',
    default: 'false',
    read: yesOrNo,
  },
  'sarif-file': {
    description: 'Write SARIF for github/codeql-action/upload-sarif to this file, relative to the workspace',
    read: optional,
  },
  'sarif-category': {
    description: 'Keeps the code scanning alerts of several steps apart',
    read: optional,
  },
  'report-file': {
    description: `Write the whole report to this file, relative to the workspace. Its ending decides the format: ${endings}`,
    read: optional,
  },
  'report-url': {
    description: 'Address at which the workflow publishes the HTML report, for a link in the comment',
    read: (given: string) => (given === '' ? undefined : webAddressIn(given)),
  },
  'allow-edit-label': {
    description: 'A label that allows a pull request to change applied migrations',
    read: optional,
  },
  'allow-head-config': {
    description:
      'Use the configuration and the baseline of the pull request itself even if strangers may have written them: in pull requests from forks. Otherwise those of the base are used',
    default: 'false',
    read: yesOrNo,
  },
  'allow-code': {
    description:
      'Run a configuration that is code (.js, .mjs, .ts) even if strangers may have written it: in pull requests from forks. This includes allow-head-config',
    default: 'false',
    read: yesOrNo,
  },
  plugins: {
    description:
      'Load the plugins of the configuration, which runs their code: true or false. In pull requests from forks they are never loaded. Without this input, a configuration with plugins makes the step fail',
    read: (given: string) => (given === '' ? undefined : yesOrNo(given)),
  },
  'allow-unread': {
    description:
      'Let the step pass although migrations that are code, and nothing else, were found, or SQL that a pull request from a fork adds was not read: files that are set aside, and parts of files. They are counted and named in any case',
    default: 'false',
    read: yesOrNo,
  },
  'trace-database-url': {
    description:
      'A PostgreSQL server for tests, such as one of "services": postgres://user:password@host/name. The migrations run there, in a database of their own, and the summary and the comment show what they locked. A migration that fails there fails the step. After events that a stranger may have caused, nothing runs',
    read: optional,
  },
  'github-token': {
    description:
      'Token for writing comments and for fetching commits that the checkout left out. If it is empty, neither is done',
    expression: 'github.token',
    read: text,
  },
} satisfies Record<string, InputDefinition<unknown>>

type Definitions = typeof inputDefinitions
export type Inputs = { readonly [Name in keyof Definitions]: ReturnType<Definitions[Name]['read']> }

/**
 * Reads the inputs that the workflow gives to the action. Throws a Failure that names the input and the values it
 * takes.
 */
export function readInputs(): Inputs {
  const definitions: [string, InputDefinition<unknown>][] = Object.entries(inputDefinitions)
  const read = definitions.map(([name, definition]) => {
    try {
      return [name, definition.read(core.getInput(name) || (definition.default ?? ''))]
    } catch (error) {
      if (error instanceof Failure) throw new Failure(`Input "${name}": ${error.message}`)
      throw error
    }
  })
  return Object.fromEntries(read)
}

function text(given: string): string {
  return given
}

function optional(given: string): string | undefined {
  return given === '' ? undefined : given
}

function lines(given: string): string[] {
  return given.split(/\r\n|\r|\n/).flatMap(line => line.trim() || [])
}

function yesOrNo(given: string): boolean {
  return oneOf(['true', 'false'])(given) === 'true'
}

function webAddressIn(given: string): string {
  if (/^https?:\/\//.test(given) && URL.canParse(given)) return new URL(given).href
  throw new Failure(`"${given}" is not a web address, such as https://example.org/report.html.`)
}

function positive(given: string): number {
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given)
  throw new Failure(`"${given}" is not a pull request number.`)
}

function oneOf<const Word extends string>(words: readonly Word[]): (given: string) => Word {
  return given => {
    const word = words.find(each => each === given.toLowerCase())
    if (word !== undefined) return word
    throw new Failure(`"${given}" is not one of ${words.join(', ')}${didYouMean(given, words) || '.'}`)
  }
}
