import { type Directive, directives } from '../parse/directive.ts'
import { parse } from '../parse/parse.ts'
import { loadParser } from '../parse/parser.ts'
import type { Problem, Script, Statement } from '../parse/script.ts'
import { decode } from '../parse/source.ts'
import type { Execution, Step } from '../postgres/step.ts'
import { timeline } from '../postgres/timeline.ts'
import type { InternalError } from './report.ts'
import type { RunnerAdvice } from './rule.ts'

/** One migration as a migration system hands it over, in the order of application. */
export interface MigrationInput {
  /** As the user would type it, with `/`. */
  readonly path: string
  /** The file's bytes; text that is already decoded may be given as a string. */
  readonly content: Uint8Array | string
  readonly execution: Execution
  /** What advice may say of the runner. */
  readonly runner: RunnerAdvice
}

/** A migration, parsed and run on the model. */
export interface MigrationFile {
  readonly path: string
  readonly script: Script
  readonly directives: readonly Directive[]
  readonly runner: RunnerAdvice
  /** What each statement does, those in DO blocks after the block. */
  readonly steps: readonly Step[]
}

/** All migrations, understood: what `lint` judges and the `locks` command prints. */
export interface History {
  readonly files: readonly MigrationFile[]
  readonly steps: readonly Step[]
  /** Defects of this program that cost a part of the result. */
  readonly internalErrors: readonly InternalError[]
}

export interface HistoryOptions {
  /** PostgreSQL major version, 12 to 18. */
  readonly version: number
  /** Read suppression comments of other tools too. */
  readonly compat: boolean
}

/** Decodes and parses the migrations and runs them on the model of PostgreSQL. Throws on no input. */
export async function readHistory(migrations: readonly MigrationInput[], options: HistoryOptions): Promise<History> {
  await loadParser()
  const internalErrors: InternalError[] = []
  const guard = <T>(part: string, path: string, work: () => T, otherwise: T): T => {
    try {
      return work()
    } catch (error) {
      internalErrors.push(internalError(part, path, 1, error))
      return otherwise
    }
  }
  const parsed = migrations.map(({ path, content, execution, runner }) => {
    const script = guard('parser', path, () => read(path, content), unread(path, content))
    const found = guard('directives', path, () => directives(script, { compat: options.compat }), [])
    return { path, script, directives: found, execution, runner }
  })
  const units = parsed.map(({ path, script, execution }) => ({ path, statements: script.statements, execution }))
  const steps = timeline(units, {
    version: options.version,
    onDefect: ({ migration, statement, error }) => {
      const { path = '', script } = parsed[migration] ?? {}
      const line = (script?.source.text.slice(0, statement.span[0]).match(/\r\n|\r|\n/g)?.length ?? 0) + 1
      internalErrors.push(internalError(`model (${statement.kind})`, path, line, error))
    },
  })
  const byMigration = new Map<number, Step[]>()
  for (const step of steps) {
    const own = byMigration.get(step.migration)
    if (own) own.push(step)
    else byMigration.set(step.migration, [step])
  }
  const files = parsed.map(({ path, script, directives, runner }, i) => {
    return { path, script, directives, runner, steps: byMigration.get(i) ?? [] }
  })
  return { files, steps, internalErrors }
}

function read(path: string, content: Uint8Array | string): Script {
  const { source, problems } = decode(path, typeof content === 'string' ? new TextEncoder().encode(content) : content)
  const script = parse(source)
  return { ...script, problems: [...problems, ...script.problems, ...inBodies(script.statements)] }
}

/** What does not parse inside DO blocks: an EXECUTE'd literal, say. */
function inBodies(statements: readonly Statement[]): Problem[] {
  return statements.flatMap(({ body }) => (body ? [...body.problems, ...inBodies(body.statements)] : []))
}

function unread(path: string, content: Uint8Array | string): Script {
  const source = { path, text: typeof content === 'string' ? content : '' }
  return { source, statements: [], comments: [], problems: [], clientCommands: [] }
}

export function internalError(rule: string, path: string, line: number, error: unknown): InternalError {
  const known = error instanceof Error
  return {
    rule,
    path,
    line,
    message: known ? error.message : String(error),
    stack: known ? (error.stack ?? null) : null,
  }
}
