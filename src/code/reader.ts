import type { Span } from '../parse/span.ts'
import type { AdviceInCode } from './advice.ts'
import type { NamesSetting } from './names.ts'
import type { Offered } from './offered.ts'
import type { Run } from './run.ts'
import type { Callable, Entries, Host, Value } from './value.ts'

/** `up` applies a migration, `down` reverts it. */
export type Direction = 'up' | 'down'

/** What readers of all languages may have. */
interface Reader {
  /** How advice in SQL is written in the tool's code. */
  readonly advice?: AdviceInCode
  /** How the project changes names that the tool quotes: see `asName` of `src/code/text.ts`. */
  readonly names?: NamesSetting
}

/**
 * How a tool's calls become SQL: the objects that the tool gives to a migration, as values that report to a `Run` what they send. No code
 * of the migration runs.
 */
export interface CodeReader extends Reader {
  /** Where the tool looks for `up` and `down`: among the exports of the file, or in a class. */
  readonly entry: 'exports' | 'class'
  /** The arguments that the tool gives these functions, in order. `exported` looks up other exports of the file. */
  readonly args: (run: Run, exported: (name: string) => Value | undefined) => readonly Value[]
  /** The members of the tool's base class, which migrations extend: `this.addSql`. */
  readonly self?: (run: Run) => Host
  /** Packages that migrations load, by name, as far as they matter. */
  readonly modules?: (run: Run) => Offered
  /** What the tool does after the function has ended, such as sending collected statements. */
  readonly end?: (run: Run) => void
}

/** What a program defines, after its top-level statements were evaluated. */
export interface Defined {
  /** Functions, constants and classes at the top, by name. */
  readonly names: ReadonlyMap<string, Value>
  /** All its classes and modules, nested ones first. */
  readonly classes: readonly Callable[]
  /** The value that the file returns, as PHP's migrations do. */
  readonly returned: Value | null
  /** Makes an instance of one of its classes. Members that the class itself does not have come from `base`. */
  readonly instance: (of: Callable, base?: Host) => Entries | null
}

/**
 * The same for tools in languages other than JavaScript and TypeScript. These tools look for such different things in a file that each
 * reader finds its own.
 */
export interface ProgramReader extends Reader {
  /** What every migration sees without importing it. */
  readonly globals?: (run: Run) => Offered
  /** Packages and classes that migrations import, by their full names. */
  readonly modules?: (run: Run) => Offered
  /** The value of any other module, by its name: something that the tool's reader understands without knowing the module. */
  readonly anyModule?: (run: Run) => (module: string) => Value | undefined
  /** What the tool adds to classes of other files: `User.connection`. `of` is the name of the class as the migration writes it. */
  readonly foreignMember?: (run: Run) => (name: string, of: string) => Value | undefined
  /** Functions and classes of other files may reach the database without getting any object of the tool, because its objects are global. */
  readonly helpersReach?: true
  /**
   * For a tool whose calls depend on what earlier migrations did: a reader that remembers this during one pass through the history. It
   * gets the files in their order, `up` before `down`.
   */
  readonly ofHistory?: () => ProgramReader
  /** Finds what the tool runs for this direction and runs it with `run.invoke`. Returns null, or a clause that says why there is nothing to read. */
  readonly start: (program: Defined, run: Run, direction: Direction) => string | null
}

/** The same for migrations in documents that the tool interprets: XML, YAML, JSON. */
export interface DocumentReader extends Reader {
  /** Fills the run with what the document does. Returns null, or a clause that says why nothing of it could be read. */
  readonly read: (path: string, text: string, run: Run, direction: Direction) => string | null
  /** The places of its comments, without their marks. */
  readonly comments: (path: string, text: string) => readonly Span[]
}

/** A reader of any kind. */
export type MigrationReader = CodeReader | ProgramReader | DocumentReader

/** A reader that is loaded when there is a migration to read by it: it is large, and most projects have only SQL. */
export interface ReaderToLoad {
  /** The same reader each time. */
  readonly load: () => Promise<MigrationReader>
  /** The same, for readings that are synchronous, within `withParsers`; null: it is not loaded yet, and the reading will run again. */
  readonly now: () => MigrationReader | null
}
