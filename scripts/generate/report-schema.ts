import { serverSources } from '../../src/lint/server.ts'
import { editKinds } from '../../src/migration/change.ts'
import { severities } from '../../src/migration/severity.ts'
import { works } from '../../src/postgres/effect.ts'
import { lockModes } from '../../src/postgres/lock.ts'
import { differenceKinds, locksSeen, waitsKnown } from '../../src/report/trace/trace.ts'

const string = { type: 'string' }
const boolean = { type: 'boolean' }
const count = { type: 'integer', minimum: 0 }
const ordinal = { type: 'integer', minimum: 1 }

/** All properties are required unless named optional. Readers must accept properties that a later release adds. */
function object(properties: Record<string, unknown>, optional: Record<string, unknown> = {}) {
  return { type: 'object', properties: { ...properties, ...optional }, required: Object.keys(properties) }
}

const list = (items: unknown) => ({ type: 'array', items })
const ref = (name: string) => ({ $ref: `#/$defs/${name}` })
const nullable = (schema: { readonly type: string }) => ({ ...schema, type: [schema.type, 'null'] })
const place = { start: ref('position'), end: ref('position') }

const consequence = { severity: ref('severity'), consequence: string }
const recorded = {
  id: { ...string, description: "The system's name for it." },
  at: { ...nullable(string), description: 'When it was applied, as PostgreSQL prints it; in UTC with a time zone.' },
}

const definitions = {
  position: {
    ...object({ line: ordinal, column: ordinal, offset: count }),
    description: 'Line and column from 1, offset from 0, all in UTF-16 code units.',
  },
  severity: { enum: severities },
  effect: {
    ...object({
      relation: { ...string, description: 'As in the catalog: with its schema unless that is "public".' },
      kind: string,
      lock: { enum: [...lockModes, null], description: 'As pg_locks prints it.' },
      work: { enum: works, description: 'All kinds except "none" take longer the larger the relation is.' },
      blocks: object({ reads: boolean, writes: boolean }),
      certain: { ...boolean, description: 'False if it depends on something that the migrations do not show.' },
      because: string,
    }),
    description: 'The effect of a statement on a relation that existed before it.',
  },
  label: object({ path: string, ...place, message: string }),
  edit: object({ ...place, insert: string }),
  fix: object({ title: string, safety: { enum: ['safe', 'unsafe'] }, edits: list(ref('edit')) }),
  finding: object(
    {
      rule: string,
      severity: ref('severity'),
      message: string,
      why: string,
      help: { ...string, description: 'Markdown: prose, and SQL in lines indented by four spaces.' },
      url: string,
      path: string,
      ...place,
      fingerprint: { ...string, description: 'Stays the same if other statements change or move.' },
    },
    {
      sql: {
        ...string,
        description:
          'For a migration in code: the statement that its tool sends, unless the file contains it unchanged.',
      },
      effects: list(ref('effect')),
      moreEffects: { ...count, description: 'The number of further relations that `effects` does not list.' },
      related: list(ref('label')),
      code: {
        enum: ['used', 'deployed', 'not found'],
        description:
          'What code says about the names that the statement takes away: it uses them, only the code of the base does, or none of it. Left out: not known.',
      },
      deployed: {
        ...list(object({ name: string, base: string, path: string, line: count })),
        description:
          'Places in the code of the base, by the names that they use. The linted commit need not have these files or lines.',
      },
      versions: { ...list(string), description: 'The versions on which it holds, if these are not all of `servers`.' },
      size: {
        ...object({
          tables: list(
            object({
              name: string,
              rows: { type: ['number', 'null'], description: 'Estimated; null: not known.' },
              bytes: { type: 'number', description: 'Without indexes.' },
              writesPerSecond: { type: ['number', 'null'] },
            }),
          ),
          seconds: {
            type: 'array',
            items: { type: 'number' },
            minItems: 2,
            maxItems: 2,
            description: 'How long the work takes, at least and at most.',
          },
          small: { ...boolean, description: 'True if all of the tables are small.' },
        }),
        description: 'By the file that `migrate-lint stats` has written.',
      },
      fix: ref('fix'),
    },
  ),
  statement: object(
    {
      path: string,
      ...place,
      sql: string,
      transaction: {
        type: ['integer', 'null'],
        description: 'Statements with the same number run in one transaction.',
      },
      opaque: { ...boolean, description: 'True if the effects are unknown.' },
      effects: list(ref('effect')),
    },
    { error: object({ sqlstate: string, message: string }) },
  ),
  unread: object({
    path: string,
    extent: {
      enum: ['migration', 'part', 'file', 'place'],
      description:
        'What was not read: all of a migration, a part of one, a file beside the migrations, or a file or folder that could not be opened.',
    },
    ...place,
    why: { ...string, description: 'A clause: "it is written in TypeScript".' },
  }),
  lint: object({
    schemaVersion: { const: 1 },
    tool: object({ name: string, version: string }),
    summary: object({
      migrations: count,
      read: {
        ...count,
        description:
          'Migrations that were read. Together with the next two, these are all migrations that are reported on.',
      },
      readInPart: { ...count, description: 'Migrations that were read only in part.' },
      notRead: { ...count, description: 'Migrations that were not read at all, for example because they are code.' },
      earlierNotRead: {
        ...count,
        description: 'Unread migrations before those reported on, whose effects are unknown.',
      },
      unread: {
        ...count,
        description: 'Unread migrations and parts of migrations, and other unread files of a change by a stranger.',
      },
      statements: count,
      errors: count,
      warnings: count,
      notes: count,
      suppressed: count,
    }),
    servers: {
      ...list(
        object({
          versions: { ...list(string), minItems: 1, description: 'Each was judged by itself: "16", "14.2".' },
          by: { enum: serverSources },
          places: list(object({ version: string, path: string, line: nullable(ordinal) })),
        }),
      ),
      description: 'The versions of PostgreSQL that were judged, who named them, and all files that name one.',
    },
    findings: list(ref('finding')),
    unread: list(ref('unread')),
  }),
  outcome: {
    ...object(consequence),
    description: 'What the migration tool does about it.',
  },
  projectStatus: object({
    system: string,
    directory: string,
    table: { ...nullable(string), description: 'The table that was read; null: none.' },
    sought: { ...string, description: 'Without a table: what was searched for.' },
    passedOver: {
      ...list(object({ table: string, reason: string })),
      description:
        'Tables that were not read. If there are any, it is unknown what is applied, and the exit code is 2.',
    },
    comparedBy: { ...nullable(string), description: 'The recorded part of a file; null: nothing that shows an edit.' },
    applied: list(object({ ...recorded, path: string, compared: boolean })),
    edited: list(
      object({
        ...recorded,
        path: string,
        difference: {
          enum: [...editKinds, 'name', 'unknown'],
          description: 'From the applied text if git has it; otherwise as far as the checksum shows.',
        },
        appliedText: { anyOf: [object({ commit: string, date: string }), { type: 'null' }] },
        ...consequence,
      }),
    ),
    pending: {
      ...list(
        object({
          id: string,
          path: string,
          outOfOrder: { anyOf: [ref('outcome'), { type: 'null' }] },
          again: { ...boolean, description: 'It ran before, and runs again because it changed.' },
        }),
      ),
      description: 'In the order in which they will run.',
    },
    missing: list(object({ ...recorded, ...consequence })),
    failed: list(object({ ...recorded, path: nullable(string), detail: nullable(string), ...consequence })),
    notices: list(string),
  }),
  status: object({
    schemaVersion: { const: 1 },
    tool: object({ name: string, version: string }),
    database: object({ name: string, host: nullable(string), port: ordinal, version: string }),
    summary: object({
      applied: count,
      edited: count,
      pending: count,
      outOfOrder: count,
      missing: count,
      failed: count,
      problems: { ...count, description: 'The reasons for exit code 1.' },
      unread: { ...count, description: 'Files and folders that could not be read: their migrations are not known.' },
    }),
    projects: list(ref('projectStatus')),
  }),
  locks: object({ schemaVersion: { const: 1 }, statements: list(ref('statement')) }),
  waits: object({ reads: boolean, writes: boolean }),
  seenRelation: {
    ...object({
      relation: { ...string, description: 'With its schema unless that is "public".' },
      kind: string,
      lock: {
        enum: [...lockModes, null],
        description: 'The strongest lock that the transaction has on it after the statement.',
      },
      taken: { ...boolean, description: 'The statement took that lock, or made it stronger.' },
      work: { enum: works.filter(work => ['none', 'rewrite', 'rebuild'].includes(work)) },
      read: { ...count, description: 'The rows that were read in scans of the whole relation.' },
      waiting: {
        ...ref('waits'),
        description:
          'Who of others has to wait at it after the statement, also by a lock on its index or its partition. Of what is not a table, nobody.',
      },
    }),
    description: 'What a statement did to a relation that others could see before it.',
  },
  difference: object(
    { kind: { enum: differenceKinds } },
    {
      sqlstate: string,
      relation: string,
      predicted: {
        description:
          'The lock that was expected, or null; for work, whether it was; for waiting, who waits by what the locks mean.',
      },
      seen: { anyOf: [{ enum: [...lockModes, null] }, ref('waits')] },
    },
  ),
  catalogChange: {
    ...object({ what: string, before: nullable(string), after: nullable(string) }),
    description:
      'before: how it was defined; null: there was no such thing. after: how it is defined; null: it is gone.',
  },
  trace: object({
    schemaVersion: { const: 1 },
    server: string,
    statements: list(
      object(
        {
          path: string,
          ...place,
          sql: string,
          transaction: {
            type: ['integer', 'null'],
            description: 'Statements with the same number ran in one transaction.',
          },
          differences: { ...list(ref('difference')), description: 'From the prediction.' },
        },
        {
          takesBack: { ...string, description: 'The migration that this down migration takes back.' },
          notSent: { ...string, description: 'Why it did not run, a clause.' },
          milliseconds: { type: 'number', minimum: 0 },
          refused: object({ sqlstate: string, message: string, detail: nullable(string) }),
          locksSeen: {
            enum: locksSeen,
            description:
              'sampled: it ran by itself, and locks that it held for a moment only may be missing. none: they could not be seen.',
          },
          waits: {
            enum: waitsKnown,
            description:
              'tried: another session has tried to read and to write each table. derived: it is what the locks mean.',
          },
          relations: list(ref('seenRelation')),
          changes: { ...list(ref('catalogChange')), description: 'What it changed in the catalog (--catalog).' },
        },
      ),
    ),
    failures: {
      ...list(object({ path: string, isDown: boolean })),
      description: 'Migrations that do not apply, and down migrations that fail.',
    },
    takenBack: {
      ...list(
        object({
          path: string,
          migration: { ...string, description: 'What it takes back.' },
          notCompared: { ...nullable(string), description: 'Why nothing was compared, a clause.' },
          leaves: {
            ...list(ref('catalogChange')),
            description: 'How the database differs from the one before the migration.',
          },
        }),
      ),
      description: 'Down migrations that ran (--down).',
    },
    notTakenBack: {
      ...list(object({ path: string, count, why: string })),
      description: 'The first migration that was not taken back, with the number of those that were not.',
    },
    summary: object({
      migrations: count,
      takenBack: count,
      notUndone: { ...count, description: 'Down migrations that leave the database different.' },
      notCompared: count,
      statements: count,
      ran: count,
      notRun: count,
      earlierNotRun: { ...count, description: 'The same in migrations before those that are printed.' },
      differences: count,
      failed: count,
    }),
  }),
  captureCheck: object({
    schemaVersion: { const: 1 },
    summary: object({
      captured: { ...count, description: 'Migrations that were captured.' },
      compared: { ...count, description: 'Those of them whose file was found.' },
      different: { ...count, description: 'The reasons for exit code 1.' },
      notSent: count,
    }),
    migrations: list(
      object({
        name: nullable(string),
        path: { ...nullable(string), description: 'Null: no file has this name.' },
        unread: { ...count, description: 'Places in the file that are not read.' },
        sentOnly: { ...list(string), description: 'SQL that was sent and is not among what was read.' },
        readOnly: { ...list(string), description: 'SQL that was read and was not sent.' },
      }),
    ),
    notSent: { ...list(string), description: 'Files of which no migration was captured.' },
  }),
}

/** schema/report.json: the shape of `--format json` for linting, `locks`, `status`, `trace` and `capture --check`. */
export function reportFile(): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Output of migrate-lint --format json',
    anyOf: [ref('lint'), ref('locks'), ref('status'), ref('trace'), ref('captureCheck')],
    $defs: definitions,
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}
