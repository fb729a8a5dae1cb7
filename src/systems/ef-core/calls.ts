import { told } from '../../code/given/not-read.ts'
import { answerOf, functionOf, host, silent } from '../../code/host.ts'
import type { Offered } from '../../code/offered.ts'
import type { Defined, Direction, ProgramReader } from '../../code/reader.ts'
import type { Run } from '../../code/run.ts'
import { plain, textAt, unknownIn } from '../../code/text.ts'
import { type Call, type Callable, type Host, known, unknown, type Value } from '../../code/value.ts'
import { efCoreAdvice } from './advice.ts'
import { Identities } from './identity.ts'
import { dateTime, dotNetValue } from './literal.ts'
import { operationMethods } from './methods.ts'
import { Operations } from './operation.ts'

/** Migrations of EF Core, and the SQL that Npgsql's provider sends for them (NpgsqlMigrationsSqlGenerator). */
export const efCoreCalls: ProgramReader = reader()

function reader(): ProgramReader {
  const identities = new Identities()
  return {
    helpersReach: true,
    advice: efCoreAdvice,
    ofHistory: reader,
    globals: () => globals,
    // The way back changes nothing that later migrations see.
    start: (program, run, direction) =>
      start(program, run, direction, direction === 'up' ? identities : identities.copy()),
  }
}

/** Migration.UpOperations and DownOperations */
function start({ classes, instance }: Defined, run: Run, direction: Direction, identities: Identities): string | null {
  const own = classes.find(isMigration)
  const made = own && instance(own, { kind: 'host', name: 'Migration' })
  if (!made) return 'there is no class of a migration in it'
  const work = made.entries.get(direction === 'up' ? 'Up' : 'Down')
  if (work?.kind !== 'callable') return `its class has no \`${direction === 'up' ? 'Up' : 'Down'}\``
  const operations = new Operations(run, identities)
  run.invoke(work, [builderHost(run, operations)], work.at)
  operations.finish()
  return null
}

function isMigration({ entries }: Callable): boolean {
  return entries.has('Up') || entries.has('Down')
}

/** Extension methods of MigrationBuilder that check the provider. */
const others = /^Is(?:SqlServer|Sqlite|MySql|InMemory|Oracle|Cosmos|Firebird)$/

function builderHost(run: Run, operations: Operations): Host {
  return {
    kind: 'host',
    name: 'migrationBuilder',
    get: (name, at) => {
      if (name === 'ActiveProvider') return textAt('Npgsql.EntityFrameworkCore.PostgreSQL', at)
      if (name === 'IsNpgsql') return functionOf(name, call => known(true, call.at))
      if (others.test(name)) return functionOf(name, call => known(false, call.at))
      const read = operationMethods.get(name)
      if (!read) return undefined
      return functionOf(name, call => {
        operations.flush()
        return told(run, call.at, () => read(run, operations, call)) ?? unread(call)
      })
    },
  }
}

/** The result of an operation that is not read; its annotations need no report of their own. */
function unread({ at }: Call): Host {
  const own: Host = {
    kind: 'host',
    name: 'the operation',
    get: name => (/^(?:Old)?Annotation$/.test(name) ? functionOf(name, () => own) : undefined),
  }
  return at ? own : own
}

/** An enumeration: its values by their names. */
function enumeration(name: string): Host {
  return { kind: 'host', name, get: (member, at) => textAt(member, at) }
}

function numbers(values: readonly Value[]): number[] {
  return values.flatMap(value => (value.kind === 'plain' && typeof value.value === 'number' ? [value.value] : []))
}

/** Values of .NET that migrations use as defaults and in rows. */
const globals: Offered = new Map(
  Object.entries<Value>({
    ReferentialAction: enumeration('ReferentialAction'),
    NpgsqlValueGenerationStrategy: enumeration('NpgsqlValueGenerationStrategy'),
    NullSortOrder: enumeration('NullSortOrder'),
    SortOrder: enumeration('SortOrder'),
    DateTimeKind: enumeration('DateTimeKind'),
    DateTime: {
      ...host('DateTime', {
        MinValue: dateTime([], 'Unspecified'),
        UtcNow: unknownTime(),
        Now: unknownTime(),
        SpecifyKind: functionOf(
          'DateTime.SpecifyKind',
          ({ args: [value], at }) => value ?? unknown('it is a time', at),
        ),
        Parse: answerOf('DateTime.Parse', 'a time is read from text'),
      }),
      call: ({ args }) => {
        const kind = args.find(value => value.kind === 'text')
        return dateTime(numbers(args), kind?.kind === 'text' ? plain(kind) : 'Unspecified')
      },
    },
    DateTimeOffset: {
      ...host('DateTimeOffset', { MinValue: dateTime([], 'offset'), UtcNow: unknownTime(), Now: unknownTime() }),
      call: ({ args: [first] }) => (first?.kind === 'host' ? first : dotNetValue('DateTimeOffset', () => null)),
    },
    DateOnly: {
      ...host('DateOnly', { MinValue: dateTime([], 'Unspecified') }),
      call: ({ args }) => dateTime(numbers(args), 'Unspecified'),
    },
    TimeSpan: {
      ...host('TimeSpan', { Zero: dotNetValue('TimeSpan', () => "INTERVAL '00:00:00'") }),
      call: ({ args }) => timeSpan(numbers(args)),
    },
    Guid: {
      ...host('Guid', {
        Empty: guid('00000000-0000-0000-0000-000000000000'),
        NewGuid: answerOf('Guid.NewGuid', 'each run makes another value'),
        Parse: functionOf('Guid.Parse', guidOf),
      }),
      call: guidOf,
    },
    List: functionOf('List', ({ at }) => ({ kind: 'list', items: [], at })),
    Console: host('Console', { WriteLine: silent('Console.WriteLine') }),
    ArgumentNullException: host('ArgumentNullException', { ThrowIfNull: silent('ThrowIfNull') }),
  }),
)

function unknownTime(): Value {
  return unknown('it is the time at which it runs', [0, 0])
}

function guidOf({ args: [value], at }: Call): Value {
  if (value === undefined) return guid('00000000-0000-0000-0000-000000000000')
  return value.kind === 'text' && unknownIn(value) === null ? guid(plain(value)) : unknown('it is not a text', at)
}

function guid(text: string): Host {
  return dotNetValue('Guid', () => `'${text.toLowerCase().replaceAll("'", "''")}'`)
}

function timeSpan(parts: readonly number[]): Host {
  const [days, hours, minutes, seconds] = parts.length === 3 ? [0, ...parts] : parts
  const two = (value = 0) => String(value).padStart(2, '0')
  const day = days ? `${days} ` : ''
  return dotNetValue('TimeSpan', type =>
    parts.length < 3
      ? null
      : `${type.startsWith('time') ? 'TIME' : 'INTERVAL'} '${day}${two(hours)}:${two(minutes)}:${two(seconds)}'`,
  )
}
