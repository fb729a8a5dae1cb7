import type { Span } from '../parse/span.ts'
import type { AdviceInCode } from './advice.ts'
import type { NamesSetting } from './names.ts'
import type { Run } from './run.ts'
import type { Callable, Entries, Host, Value } from './value.ts'

/** `up` applies a migration, `down` takes it back. */
export type Direction = 'up' | 'down'

/** What readers of all languages may have besides. */
interface Reader {
  /** How advice says in code what it has in SQL. */
  readonly advice?: AdviceInCode
  /** What the project makes of the names that the tool quotes: `asName` of `src/code/text.ts`. */
  readonly names?: NamesSetting
}

/**
 * How a tool's calls become SQL: what the tool hands to a migration, as values that tell a `Run` what they send. Nothing of it runs.
 */
export interface CodeReader extends Reader {
  /** Where the tool looks for `up` and `down`: among the exports of the file, or in a class. */
  readonly entry: 'exports' | 'class'
  /** What it gives to these functions, in order. `exported` has other exports of the file. */
  readonly args: (run: Run, exported: (name: string) => Value | undefined) => readonly Value[]
  /** What a class of the tool's own has that migrations extend: `this.addSql`. */
  readonly self?: (run: Run) => Host
  /** Packages that migrations load, by name, as far as they matter. */
  readonly modules?: (run: Run) => Readonly<Record<string, Value>>
  /** What it does when the function has come to its end: sends what was collected, say. */
  readonly end?: (run: Run) => void
}

/** What a program defines, after its statements at the top were evaluated. */
export interface Defined {
  /** Functions, constants and classes at the top, by name. */
  readonly names: ReadonlyMap<string, Value>
  /** All its classes and modules, those inside of others first. */
  readonly classes: readonly Callable[]
  /** What it returns, as PHP's migrations do. */
  readonly returned: Value | null
  /** An instance of one of its classes. What the class itself does not have comes from `base`. */
  readonly instance: (of: Callable, base?: Host) => Entries | null
}

/**
 * The same for the tools of other languages than JavaScript and TypeScript. What they look for in a file differs so much that each
 * does it by itself.
 */
export interface ProgramReader extends Reader {
  /** What every migration sees without importing it. */
  readonly globals?: (run: Run) => Readonly<Record<string, Value>>
  /** Packages and classes that migrations import, by their full names. */
  readonly modules?: (run: Run) => Readonly<Record<string, Value>>
  /** What any other module is, by its name: values that the tool's reader understands although it does not know them. */
  readonly anyModule?: (run: Run) => (module: string) => Value | undefined
  /** What classes of other files have by the tool: `User.connection`. */
  readonly foreignMember?: (run: Run) => (name: string) => Value | undefined
  /** Functions and classes of other files may reach the database without being given anything: the tool's objects are global. */
  readonly helpersReach?: true
  /**
   * What its calls send depends on what earlier migrations did: a reader that remembers it, for one way through the history. It gets the
   * files in their order, `up` before `down`.
   */
  readonly ofHistory?: () => ProgramReader
  /** Finds what the tool runs for this direction, and runs it with `run.invoke`. Returns why there is nothing to read, a clause, or null. */
  readonly start: (program: Defined, run: Run, direction: Direction) => string | null
}

/** The same for migrations in documents, which the tool reads by itself: XML, YAML, JSON. */
export interface DocumentReader extends Reader {
  /** Tells the run what the document does. Returns why it could not be read at all, a clause, or null. */
  readonly read: (path: string, text: string, run: Run, direction: Direction) => string | null
  /** The places of its comments, without their marks. */
  readonly comments: (path: string, text: string) => readonly Span[]
}

/** A reader of any kind. */
export type MigrationReader = CodeReader | ProgramReader | DocumentReader
