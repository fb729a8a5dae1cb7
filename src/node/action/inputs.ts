import * as core from '@actions/core'
import { didYouMean } from '../../lint/config/closest.ts'
import { defaultConfig, failOnValues } from '../../lint/config/config.ts'
import { orList } from '../../lint/config/or-list.ts'
import { formatsByEnding } from '../../report/formats.ts'
import { Failure } from '../failure.ts'

/** One input of the action: what action.yml says of it, and how its text is read. */
interface InputDefinition<Value> {
  readonly description: string
  /** As action.yml has it; the runner fills it in, and so does `readInputs` where nobody did. Without it: nothing. */
  readonly default?: string
  /** What the runner works out instead of a default. */
  readonly expression?: string
  /** Throws a Failure that says what is wrong with the text, a clause. */
  read(text: string): Value
}

const endings = orList(
  [...formatsByEnding].map(([ending, format]) => (ending === 'xml' ? `.${ending} (${format})` : `.${ending}`)),
)
const changedOnly = ['auto', 'true', 'false'] as const
const commenting = ['always', 'on-findings', 'never'] as const
const onResolve = ['update', 'delete'] as const

/** All inputs, by name, in the order of action.yml. Those about a path are relative to the working directory, if nothing else is said. */
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
      'Report only on migrations that this event adds or changes: true, false, or auto, which is true where the event says what it changes. All are read either way',
    default: 'auto',
    read: oneOf(changedOnly),
  },
  base: {
    description: 'Branch or commit that the migrations are compared with. Default: what the event says',
    read: optional,
  },
  'fail-on': {
    description: `Least severity that fails the step: ${orList(failOnValues)}. Default: what the configuration says, or ${defaultConfig.failOn}`,
    read: (given: string) => (given === '' ? undefined : oneOf(failOnValues)(given)),
  },
  'pg-version': {
    description: 'Oldest PostgreSQL version that the migrations run on. Default: what the configuration says',
    read: optional,
  },
  notes: {
    description: 'Show notes as well, in annotations, summary and comment, instead of how many there are',
    default: 'false',
    read: yesOrNo,
  },
  annotations: { description: 'Annotate the lines of the change', default: 'true', read: yesOrNo },
  summary: { description: 'Write the job summary', default: 'true', read: yesOrNo },
  comment: {
    description: `Comment on the pull request, in one comment that is kept up to date: ${orList(commenting)}`,
    default: 'on-findings',
    read: oneOf(commenting),
  },
  'pr-number': {
    description: 'The pull request to lint and to comment on, after an event that is about none',
    read: (given: string) => (given === '' ? undefined : positive(given)),
  },
  'comment-key': {
    description: 'Keeps the comments of two steps apart. Default: made of working-directory and config',
    read: optional,
  },
  'comment-on-resolve': {
    description: `What becomes of the comment when nothing is found any more: ${orList(onResolve)}`,
    default: 'update',
    read: oneOf(onResolve),
  },
  review: {
    description: 'Also comment on the lines themselves, with a suggestion to commit where there is one',
    default: 'false',
    read: yesOrNo,
  },
  'sarif-file': {
    description: 'Write SARIF for github/codeql-action/upload-sarif to this file, relative to the workspace',
    read: optional,
  },
  'sarif-category': {
    description: 'Keeps the code scanning alerts of two steps apart',
    read: optional,
  },
  'report-file': {
    description: `Write the whole report to this file, relative to the workspace; the format is that of its name: ${endings}`,
    read: optional,
  },
  'allow-edit-label': {
    description: 'A label of the pull request that allows it to change applied migrations',
    read: optional,
  },
  'allow-head-config': {
    description:
      'Let the configuration and the baseline of a pull request count where strangers may have written them: in pull requests from forks. Otherwise those of the base do',
    default: 'false',
    read: yesOrNo,
  },
  'allow-code': {
    description:
      'Run a configuration that is code (.js, .mjs, .ts) also where strangers may have written it: in pull requests from forks. That includes allow-head-config',
    default: 'false',
    read: yesOrNo,
  },
  'allow-unread': {
    description:
      'Let a pull request from a fork pass although SQL that it brings was not read: files that are set aside, and parts of files. They are named either way',
    default: 'false',
    read: yesOrNo,
  },
  'github-token': {
    description: 'Token for comments, and for fetching what the checkout left out. Empty: neither is done',
    expression: 'github.token',
    read: text,
  },
} satisfies Record<string, InputDefinition<unknown>>

type Definitions = typeof inputDefinitions
export type Inputs = { readonly [Name in keyof Definitions]: ReturnType<Definitions[Name]['read']> }

/** What the workflow gives to the action. Throws a Failure that names the input and what it may be. */
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

function positive(given: string): number {
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given)
  throw new Failure(`"${given}" is no number of a pull request.`)
}

function oneOf<const Word extends string>(words: readonly Word[]): (given: string) => Word {
  return given => {
    const word = words.find(each => each === given.toLowerCase())
    if (word !== undefined) return word
    throw new Failure(`"${given}" is none of ${words.join(', ')}${didYouMean(given, words) || '.'}`)
  }
}
