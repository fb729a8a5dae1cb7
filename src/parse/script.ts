import type { Node } from '@pgsql/types'
import type { ConstraintKind } from './constraint-kind.ts'
import type { Span } from './span.ts'

/** The text of one migration file, decoded. Every offset in the program is a UTF-16 offset into `text`. */
export interface Source {
  /** As the user would type it: relative to where the program was started, with `/`. */
  readonly path: string
  /** Without a byte order mark. CRLF, tabs and NUL characters are kept: offsets are never moved. */
  readonly text: string
}

/** A problem of the text itself that a person must know: the rule for its kind makes a finding of it. */
export interface Problem {
  /**
   * `beyond-limits`: it may be right, but was not read. `not-text`: it is a file of another kind. `copy-without-end`:
   * SQL stands where rows of a COPY are expected. `conflict-marks`: git could not merge the file. `newer-grammar`: a server
   * that is newer than the parser knows it.
   */
  readonly kind:
    | 'conflict-marks'
    | 'copy-without-end'
    | 'syntax-error'
    | 'invalid-encoding'
    | 'not-text'
    | 'nul-character'
    | 'unterminated'
    | 'beyond-limits'
    | 'newer-grammar'
  readonly message: string
  readonly span: Span
  /** For a syntax error: the statement that does not parse. */
  readonly statement?: Span
  /** For a syntax error: the version of PostgreSQL after the parser's knows this syntax. */
  readonly isNewer?: true
  /** It is sent under a condition that only the run knows, so it may never reach a server. */
  readonly conditional?: true
}

type KeysOf<T> = T extends unknown ? keyof T : never
type ValueOf<T, K extends PropertyKey> = T extends { [P in K]: infer V } ? V : never

/** Names of all nodes in PostgreSQL's parse tree, for instance `IndexStmt`. */
export type NodeKind = KeysOf<Node>
/** The node of that name. */
export type NodeOf<K extends NodeKind> = ValueOf<Node, K>

/** Names of the nodes that can stand at the top of a statement (see `stmt:` in PostgreSQL's gram.y). */
export type StatementKind = Extract<NodeKind, `${string}Stmt`>

/** Why a piece of SQL could not be read. */
export interface Opaque {
  readonly span: Span
  /** For people: `it is dynamic SQL, whose text is computed at run time`. */
  readonly reason: string
  /** It reads and writes rows; tables and everything else that describes them stay as they are. */
  readonly onlyRows?: true
  /** The parser refuses it, as far as its surroundings are known. */
  readonly isUnparsed?: true
}

/** One SQL statement, in place. */
export interface Statement {
  /** Which node it is, for instance `IndexStmt`. */
  readonly kind: StatementKind
  /**
   * The tree, as libpg-query gives it but with every `location` (and `stmt_location`…) rewritten to a UTF-16 offset into
   * `source.text`, so that `node.location` can be used as it is. The fields of the node itself, without the object that
   * names its kind. A place that PostgreSQL does not know (-1) is an absent field.
   */
  readonly node: Record<string, unknown>
  /** From the first character of the first token to the end of the last token (the `;` is outside). */
  readonly span: Span
  /** The words that name the statement, for instance `CREATE UNIQUE INDEX` or `ALTER TABLE`. A caret points at them. */
  readonly keyword: Span
  /**
   * The text that PostgreSQL would receive: `source.text` over `span`, with template text and psql variables
   * neutralised, and of the same length. It is shorter only in the literal of an EXECUTE, where quotes are doubled or
   * characters escaped.
   */
  readonly text: string
  /** Set on a DO block: the static SQL in its body, in order, and the parts that could not be read. */
  readonly body?: Body
  /**
   * Set on CREATE FUNCTION and CREATE PROCEDURE: the parts of the body that PostgreSQL cannot parse. It checks them
   * unless check_function_bodies is off.
   */
  readonly routineProblems?: readonly Problem[]
  /** True inside a DO block under IF, CASE, a loop or an EXCEPTION handler: it may run or not, once or many times. */
  readonly conditional?: boolean
  /** The kind of the constraint that it drops, where the call of a tool which sends it states that. */
  readonly constraint?: ConstraintKind
  /** True if a handler of the DO block catches every failure of it, so that the migration goes on. */
  readonly caught?: boolean
}

/** The statements of a DO block. */
export interface Body {
  /** Statements found in the body (nested blocks included), with true positions in the file. */
  readonly statements: readonly Statement[]
  readonly opaque: readonly Opaque[]
  readonly problems: readonly Problem[]
}

/** A comment with its place, `--` or slash-star. `text` is the text between the markers, trimmed. */
export interface Comment {
  readonly span: Span
  readonly text: string
}

/**
 * A parsed file. No part of it is lost: everything that is neither a statement nor a comment is a problem or was
 * neutralised.
 */
export interface Script {
  readonly source: Source
  readonly statements: readonly Statement[]
  /** In order, including those in the bodies of DO blocks. */
  readonly comments: readonly Comment[]
  /** In order. Those in the bodies of DO blocks are in `Body.problems`. */
  readonly problems: readonly Problem[]
  /** Text that no PostgreSQL server would receive: psql meta-commands, COPY data, template control such as `{% if … %}`. */
  readonly clientCommands: readonly {
    readonly kind: 'psql' | 'copy-data' | 'template'
    readonly span: Span
    readonly text: string
  }[]
}
